// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package creds

import "io/fs"

// checkMode refuses a file or directory that gives others more than want does.
func checkMode(path string, info fs.FileInfo, want fs.FileMode) error {
	if info.Mode().Perm()&^want != 0 {
		return &ModeError{Path: path, Mode: info.Mode().Perm(), Want: want}
	}
	return nil
}
