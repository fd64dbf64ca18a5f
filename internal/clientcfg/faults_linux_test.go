// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: each system call of a write fails, or kills the process.

package clientcfg

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// systemCall is one that a write makes for a file in its folder.
type systemCall struct {
	name string
	nth  int    // of that name, from 1
	text string // as strace shows it
}

// notSteps are the calls by which Go's runtime prepares a file.
var notSteps = regexp.MustCompile(`^(fcntl|epoll_ctl)$`)

// TestEverySystemCall has a real process write, once for each system call that
// it makes for a file in the folder: open, lock, read, write, sync, rename and
// all the rest. That call fails with an input/output error, in another run the
// process is killed there. Each time the file has the old content or the new,
// and the next write works, has all that was written, and leaves no trace of
// the fault.
func TestEverySystemCall(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes a hundred processes")
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("there is no strace")
	}
	if out, err := exec.Command(strace, "-qq", "-o", os.DevNull, os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("strace may not trace here: %v %s", err, out)
	}
	for name, old := range map[string]string{"old file": oldFile, "no file": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			everySystemCall(t, strace, old)
		})
	}
}

func everySystemCall(t *testing.T, strace, old string) {
	plain := traced{t: t, strace: strace, old: old}
	plain.run("")
	calls := plain.calls()
	if len(calls) < 25 {
		t.Fatalf("only %d system calls: %v", len(calls), calls)
	}
	counts := map[string]int{}
	for _, call := range calls {
		for _, fault := range []string{"error=EIO", "signal=SIGKILL"} {
			f := traced{t: t, strace: strace, old: old}
			f.run(fmt.Sprintf("%s:%s:when=%d", call.name, fault, call.nth))
			state := f.check(call, fault)
			counts[fault+" "+state]++
			t.Logf("%-14s %s  %s", fault, state, call.text)
		}
	}
	t.Logf("%d system calls: %v", len(calls), counts)
	// What a file system may not have at all is done without.
	injections := []string{"renameat2:error=EINVAL", "flock:error=ENOSYS"}
	if old != "" { // and a file that is mounted by itself is written in place
		injections = append(injections, "renameat2:error=EBUSY")
	}
	for _, inject := range injections {
		f := traced{t: t, strace: strace, old: old}
		f.run(inject)
		call := systemCall{text: inject}
		if state := f.check(call, inject); state != "new" {
			t.Errorf("%s: the %s file", inject, state)
		}
	}
}

// traced is a process that writes under strace.
type traced struct {
	t            *testing.T
	strace       string
	old          string // what the file has; "" if there is none
	folder, path string
	log          string // of the system calls
	out          string
	exit         int
}

func (r *traced) run(inject string) {
	r.t.Helper()
	r.folder = r.t.TempDir()
	r.path = filepath.Join(r.folder, "mcp.json")
	log := filepath.Join(r.t.TempDir(), "log")
	if r.old != "" {
		writeFile(r.t, r.path, r.old, 0o600)
	}
	args := []string{"-f", "-qq", "-o", log}
	backup := "mcp.json.bak-19700101T000000.000Z"
	for _, name := range []string{"", "mcp.json", ".mcp.json.tshmcp-new", ".mcp.json.tshmcp-lock", ".mcp.json.tshmcp-bak", backup} {
		args = append(args, "-P", filepath.Join(r.folder, name))
	}
	if inject != "" {
		args = append(args, "-e", "inject="+inject)
	}
	cmd := exec.CommandContext(r.t.Context(), r.strace, append(args, os.Args[0])...)
	cmd.Env = append(childEnviron("traced", r.path, "x"), "GOMAXPROCS=1") // each call of the runtime stops it too
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatal(err)
	}
	r.out, r.exit = string(out), cmd.ProcessState.ExitCode()
	r.log = readFile(r.t, log)
}

var callLine = regexp.MustCompile(`(?m)^\d+ +(\w+)\(.*$`)

// calls are those of a run without a fault.
func (r *traced) calls() []systemCall {
	r.t.Helper()
	if r.exit != 0 {
		r.t.Fatalf("exit code %d: %s", r.exit, r.out)
	}
	seen := map[string]int{}
	var all []systemCall
	for _, line := range callLine.FindAllStringSubmatch(r.log, -1) {
		if name := line[1]; !notSteps.MatchString(name) {
			seen[name]++
			all = append(all, systemCall{name, seen[name], strings.ReplaceAll(line[0], r.folder, "")})
		}
	}
	return all
}

// check returns what has become of the file: "old" or "new".
func (r *traced) check(call systemCall, fault string) string {
	t := r.t
	t.Helper()
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s at %s: %s\nexit code %d: %s", fault, call.text, fmt.Sprintf(format, args...), r.exit, r.out)
	}
	killed := strings.Contains(fault, "KILL")
	if killed && r.exit >= 0 || !killed && !strings.Contains(r.log, "(INJECTED)") {
		fail("the fault did not happen")
	}
	content, state := "", "old"
	if _, err := os.Stat(r.path); err == nil {
		content = readFile(t, r.path)
	}
	switch content {
	case edited(t, r.old, entryFor("x")):
		state = "new"
	case r.old:
	default:
		fail("neither old nor new: %q", content)
	}
	if !killed && (r.exit == 0) != (state == "new") {
		fail("it said otherwise: %s", state)
	}
	if !killed && r.exit != 0 && !strings.Contains(r.out, "input/output error") {
		fail("the error does not say why")
	}
	files := 0
	if r.old != "" {
		files = 1
	}
	if left := names(t, r.folder); !killed && state == "old" && len(left) != files && call.name != "unlinkat" {
		fail("left behind: %v", left)
	}
	if _, err := testClient.Write(r.path, entryFor("y"), Options{}); err != nil {
		fail("the next write: %v", err)
	}
	if after := readFile(t, r.path); after != edited(t, content, entryFor("y")) {
		fail("the next write made %q", after)
	}
	for _, name := range names(t, r.folder) {
		if name != "mcp.json" && !backupSuffix.MatchString(strings.TrimPrefix(name, "mcp.json")) {
			fail("left behind after the next write: %s", name)
		}
	}
	return state
}
