// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a file system that does not answer any more, as one over a network can be, in
// each place where files are.

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// hungProgram is the program on a machine where nothing answers below $HUNG: there is
// a FUSE file system whose daemon, this process, says nothing.
const (
	hungProgram  = "tshmcp-hung"
	hungVariable = "HUNG"
	notHung      = 98 // this machine lets nobody mount one
)

func init() {
	programs[hungProgram] = func() { os.Exit(runHung()) }
	if os.Getenv(hungVariable) != "" {
		runtime.LockOSThread() // the tests' main may be on another thread when it comes to that
	}
}

func runHung() int {
	fuse, err := syscall.Open("/dev/fuse", syscall.O_RDWR|syscall.O_CLOEXEC, 0)
	if err == nil {
		err = syscall.Mount("hung", os.Getenv(hungVariable), "fuse", 0, fmt.Sprintf("fd=%d,rootmode=40000,user_id=%d,group_id=%d", fuse, os.Getuid(), os.Getgid()))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return notHung
	}
	return stdio.Beside(mainHeard)
}

// hungRun is a command that meets such a file system, and how it ends.
type hungRun struct {
	name    string
	at      string   // what hangs, below the home folder
	set     string   // a variable, with % for the home folder
	args    []string // % too
	bridge  bool
	signal  os.Signal // that ends the bridge; nil: the end of its stdin
	says    string
	also    string
	never   string // if it is not empty
	said    string
	took    time.Duration // a bridge: from its end's beginning
	skipped bool
	err     error
}

// TestHungFiles: a command names what hangs and ends; a bridge answers, and ends when it
// is told to.
func TestHungFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes 25 seconds, as long as the program waits")
	}
	waiting(t, hangFiles)
}

func hangFiles(t *testing.T) {
	cluster, err := testcluster.Start(testcluster.Config{Users: demo.Users(), Roles: demo.Roles(demo.Role([]string{"*"}, nil)), Apps: []testcluster.App{{Name: "notes", URI: "mcp+http://127.0.0.1:1/mcp"}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	proxy := "--proxy=" + cluster.Addr()
	runs := []*hungRun{
		{name: "config, its file", at: "client", args: []string{"config", "notes", proxy, "--client-config=%/client/.cursor/mcp.json"}, says: "%/client/.cursor/mcp.json: the file system that it is on did not answer"},
		{name: "config, the state", at: "state", args: []string{"config", "notes", proxy, "--client-config=%/client/.cursor/mcp.json"}, says: "%/state: the file system that it is on did not answer"},
		{name: "list-clients, the home", at: "home2", set: "HOME=%/home2", args: []string{"config", "--list-clients"}, says: "~/.claude.json: the file system that it is on did not answer"},
		{name: "list-clients, a client", at: ".cursor", args: []string{"config", "--list-clients"}, says: "~/.cursor/mcp.json: the file system that it is on did not answer"},
		{name: "doctor, the home", at: "home2", set: "HOME=%/home2", args: []string{"doctor"}, says: "the entries in %/home2/", also: "Nothing failed", never: "no MCP client has an entry"},
		{name: "doctor, a client", at: ".cursor", args: []string{"doctor"}, says: "%/.cursor/mcp.json: the file system that it is on did not answer", also: "Nothing failed", never: "no MCP client has an entry"},
		{name: "ls, the state", at: "state", args: []string{"ls"}, says: "%/state: the file system that it is on did not answer"},
		{name: "status, the state", at: "state", args: []string{"status"}, says: "%/state: the file system that it is on did not answer"},
		{name: "doctor, the state", at: "state", args: []string{"doctor"}, says: "%/state: the file system that it is on did not answer"},
		{name: "login, the state", at: "state", args: []string{"login", "--store=file", "--browser=none", proxy, "--insecure"}, says: "%/state: the file system that it is on did not answer"},
		{name: "logout, the state", at: "state", args: []string{"logout", "--all"}, says: "%/state: the file system that it is on did not answer"},
		{name: "logs, the state", at: "state", args: []string{"logs"}, says: "the file system that it is on did not answer"},
		{name: "ls, the identity", at: "id", args: []string{"ls", proxy, "--identity=%/id/identity"}, says: "%/id/identity: the file system that it is on did not answer"},
		{name: "ls, the CAs", at: "ca", set: "SSL_CERT_FILE=%/ca/roots.pem", args: []string{"ls"}, says: "SSL_CERT_FILE: %/ca/roots.pem: the file system that it is on did not answer"},
		{name: "ls, the CA file", at: "ca", args: []string{"ls", proxy, "--ca-file=%/ca/roots.pem"}, says: "%/ca/roots.pem: the file system that it is on did not answer"},
		{name: "connect, the state", at: "state", bridge: true, args: []string{"connect", "notes", proxy, "--login=never"}, says: "%/state: the file system that it is on did not answer"},
		{name: "connect, the state, no proxy", at: "state", bridge: true, args: []string{"connect", "notes", "--login=never"}, says: "%/state: the file system that it is on did not answer"},
		{name: "connect, the state, a signal", at: "state", bridge: true, signal: syscall.SIGTERM, args: []string{"connect", "notes", proxy}, says: "%/state: the file system that it is on did not answer"},
		{name: "connect, the state, a hang-up", at: "state", bridge: true, signal: syscall.SIGHUP, args: []string{"connect", "notes", proxy}, says: "%/state: the file system that it is on did not answer"},
		{name: "connect, the home", at: "home2", set: "HOME=%/home2", bridge: true, args: []string{"connect", "notes", proxy, "--login=never"}, says: "Teleport cannot reach the MCP server behind notes"},
		{name: "connect, the identity", at: "id", bridge: true, args: []string{"connect", "notes", proxy, "--identity=%/id/identity"}, says: "%/id/identity"},
	}
	var wg sync.WaitGroup
	for _, r := range runs {
		cmd, home := r.prepare(t, cluster)
		wg.Go(func() { r.run(cmd) })
		r.says = strings.ReplaceAll(r.says, "%", home)
	}
	wg.Wait()
	for _, r := range runs {
		t.Run(r.name, func(t *testing.T) {
			switch {
			case r.skipped:
				t.Skip("this machine lets nobody mount a file system: " + r.said)
			case !strings.Contains(r.said, r.says), !strings.Contains(r.said, r.also):
				t.Errorf("want %s, %s in\n%s", r.says, r.also, r.said)
			case r.never != "" && strings.Contains(r.said, r.never):
				t.Errorf("%s in\n%s", r.never, r.said)
			case r.bridge && (r.took > 3*time.Second || r.err != nil):
				t.Errorf("it ended after %v: %v\n%s", r.took, r.err, r.said)
			}
		})
	}
}

func (r *hungRun) prepare(t *testing.T, cluster *testcluster.Cluster) (*exec.Cmd, string) {
	t.Helper()
	environ, home := bareEnviron(t)
	for _, name := range []string{r.at, "client", "state"} {
		if err := os.MkdirAll(filepath.Join(home, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if r.at != "state" {
		if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), demo.Users()[0].Name); err != nil {
			t.Fatal(err)
		}
	}
	var args []string
	for _, arg := range r.args {
		args = append(args, strings.ReplaceAll(arg, "%", home))
	}
	environ = append(environ, hungVariable+"="+filepath.Join(home, r.at))
	if r.set != "" {
		environ = append(environ, strings.ReplaceAll(r.set, "%", home))
	}
	cmd := program(t, hungProgram, environ, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	return cmd, home
}

func (r *hungRun) run(cmd *exec.Cmd) {
	const most = 60 * time.Second // it is killed then, and has not said what hangs
	var stdout, stderr bytes.Buffer
	cmd.Stderr = &stderr
	defer func() {
		r.said = stdout.String() + stderr.String()
		var ended *exec.ExitError
		r.skipped = errors.As(r.err, &ended) && ended.ExitCode() == notHung || r.err != nil && cmd.Process == nil
	}()
	if !r.bridge {
		cmd.Stdout = &stdout
		if r.err = cmd.Start(); r.err == nil {
			timer := time.AfterFunc(most, func() { cmd.Process.Kill() })
			defer timer.Stop()
			r.err = cmd.Wait()
		}
		return
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		r.err = err
		return
	}
	answered := &firstLine{done: make(chan struct{})}
	cmd.Stdout = answered
	if r.err = cmd.Start(); r.err != nil {
		return
	}
	timer := time.AfterFunc(most, func() { cmd.Process.Kill() })
	defer timer.Stop()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	fmt.Fprintln(in, `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	select {
	case <-answered.done:
	case r.err = <-ended:
		return
	}
	began := time.Now()
	if r.signal != nil {
		_ = cmd.Process.Signal(r.signal)
	} else {
		in.Close()
	}
	r.err = <-ended
	r.took = time.Since(began)
	stdout.Write(answered.text.Bytes())
}

// firstLine is written to until a line is there, which it tells.
type firstLine struct {
	text bytes.Buffer
	once sync.Once
	done chan struct{}
}

func (l *firstLine) Write(b []byte) (int, error) {
	l.text.Write(b)
	if bytes.IndexByte(b, '\n') >= 0 {
		l.once.Do(func() { close(l.done) })
	}
	return len(b), nil
}
