// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import "syscall"

func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
