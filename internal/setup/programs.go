// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// runningTime bounds the look at what runs: it is for a warning only.
const runningTime = 3 * time.Second

// runs reports whether a program of one of the names runs now. If that cannot
// be found out, none does.
func runs(ctx context.Context, goos string, names []string) bool {
	ctx, cancel := context.WithTimeout(ctx, runningTime)
	defer cancel()
	return slices.ContainsFunc(runningPrograms(ctx, goos), func(program string) bool {
		return slices.ContainsFunc(names, func(name string) bool {
			// Elsewhere case tells apart: claude is not the app Claude.
			return program == name || goos == "windows" && strings.EqualFold(program, name)
		})
	})
}

// runningPrograms are the base names of the programs that run now.
func runningPrograms(ctx context.Context, goos string) []string {
	switch goos {
	case "linux":
		return runningInProc("/proc")
	case "windows":
		return runningOnWindows()
	}
	return runningByPS(ctx)
}

func runningInProc(proc string) []string {
	files, err := filepath.Glob(filepath.Join(proc, "[0-9]*", "comm"))
	if err != nil {
		return nil
	}
	var all []string
	for _, file := range files {
		if name, err := os.ReadFile(file); err == nil { // it may have ended
			all = append(all, strings.TrimSpace(string(name)))
		}
	}
	return all
}

// runningByPS reads a name from each line that ps prints.
func runningByPS(ctx context.Context) []string {
	cmd := exec.CommandContext(ctx, "ps", "-A", "-o", "comm=")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	var all []string
	for line := range strings.Lines(string(out)) {
		all = append(all, filepath.Base(strings.TrimSpace(line)))
	}
	return all
}
