// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the Windows binary, in Wine, against a cluster on this machine.

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pelletier/go-toml/v2"
	"go.yaml.in/yaml/v4"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/demo"
)

// TestWindows is a user's day on Windows, as far as Wine goes: each step is a
// process of its own, and what one leaves the next one needs: none can be run, or run
// again, without those before it.
func TestWindows(t *testing.T) {
	w := newWindows(t)
	for _, step := range []struct {
		name string
		run  func(*windows, *testing.T)
	}{
		{"the tour", (*windows).tour},
		{"the credential store", (*windows).credentialStore},
		{"a login through the browser", (*windows).login},
		{"ls", (*windows).ls},
		{"eight bridges whose login is over", (*windows).relogin},
		{"config for every client", (*windows).config},
		{"the entry as it is written", (*windows).launch},
		{"the client closes stdin", (*windows).left},
		{"the client is killed", (*windows).orphaned},
		{"config takes everything out again", (*windows).unconfig},
		{"logout", (*windows).logout},
	} {
		t.Log(step.name)
		if step.run(w, t); t.Failed() {
			t.Fatal("the next steps need this one")
		}
	}
}

// tour is the demo.
func (w *windows) tour(t *testing.T) {
	out, stderr, err := w.run("demo")
	for _, part := range []string{"The file now reads:", "refused: ", "Everything worked."} {
		if !strings.Contains(out, part) {
			t.Errorf("the tour does not say %q (%v):\n%s%s", part, err, out, stderr)
		}
	}
	if err != nil && !ofWine(stderr) {
		t.Errorf("%v: %s", err, stderr)
	}
}

// credentialStore runs the tests that internal/creds has for Windows.
func (w *windows) credentialStore(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "wine", filepath.Join(w.dir, "creds.test.exe"), "-test.v", "-test.run=^TestCredentialManager").CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestCredentialManager")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// login leaves the browser to the system's launcher, which ends at xdg-open.
func (w *windows) login(t *testing.T) {
	out, stderr, err := w.run("login", "--proxy="+w.cluster.Addr(), "--ca-file="+w.ca)
	if err != nil || !strings.Contains(out+stderr, "as alice") {
		t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	w.wantOpened(t, 1)
	if _, err := os.Stat(filepath.Join(w.state(), "store")); err == nil {
		t.Error("the login is in a file")
	}
}

func (w *windows) ls(t *testing.T) {
	if out, stderr, err := w.run("ls"); err != nil || !strings.Contains(out, "notes") {
		t.Errorf("%v\n%s%s", err, out, stderr)
	}
}

// targets are the clients that have a file on Windows, with its path there.
func (w *windows) targets(t *testing.T) map[string]string {
	files := map[string]string{}
	for _, c := range clientcfg.Clients() {
		path, err := c.Path(clientcfg.Env{
			GOOS: "windows",
			Home: w.home,
			Getenv: func(name string) string {
				return map[string]string{"APPDATA": w.home + `\AppData\Roaming`, "LOCALAPPDATA": w.home + `\AppData\Local`}[name]
			},
			Exists: func(string) bool { return false },
			Glob:   func(string) ([]string, error) { return nil, nil },
		})
		var none *clientcfg.NoFileError
		switch {
		case errors.As(err, &none):
		case err != nil:
			t.Errorf("%s: %v", c.ID, err)
		default:
			files[c.ID] = path
		}
	}
	if len(files) < 20 {
		t.Fatalf("only %d clients have a file on Windows", len(files))
	}
	return files
}

// config writes into the file of each client, once.
func (w *windows) config(t *testing.T) {
	files := w.targets(t)
	write := []string{"config", "notes", "--client-config=" + strings.Join(slices.Sorted(maps.Keys(files)), ",")}
	out, stderr, err := w.run(write...)
	if err != nil {
		t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	before := map[string][]byte{}
	for id, path := range files {
		if !strings.Contains(out+stderr, "to "+path) {
			t.Errorf("%s: it does not say that it writes to %s", id, path)
		}
		before[id] = w.read(t, path)
		if values := w.values(t, path, before[id]); !slices.Contains(values, w.exe) {
			t.Errorf("%s: no value is %s in\n%s", id, w.exe, before[id])
		}
	}
	if out, stderr, err := w.run(write...); err != nil {
		t.Errorf("the second time: %v\n%s%s", err, out, stderr)
	}
	for id, path := range files {
		if after := w.read(t, path); !bytes.Equal(after, before[id]) {
			t.Errorf("%s: the second time it becomes\n%s", id, after)
		}
	}
}

// values are all texts in a client's file, as the parser of its format reads them.
func (w *windows) values(t *testing.T, path string, text []byte) []string {
	decode := json.Unmarshal
	switch path[strings.LastIndexByte(path, '.'):] {
	case ".toml":
		decode = toml.Unmarshal
	case ".yaml", ".yml":
		decode = func(text []byte, v any) error { return yaml.Unmarshal(text, v) }
	}
	var root any
	if err := decode(text, &root); err != nil {
		t.Errorf("%s: %v\n%s", path, err, text)
	}
	return textsIn(root)
}

func textsIn(value any) (texts []string) {
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		for _, v := range value {
			texts = append(texts, textsIn(v)...)
		}
	case map[string]any:
		for _, v := range value {
			texts = append(texts, textsIn(v)...)
		}
	}
	return texts
}

// launch starts the entry in Claude's file as it stands there.
func (w *windows) launch(t *testing.T) {
	entry := printedEntry(t, string(w.read(t, w.targets(t)["claude"])))
	cmd := exec.CommandContext(t.Context(), "wine", append([]string{entry.Command}, entry.Args...)...)
	cmd.Env = slices.Clone(w.environ)
	for name, value := range entry.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	if got, err := callOnce(cmd, "get_note", `{"name":"deploy"}`); err != nil || got != demo.NoteTexts["deploy"] {
		t.Errorf("%q, %v", got, err)
	}
}

// left has a bridge whose client goes in good order.
func (w *windows) left(t *testing.T) {
	cmd := w.command("connect", "notes")
	in, out := pipes(t, cmd)
	b := &rawBridge{t: t, in: in, out: out}
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	wantAnswer(t, "a call", b.getNote(), demo.NoteTexts["deploy"])
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("connect ends with %v", err)
	}
}

// orphaned has a bridge whose client is killed.
func (w *windows) orphaned(t *testing.T) {
	cmd := exec.CommandContext(w.ctx, "wine", filepath.Join(w.dir, "client.exe"), w.exe, "connect", "notes")
	cmd.Env = w.environ
	_, out := pipes(t, cmd)
	if line, err := out.ReadString('\n'); err != nil || !strings.Contains(line, `"result"`) {
		t.Fatalf("%v in %q", err, line)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The bridge has this pipe too: it ends when it does.
	ended := make(chan error, 1)
	go func() { _, err := io.Copy(io.Discard, out); ended <- err }()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(scriptTime):
		t.Error("the bridge outlives its client")
	}
	_ = cmd.Wait() // killed
}

// relogin has eight bridges with a login that is over: one tab is opened.
func (w *windows) relogin(t *testing.T) {
	w.expire(t)
	w.forgetOpened(t)
	var all sync.WaitGroup
	for range bridges {
		all.Go(func() {
			if got, err := callOnce(w.command("connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil || got != demo.NoteTexts["deploy"] {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
	all.Wait()
	w.wantOpened(t, 1)
}

func (w *windows) unconfig(t *testing.T) {
	files := w.targets(t)
	if out, stderr, err := w.run("config", "--remove", "--all", "--client-config="+strings.Join(slices.Collect(maps.Keys(files)), ",")); err != nil {
		t.Errorf("%v\n%s%s", err, out, stderr)
	}
	for id, path := range files {
		if text := w.read(t, path); slices.Contains(w.values(t, path, text), w.exe) {
			t.Errorf("%s still has\n%s", id, text)
		}
	}
}

// logout leaves nothing in the credential store, also for who kept the profile.
func (w *windows) logout(t *testing.T) {
	profiles, kept := filepath.Join(w.state(), "profiles"), t.TempDir()
	if err := os.CopyFS(kept, os.DirFS(profiles)); err != nil {
		t.Fatal(err)
	}
	if out, stderr, err := w.run("logout"); err != nil && !ofWine(stderr) {
		t.Fatalf("%v\n%s%s", err, out, stderr)
	}
	if err := os.RemoveAll(profiles); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(profiles, os.DirFS(kept)); err != nil {
		t.Fatal(err)
	}
	_, _, err := w.run("ls")
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != access.ExitNotLoggedIn {
		t.Errorf("after logout ls ends with %v, want exit code %d", err, access.ExitNotLoggedIn)
	}
}
