// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: only Linux tells without further programs what a process costs.

//go:build bench && !linux

package bench

import "errors"

type usage struct{ resident, private, pss, connections float64 }

func usageOf(int) (usage, error)     { return usage{}, errors.ErrUnsupported }
func wakeupsOf(int) (float64, error) { return 0, errors.ErrUnsupported }
