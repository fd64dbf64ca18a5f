// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a user of this bridge, or of another one, waits for and pays, side by side.

//go:build bench

package bench

import (
	"errors"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"
)

const mebibyte = 1 << 20

// measures are what the sections of the report share.
type measures struct {
	*records
	turns int
}

// check ends the run: a figure of something that does not work is none.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// times is the median of how long something takes, n times in a row.
func times(t *testing.T, n int, run func() (time.Duration, error)) float64 {
	t.Helper()
	var all []float64
	for range n {
		took, err := run()
		check(t, err)
		all = append(all, float64(took))
	}
	return median(all)
}

// runs is how long a process takes.
func runs(cmd *exec.Cmd) (time.Duration, error) {
	began := time.Now()
	err := cmd.Run()
	return time.Since(began), err
}

// opens is how long a session takes to begin; then it ends.
func opens(cmd *exec.Cmd) (time.Duration, error) {
	session, took, err := start(cmd)
	if err == nil {
		err = session.close()
	}
	return took, err
}

// version is the start of the program alone, beside a program that does nothing and
// one that does nothing with the same libraries.
func (m *measures) version(t *testing.T, s *stage) {
	programs := []struct{ name, path string }{
		{empty, build(t, "testdata/empty/main.go")}, {libraries, build(t, "testdata/libraries/main.go")}, {tshmcp, s.exe},
	}
	for range m.turns {
		for _, p := range programs {
			m.add("Version", p.name, nanoseconds, times(t, 15, func() (time.Duration, error) { return runs(s.run(p.path, "version")) }))
		}
	}
	for _, p := range programs {
		info, err := os.Stat(p.path)
		check(t, err)
		m.add("Binary", p.name, size, float64(info.Size()))
	}
}

// starts is what a client waits for when it starts a server: the process, and the
// answer to initialize.
func (m *measures) starts(t *testing.T, peers []peer) {
	for range m.turns {
		for _, p := range peers {
			m.add("Start", p.name, nanoseconds, times(t, fewer(p.slow, 7), func() (time.Duration, error) { return opens(p.command()) }))
		}
	}
}

// fewer is n, or one of what takes long.
func fewer(slow bool, n int) int {
	if slow {
		return 1
	}
	return n
}

// A named caller is a program that is up.
type named struct {
	name string
	caller
}

// connectAll starts every peer, and the plain client.
func connectAll(t *testing.T, s *stage, peers []peer) []named {
	limit, err := newDirect(s.url(), s.tls)
	check(t, err)
	t.Cleanup(limit.close)
	all := []named{{plain, limit}}
	for _, p := range peers {
		session, _, err := start(p.command())
		check(t, err)
		t.Cleanup(func() { check(t, session.close()) })
		all = append(all, named{p.name, session})
	}
	for _, c := range all { // connections, buffers and compilers get warm
		check(t, many(c, 100, 8))
		check(t, c.call(mebibyte))
	}
	return all
}

// calls measures results one at a time.
func (m *measures) calls(t *testing.T, all []named) {
	for _, kind := range []struct {
		row      string
		size, in int // of a result, and how many in each turn
	}{{"Call", 100, 300}, {"Result1MB", 1e6, 15}, {"Result9MB", 9e6, 1}} {
		for range m.turns {
			for _, c := range all {
				m.add(kind.row, c.name, nanoseconds, times(t, kind.in, func() (time.Duration, error) { return timed(c, kind.size) }))
			}
		}
	}
}

func timed(c caller, size int) (time.Duration, error) {
	began := time.Now()
	err := c.call(size)
	return time.Since(began), err
}

// throughput measures small calls with so many in flight.
func (m *measures) throughput(t *testing.T, row string, all []named, inFlight int) {
	for range m.turns {
		for _, c := range all {
			began := time.Now()
			check(t, many(c, 1000, inFlight))
			m.add(row, c.name, rate, 1000/time.Since(began).Seconds())
		}
	}
}

// many makes n calls, so many at a time.
func many(c caller, n, inFlight int) error {
	turns := make(chan struct{}, n)
	for range n {
		turns <- struct{}{}
	}
	close(turns)
	errs := make([]error, inFlight)
	var wg sync.WaitGroup
	for i := range inFlight {
		wg.Go(func() {
			for range turns {
				if errs[i] == nil {
					errs[i] = c.call(100)
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// memory is what a process has after its first calls, when it rests.
func (m *measures) memory(t *testing.T, peers []peer) {
	for range m.turns {
		for _, p := range peers {
			session, _, err := start(p.command())
			check(t, err)
			check(t, many(session, 100, 1))
			<-time.After(settle)
			state := look(t, session)
			check(t, session.close())
			m.add("Memory", p.name, resident, state.resident)
			m.add("Memory", p.name, private, state.private)
		}
	}
}

// settle is how long a process is left alone before it is looked at.
const settle = 500 * time.Millisecond
