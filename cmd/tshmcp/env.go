// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/browser"
	"github.com/tshmcp/tshmcp/internal/journal"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// env is every side effect of the program, named once. Tests replace parts.
type env struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	settings.Env
	account    func() string // name of the user of this machine
	now        func() time.Time
	open       func(url string) error
	executable func() (string, error)
	calledAs   func() (string, error) // absolute, symlinks kept
	window     plain.Window           // that stdout is shown in
	flush      func()                 // writes what stderr has to say still, for a moment
	signals    *stdio.Signals
}

func systemEnv() *env {
	return &env{
		stdin:      os.Stdin,
		stdout:     stdio.NewOutput(os.Stdout),
		stderr:     os.Stderr,
		Env:        settings.Env{GOOS: runtime.GOOS, Home: homeDir(), Getenv: os.Getenv},
		account:    accountName,
		now:        time.Now,
		open:       browsers(runtime.GOOS, os.Getenv).Open,
		executable: os.Executable,
		calledAs:   calledAs,
		window:     terminal.WindowOf(os.Stdout, terminal.Screen{GOOS: runtime.GOOS, Getenv: os.Getenv}),
		flush:      func() {},
		signals:    stdio.NewSignals(),
	}
}

// voice speaks to the person who runs the program.
func (e *env) voice() plain.Voice { return plain.Voice{W: e.stderr} }

// browsers are those of this machine, and of the one around it.
func browsers(goos string, getenv func(string) string) browser.System {
	return browser.System{GOOS: goos, Getenv: getenv, LookPath: exec.LookPath, Kernel: browser.Kernel, Run: browser.Run, Default: func(url string) error { return launcher(goos)(url) }}
}

// launcher is the system's. On macOS and Windows it hands the link to a program
// that is not its child.
func launcher(goos string) func(url string) error {
	self, err := calledAs()
	if err != nil || goos == "darwin" || goos == "windows" {
		return browser.Default
	}
	return browser.Apart([]string{self, openPage})
}

// calledAs is the path by which this process was started, symlinks kept.
func calledAs() (string, error) {
	path, err := exec.LookPath(os.Args[0])
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// homeDir asks the user database when HOME is missing: some MCP clients start
// their servers with PATH alone.
func homeDir() string {
	if home, err := os.UserHomeDir(); err == nil && home != "" {
		return home
	}
	if u, err := user.Current(); err == nil {
		return u.HomeDir
	}
	return ""
}

// accountName is the user's name on this machine, without a Windows domain.
func accountName() string {
	u, err := user.Current()
	if err != nil {
		return ""
	}
	return u.Username[strings.LastIndexByte(u.Username, '\\')+1:]
}

// logger writes short lines to stderr: warnings, or everything with debug, also what
// the standard library says, of which a server can make as much as it likes. others
// get everything but that.
func (e *env) logger(debug bool, others ...slog.Handler) *slog.Logger {
	log, flush := stdio.NewLog(e.stderr, debug)
	slog.SetDefault(log)
	write := e.flush
	e.flush = func() { flush(); write() }
	return slog.New(slog.NewMultiHandler(append(others, log.Handler())...))
}

// lastWords is how long the end of the process waits for stderr to be read.
const lastWords = 200 * time.Millisecond

// shareStreams is for a process that must outlast whoever reads its streams.
func (e *env) shareStreams() {
	queue := stdio.NewQueue(stdio.NewOutput(plain.Raw(e.stderr)), 0)
	e.stdin, e.stderr = stdio.NewInput(e.stdin), terminal.Speaker(e.stderr).Through(queue)
	e.flush = func() { queue.Close(lastWords) }
	e.signals.OutlastReaders()
}

// journal is the log on disk of what a bridge to an app does.
func (e *env) journal(app string) *journal.Handler {
	queue, write := stdio.NewQueue(journal.NewFile(e.StateDir()), journal.Gather), e.flush
	e.flush = func() { queue.Close(lastWords); write() }
	return journal.NewHandler(queue, app)
}
