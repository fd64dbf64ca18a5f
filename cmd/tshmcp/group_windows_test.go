// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: process groups, which do not exist here.

package main

import (
	"errors"
	"os"
	"os/exec"
)

// inGroup does nothing here: exec's own kill ends the program, and its
// WaitDelay the wait for what that started.
func inGroup(*exec.Cmd) {}

func leftBehind(*exec.Cmd) bool { return false }

func interruptGroup(*os.Process) error { return errors.ErrUnsupported }
