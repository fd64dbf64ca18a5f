// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"log"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

// TestOthersLog: what the standard library logs, such as each unknown frame that a
// server sends, is not printed; with --debug a line of it is, and counted.
func TestOthersLog(t *testing.T) {
	was, to, flags := slog.Default(), log.Writer(), log.Flags()
	defer func() { slog.SetDefault(was); log.SetOutput(to); log.SetFlags(flags) }()
	log.SetOutput(os.Stderr)
	run(&env{Env: settings.Env{GOOS: runtime.GOOS, Getenv: os.Getenv}, stdout: new(bytes.Buffer), stderr: new(bytes.Buffer), flush: func() {}, signals: stdio.NewSignals()}, []string{"version"})
	if log.Writer() == os.Stderr {
		t.Error("it is printed as it comes")
	}
	for debug, want := range map[bool]int{false: 0, true: 2} {
		var out bytes.Buffer
		e := &env{stderr: &out, flush: func() {}}
		e.logger(debug)
		for range 10_000 {
			log.Print("an unknown frame")
		}
		e.flush()
		if got := strings.Count(out.String(), "\n"); got != want {
			t.Errorf("with debug %v: %d lines: %s", debug, got, out.Bytes()[:min(out.Len(), 500)])
		}
	}
}
