// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package settings

// MissingBus is empty: only Linux's keyring is behind D-Bus.
func (e *Env) MissingBus() (variable, address string) { return "", "" }

// OwnBus is empty: only Linux's keyring is behind D-Bus.
func (e *Env) OwnBus() string { return "" }
