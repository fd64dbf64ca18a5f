// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the whole run: what is measured, in which order, and where it is written.

//go:build bench

package bench

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"testing"
)

var quick = flag.Bool("quick", false, "only the programs side by side, with few turns; docs/performance.md stays as it is")

// What the process of a stage is started with.
var (
	serveDir  = flag.String("serve", "", "be the process of a stage, with its home in this `folder`")
	serveApps = flag.Int("apps", 1, "of how many apps that has")
)

func TestMain(m *testing.M) {
	flag.Parse()
	if *serveDir == "" {
		os.Exit(m.Run())
	}
	if err := serve(*serveDir, *serveApps); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// TestPerformance measures, prints tables and lines for benchstat, and writes both.
func TestPerformance(t *testing.T) {
	lines, err := os.Create("../../bin/bench.txt")
	check(t, err)
	defer lines.Close()
	began := machineNow()
	m := &measures{records: &records{lines: io.MultiWriter(lines, os.Stdout)}, turns: 5}
	if *quick {
		m.turns = 3
	}
	s := newStage(t, 1)
	peers := s.peers(t)
	t.Run("side by side", func(t *testing.T) { m.sideBySide(t, s, peers) })
	if *quick {
		t.Logf("\n%s", m.sideTable())
		return
	}
	t.Run("growth", func(t *testing.T) { m.growth(t, s, peers) })
	if t.Failed() {
		return
	}
	text := m.report(began)
	t.Logf("\n%s", text)
	check(t, writeReport("../../docs/performance.md", text))
}

// sideBySide is the table of all programs.
func (m *measures) sideBySide(t *testing.T, s *stage, peers []peer) {
	m.version(t, s)
	m.starts(t, peers)
	all := connectAll(t, s, peers)
	m.calls(t, all)
	m.throughput(t, "Flight32", all, 32)
	if tells(t) {
		m.memory(t, peers)
	}
}

// growth is the rest, of this program.
func (m *measures) growth(t *testing.T, s *stage, peers []peer) {
	var r *resting
	if tells(t) {
		r = startResting(t, s)
	}
	m.inFlight(t, connectAll(t, s, peers[:2]))
	m.apps(t)
	m.logins(t)
	if r != nil {
		m.rest(t, r)
	}
}

// tells is whether the system tells what processes cost.
func tells(t *testing.T) bool {
	_, err := usageOf(os.Getpid())
	if errors.Is(err, errors.ErrUnsupported) {
		t.Log("memory, wake-ups and connections are only measured on Linux")
		return false
	}
	check(t, err)
	return true
}
