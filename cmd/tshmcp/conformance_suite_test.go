// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the MCP conformance suite in processes that run one scenario after another.

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// suites are processes of the conformance suite (testdata/conformance/suite.cjs), each
// of which runs a scenario at a time.
type suites struct {
	parts *npmParts
	dir   string      // of their sockets
	free  chan *suite // nil: one that is not started yet
	tests []suiteTest
}

// suiteTest is a part of the test that needs a process for itself.
type suiteTest struct {
	name string
	run  func(t *testing.T)
}

// suiteProcesses is how many there are: scenarios wait, for a retry or a timeout, and
// what a process costs before its first scenario is as much as six of them.
const suiteProcesses = 2

// newSuites returns processes that end with the test.
func newSuites(t *testing.T) *suites {
	t.Helper()
	s := &suites{parts: needNPM(t), dir: t.TempDir(), free: make(chan *suite, suiteProcesses)}
	for range suiteProcesses {
		s.free <- nil
	}
	t.Cleanup(func() {
		for range suiteProcesses {
			if one := <-s.free; one != nil && !one.end() {
				t.Error("the suite's clients left processes behind, or it did not end")
			}
		}
	})
	return s
}

func (s *suites) add(name string, run func(t *testing.T)) {
	s.tests = append(s.tests, suiteTest{name, run})
}

// runAll runs as many tests at a time as there are processes. They take one place
// among the parallel tests, where parallel parts would take all, to wait in.
func (s *suites) runAll(t *testing.T) {
	t.Helper()
	next := make(chan suiteTest)
	var all sync.WaitGroup
	for range suiteProcesses {
		all.Go(func() {
			for test := range next {
				t.Run(test.name, test.run)
			}
		})
	}
	for _, test := range s.tests {
		next <- test
	}
	close(next)
	all.Wait()
}

// run is one run of the suite's program: whether it is content, and what it prints. It
// is killed, and the test fails, when it takes longer than killTime.
func (s *suites) run(t *testing.T, environ map[string]string, args ...string) (passed bool, output string) {
	t.Helper()
	one := <-s.free
	if one == nil {
		var err error
		if one, err = s.start(); err != nil {
			s.free <- nil
			t.Fatal(err)
		}
	}
	environ[envClients] = one.socket
	late := time.AfterFunc(killTime, one.cancel)
	var result struct {
		Code   int
		Output string
	}
	err := one.in.Encode(map[string]any{"args": args, "env": environ})
	if err == nil {
		err = one.out.Decode(&result)
	}
	if !late.Stop() || err != nil {
		one.end()
		s.free <- nil
		t.Fatalf("the suite had to be killed, or has ended: %v", err)
	}
	s.free <- one
	return result.Code == 0, result.Output
}

// start starts a process of the suite, and the one that runs its clients.
func (s *suites) start() (*suite, error) {
	dir, err := os.MkdirTemp(s.dir, "")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	one := &suite{cancel: cancel, socket: filepath.Join(dir, "clients")}
	clients := s.parts.command(ctx, s.parts.program("clients.cjs"), one.socket)
	suite := s.parts.command(ctx,
		"--require", s.parts.program("loopback.cjs"), s.parts.program("suite.cjs"),
		s.parts.module("@modelcontextprotocol/conformance/dist/index.js"))
	for _, cmd := range []*exec.Cmd{clients, suite} {
		in, inErr := cmd.StdinPipe()
		out, outErr := cmd.StdoutPipe()
		cmd.Stderr = os.Stderr
		if err := errors.Join(inErr, outErr, cmd.Start()); err != nil {
			one.end()
			return nil, err
		}
		one.cmds, one.stdins = append(one.cmds, cmd), append(one.stdins, in)
		one.in, one.out = json.NewEncoder(in), json.NewDecoder(out)
		if cmd == clients {
			if _, err := out.Read(make([]byte, 1)); err != nil {
				one.end()
				return nil, err
			}
		}
	}
	return one, nil
}

// suite is one process that runs scenarios, and one that runs the suite's clients.
type suite struct {
	cmds   []*exec.Cmd
	cancel context.CancelFunc // kills them
	stdins []io.Closer
	in     *json.Encoder // of the suite
	out    *json.Decoder
	socket string // of the clients
}

// end ends them, and reports whether they ended well with all that they had started.
func (s *suite) end() bool {
	late := time.AfterFunc(killTime, s.cancel)
	defer late.Stop()
	defer s.cancel()
	well := true
	for i, cmd := range s.cmds {
		s.stdins[i].Close()
		err := cmd.Wait()
		well = !leftBehind(cmd) && err == nil && well
	}
	return well
}
