// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command empty is the least that a Go program can be.
package main

func main() {}
