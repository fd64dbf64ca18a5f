// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import "syscall"

// kernelFiles are the file systems whose files the kernel makes up when they are read:
// they pass for regular ones, and some wait for ever, or have no end.
var kernelFiles = map[int64]bool{
	0x9fa0:     true, // proc
	0x62656572: true, // sysfs
	0x64626720: true, // debugfs
	0x74726163: true, // tracefs
}

func ofKernel(path string) bool {
	var fs syscall.Statfs_t
	return syscall.Statfs(path, &fs) == nil && kernelFiles[int64(fs.Type)]
}
