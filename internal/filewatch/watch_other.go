// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux && !darwin && !windows

package filewatch

import "errors"

type watcher struct{ unwatched }

func open() (*watcher, error) { return nil, errors.ErrUnsupported }

func (w *watcher) add(string, kind) error { return errors.ErrUnsupported }
