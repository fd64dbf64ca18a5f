// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what becomes of the figures with many apps, logins, and calls at a time.

//go:build bench

package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The steps of each growth.
var (
	appSteps    = []int{30, 300, 3000}
	loginSteps  = []int{1, 10, 100}
	flightSteps = []int{1, 2, 4, 8, 16, 32, 64}
)

// apps measures the commands that look at every app of a cluster.
func (m *measures) apps(t *testing.T) {
	for _, n := range appSteps {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			s := newStage(t, n)
			step := fmt.Sprintf("apps=%d", n)
			for range m.turns {
				m.add("Ls", step, nanoseconds, times(t, 3, func() (time.Duration, error) { return runs(s.command("ls")) }))
				m.add("Config", step, nanoseconds, times(t, 1, func() (time.Duration, error) { return s.config(t.TempDir()) }))
			}
		})
	}
}

// config sets up a client for every app, in a home folder without any.
func (s *stage) config(home string) (time.Duration, error) {
	cmd := s.command("config", "--all", "--client-config=claude-code", "--no-check")
	cmd.Env = append(cmd.Env, "HOME="+home)
	took, err := runs(cmd)
	if err == nil {
		_, err = os.Stat(filepath.Join(home, ".claude.json"))
	}
	return took, err
}

// logins measures the start of connect beside many other logins.
func (m *measures) logins(t *testing.T) {
	s := newStage(t, 1)
	profile, err := s.store().Profile("")
	check(t, err)
	pair, err := s.store().Login(t.Context(), profile)
	check(t, err)
	have := 1
	for _, n := range loginSteps {
		for ; have < n; have++ {
			other := *profile
			other.Proxy = fmt.Sprintf("proxy-%d.example.com:443", have)
			check(t, s.store().SaveLogin(t.Context(), other, *pair))
		}
		for range m.turns {
			m.add("Logins", fmt.Sprintf("logins=%d", n), nanoseconds, times(t, 7, func() (time.Duration, error) { return opens(s.command("connect", app, "--proxy="+s.addr)) }))
		}
	}
}

// inFlight measures how many calls pass, with more and more at a time.
func (m *measures) inFlight(t *testing.T, all []named) {
	for _, n := range flightSteps {
		m.throughput(t, fmt.Sprintf("Flight%d", n), all, n)
	}
}
