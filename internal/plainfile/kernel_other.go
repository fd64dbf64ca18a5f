// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package plainfile

func ofKernel(string) bool { return false }
