// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package setup

// runningOnWindows has an answer there.
func runningOnWindows() []string { return nil }
