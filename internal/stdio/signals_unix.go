// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package stdio

import (
	"os"
	"syscall"
)

// fileLimit is the signal of a file that would become longer than it may.
var fileLimit = []os.Signal{syscall.SIGXFSZ}
