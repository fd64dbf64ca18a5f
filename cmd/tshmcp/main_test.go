// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/rawtest"
)

// TestMain makes this test binary the real program too: a tshmcp in PATH, for
// the scripts and for every test that starts a process; and the helpers that
// tests start: the client that the conformance suite runs, what opens tabs in a
// running browser, what reads the secrets back, what talks to a bridge, what signs
// in in the browser's place, and the servers of stdio apps.
func TestMain(m *testing.M) {
	// A process built with the race detector would sleep for a second at its end.
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	testscript.Main(roomy{m}, programs)
}

// roomy are tests whose collector runs less often: clusters, servers and clients are in
// one process. The programs that it starts are as they are; they hear the signals that
// whoever started the tests (nohup, a shell's job in the background) has these ignore.
type roomy struct{ *testing.M }

func (r roomy) Run() int {
	debug.SetGCPercent(400)
	for _, sig := range []os.Signal{os.Interrupt, syscall.SIGHUP} {
		if signal.Ignored(sig) {
			signal.Notify(make(chan os.Signal, 1), sig)
		}
	}
	return r.M.Run()
}

// programs are what the tests start beside the real program; a system adds its own.
var programs = map[string]func(){
	"tshmcp":                    func() { os.Exit(mainHeard()) },
	wrongClock:                  func() { os.Exit(runAtAnotherTime()) },
	weighed:                     func() { os.Exit(runWeighed()) },
	"tshmcp-conformance-client": func() { exitWith(conformanceClient()) },
	"tshmcp-tab":                func() { exitWith(openTab(os.Args[1:])) },
	"tshmcp-secrets":            func() { exitWith(printSecrets()) },
	"talk":                      func() { exitWith(talk(os.Args[1:])) },
	"browse":                    func() { exitWith(browse(os.Args[1:])) },
	kindsServer:                 func() { exitWith(newGoServer().Run(context.Background(), &mcp.StdioTransport{})) },
	rawRelay:                    func() { exitWith(runRawRelay()) },
	toolServer:                  func() { exitWith(runToolServer()) },
	rawtest.Arg:                 func() { os.Exit(rawtest.Serve(os.Stdin, os.Stdout, os.Args[1:])) },
}

// wrongClock is the program on a machine whose clock is off by $CLOCK_OFF.
const (
	wrongClock    = "tshmcp-wrong-clock"
	clockVariable = "CLOCK_OFF"
)

func runAtAnotherTime() int {
	off, err := time.ParseDuration(os.Getenv(clockVariable))
	if err != nil {
		return 99
	}
	e := systemEnv()
	e.now = func() time.Time { return time.Now().Add(off) }
	return run(e, os.Args[1:])
}

func exitWith(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
