// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: several processes that write one file.

package clientcfg

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// child is the other end of the tests with several processes: the test binary
// runs itself with a role, a path and the name of an entry in its environment.
func child(role string) int {
	runtime.LockOSThread() // whoever traces it counts the system calls of a thread
	path, name := os.Getenv("CLIENTCFG_TEST_PATH"), os.Getenv("CLIENTCFG_TEST_NAME")
	var opts Options
	switch role {
	case "write": // as soon as stdin ends
		fmt.Println("ready")
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "hang": // just before the rename
		opts.beforeRename = func() {
			fmt.Println("ready")
			_, _ = io.Copy(io.Discard, os.Stdin)
		}
	case "all": // the files of a folder, one after the other
		for _, file := range filesOf(path) {
			if _, err := testClient.Write(file, entryFor(name), opts); err != nil {
				fmt.Println(err)
				return 1
			}
		}
		return 0
	case "unprivileged":
		if err := dropRoot(); err != nil {
			fmt.Println(err)
			return 3
		}
	case "limited":
		if err := limitFiles(); err != nil {
			fmt.Println(err)
			return 3
		}
	case "traced": // with a backup whose name is known
		opts.Now = func() time.Time { return time.Unix(0, 0) }
		patiently = func(_ string, r io.Reader) io.Reader { return r }
		lookPatiently = os.Lstat
	case "foreign":
		return foreignProgram(path)
	case "full":
		return fillDisk(path)
	case "mounted":
		return writeMounted(path)
	}
	if _, err := testClient.Write(path, entryFor(name), opts); err != nil {
		fmt.Println(err)
		return 1
	}
	return 0
}

// filesOf are the clients' files in a folder.
func filesOf(folder string) []string {
	files, _ := filepath.Glob(filepath.Join(folder, "*.json"))
	return files
}

// childEnviron makes the test binary a child. The race detector would have it
// wait for a second before it ends.
func childEnviron(role, path, name string) []string {
	return append(os.Environ(), "CLIENTCFG_TEST_ROLE="+role, "CLIENTCFG_TEST_PATH="+path, "CLIENTCFG_TEST_NAME="+name, "GORACE=atexit_sleep_ms=0")
}

// process is a running child.
type process struct {
	cmd   *exec.Cmd
	stdin io.Closer
	out   *bufio.Reader
}

func start(t *testing.T, role, path, name string) *process {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = childEnviron(role, path, name)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return &process{cmd, stdin, bufio.NewReader(out)}
}

func (p *process) awaitReady(t *testing.T) {
	t.Helper()
	if line, err := p.out.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("%q, %v", line, err)
	}
}

// wait returns what the process printed, and its exit code.
func (p *process) wait(t *testing.T) (string, int) {
	t.Helper()
	out, err := io.ReadAll(p.out)
	if err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	return string(out), p.cmd.ProcessState.ExitCode()
}

// TestConcurrentProcesses: eight processes add an entry each at the same time,
// and none is lost. Run twice over, as the first round also creates the file.
func TestConcurrentProcesses(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "new", "mcp.json")
	var want []string
	for round := range 2 {
		var all []*process
		for i := range 8 {
			name := fmt.Sprintf("app%d-%d", round, i)
			want = append(want, name)
			all = append(all, start(t, "write", path, name))
		}
		for _, p := range all {
			p.awaitReady(t)
		}
		for _, p := range all {
			if err := p.stdin.Close(); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range all {
			if out, code := p.wait(t); code != 0 {
				t.Errorf("exit code %d: %s", code, out)
			}
		}
	}
	servers := decode(t, []byte(readFile(t, path)))["mcpServers"].(map[string]any)
	for _, name := range want {
		if servers[name] == nil {
			t.Errorf("%s is lost", name)
		}
	}
	for _, name := range names(t, filepath.Dir(path)) {
		if name != "mcp.json" && !backupSuffix.MatchString(strings.TrimPrefix(name, "mcp.json")) {
			t.Errorf("left behind: %s", name)
		}
	}
	if n := len(names(t, filepath.Dir(path))); n != 1+keepBackups {
		t.Errorf("%d files", n)
	}
}

// TestKilledBeforeRename: the old file is whole, the next write works, and it
// cleans up.
func TestKilledBeforeRename(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o600)
	p := start(t, "hang", path, "x")
	p.awaitReady(t)
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if _, code := p.wait(t); code == 0 {
		t.Error("was not killed")
	}
	if readFile(t, path) != oldFile {
		t.Errorf("%s", readFile(t, path))
	}
	got, err := testClient.Write(path, entryFor("y"), Options{})
	if err != nil || readFile(t, path) != edited(t, oldFile, entryFor("y")) {
		t.Errorf("%v, %s", err, readFile(t, path))
	}
	all := slices.DeleteFunc(names(t, folder), func(name string) bool {
		return backupSuffix.MatchString(strings.TrimPrefix(name, "mcp.json"))
	})
	if !slices.Equal(all, []string{"mcp.json"}) || got.Backup == "" {
		t.Errorf("left behind: %v", all)
	}
}

// TestWriterWaits: a write waits for another process that is in the middle of
// its own, and both get through.
func TestWriterWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	p := start(t, "hang", path, "x")
	p.awaitReady(t)
	second := start(t, "write", path, "y")
	second.awaitReady(t)
	if err := second.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	if err := p.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []*process{p, second} {
		if out, code := p.wait(t); code != 0 {
			t.Errorf("exit code %d: %s", code, out)
		}
	}
	servers := decode(t, []byte(readFile(t, path)))["mcpServers"].(map[string]any)
	if servers["x"] == nil || servers["y"] == nil {
		t.Errorf("lost: %v", servers)
	}
}
