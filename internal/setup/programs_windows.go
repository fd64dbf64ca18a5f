// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// runningOnWindows asks the system itself: tasklist would be a process more, and not
// everywhere one that prints something.
func runningOnWindows() []string {
	all, err := windows.CreateToolhelp32Snapshot(windows.TH32CS_SNAPPROCESS, 0)
	if err != nil {
		return nil
	}
	defer func() { _ = windows.CloseHandle(all) }()
	var names []string
	p := windows.ProcessEntry32{Size: uint32(unsafe.Sizeof(windows.ProcessEntry32{}))}
	for err = windows.Process32First(all, &p); err == nil; err = windows.Process32Next(all, &p) {
		names = append(names, windows.UTF16ToString(p.ExeFile[:]))
	}
	return names
}
