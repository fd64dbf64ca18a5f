// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what Linux tells of a process: memory, wake-ups, sockets.

//go:build bench

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A usage is what a process has: memory in bytes, and connections. Private is what it
// has written: pages of program files are the system's, and shared with whoever runs
// the same.
type usage struct{ resident, private, pss, connections float64 }

func usageOf(pid int) (usage, error) {
	fields, err := statusFields(fmt.Sprintf("/proc/%d/smaps_rollup", pid))
	if err != nil {
		return usage{}, err
	}
	n, err := socketsOf(pid)
	const kib = 1024
	return usage{fields["Rss"] * kib, fields["Private_Dirty"] * kib, fields["Pss"] * kib, float64(n)}, err
}

// wakeupsOf is how often the threads of a process have gone to sleep, which is how
// often they were woken.
func wakeupsOf(pid int) (total float64, err error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	if err != nil {
		return 0, err
	}
	for _, path := range threads {
		fields, err := statusFields(path)
		if err != nil {
			return 0, err
		}
		total += fields["voluntary_ctxt_switches"]
	}
	return total, nil
}

// socketsOf is how many network connections a process has open: not the sockets
// between it and its parent.
func socketsOf(pid int) (n int, err error) {
	known := map[string]bool{}
	for _, table := range []string{"tcp", "tcp6"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/net/%s", pid, table))
		if err != nil {
			return 0, err
		}
		for line := range strings.Lines(string(text)) {
			if fields := strings.Fields(line); len(fields) > 9 {
				known["socket:["+fields[9]+"]"] = true
			}
		}
	}
	files, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
	for _, file := range files {
		if target, err := os.Readlink(file); err == nil && known[target] {
			n++
		}
	}
	return n, err
}

// statusFields reads lines like "Name: 12 kB".
func statusFields(path string) (map[string]float64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	fields := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, ok := strings.Cut(line, ":")
		words := strings.Fields(value)
		if !ok || len(words) == 0 {
			continue
		}
		if n, err := strconv.ParseFloat(words[0], 64); err == nil {
			fields[name] = n
		}
	}
	return fields, nil
}
