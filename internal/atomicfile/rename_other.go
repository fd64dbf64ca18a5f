// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package atomicfile

import "os"

func rename(from, to string) error { return os.Rename(from, to) }
