// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin

package atomicfile

import "errors"

func renameNew(string, string) error { return errors.ErrUnsupported }
func exchange(string, string) error  { return errors.ErrUnsupported }
