// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the memory that a process had.

package main

import (
	"os"
	"syscall"
)

// maxMemory is how much memory a process that has ended had at most, in bytes.
func maxMemory(p *os.ProcessState) int64 {
	return p.SysUsage().(*syscall.Rusage).Maxrss << 10
}
