// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build !windows

package browser

import "syscall"

func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
