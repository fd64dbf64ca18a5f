// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin && !windows

package teleport

import (
	"syscall"
	"time"
)

// errnoTimedOut is how the system tells that it has given a connection up.
const errnoTimedOut = syscall.ETIMEDOUT

// giveUpAfter leaves it at what the system does by itself.
func giveUpAfter(uintptr, time.Duration) error { return nil }
