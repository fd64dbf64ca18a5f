// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: process groups, which die with the test that started them.

//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

// inGroup makes cmd the leader of a process group that dies with it when its
// context ends: a program of somebody else may not wait for what it started.
func inGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// leftBehind kills what is left of the group of a command that has ended, and
// reports whether there was anything.
func leftBehind(cmd *exec.Cmd) bool {
	return cmd.Process != nil && !errors.Is(syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL), syscall.ESRCH)
}

// interruptGroup is Ctrl-C in a terminal, for the leader of a process group.
func interruptGroup(leader *os.Process) error { return syscall.Kill(-leader.Pid, syscall.SIGINT) }
