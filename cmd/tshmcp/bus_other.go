// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package main

// useSessionBus has nothing to do: only Linux's keyring is behind D-Bus.
func useSessionBus(*env) error { return nil }

// strippedBus is empty: only Linux's keyring is behind D-Bus.
func strippedBus(*env) string { return "" }
