// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the memory that a process had, which is not known here.

//go:build !linux

package main

import "os"

// maxMemory is not known here.
func maxMemory(*os.ProcessState) int64 { return 0 }
