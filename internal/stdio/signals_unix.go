// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package stdio

import (
	"os"
	"os/signal"
	"syscall"
)

// OutlastLimit keeps this process alive when a file would become longer than the
// user's limit (ulimit -f): it gets an error then, as for a full disk.
func OutlastLimit() { signal.Notify(make(chan os.Signal, 1), syscall.SIGXFSZ) }
