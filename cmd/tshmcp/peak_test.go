// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the most memory that a process had.

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

const (
	weighed      = "tshmcp-weighed" // the program, which says at its end how much memory it had
	peakVariable = "PEAK_FILE"      // where it says so, in bytes
)

func runWeighed() int {
	code := Main()
	peak, err := peakMemory()
	if err == nil {
		err = os.WriteFile(os.Getenv(peakVariable), strconv.AppendInt(nil, peak, 10), 0o600)
	}
	exitWith(err)
	return code
}

// peakMemory is the most memory, in bytes, that this process has had resident since it
// became this program. What the system tells of a process that has ended (ru_maxrss) has
// in it what the test had that started it. Linux alone knows it.
func peakMemory() (int64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	_, rest, _ := bytes.Cut(status, []byte("\nVmHWM:"))
	var kilobytes int64
	if _, err := fmt.Sscanf(string(rest), "%d kB", &kilobytes); err != nil {
		return 0, fmt.Errorf("no VmHWM in %q: %w", status, err)
	}
	return kilobytes << 10, nil
}
