// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the disk without room, which does not exist here.

//go:build !linux

package clientcfg

// fillDisk does nothing: the test that needs it makes a small disk of its own.
func fillDisk(string) int { return 0 }

// writeMounted does nothing either.
func writeMounted(string) int { return 0 }
