// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if role := os.Getenv("CLIENTCFG_TEST_ROLE"); role != "" {
		os.Exit(child(role))
	}
	debug.SetGCPercent(400) // large files are parsed again and again: the collector took a third of the time
	goleak.VerifyTestMain(m)
}

const oldFile = "{\n  \"mcpServers\": {}\n}\n"

var testClient, _ = Lookup("cursor")

// removeFrom is [Client.RemoveFromContext], with a wait that does not end with a test.
func (c Client) removeFrom(path string, names []string, opts Options) (Result, error) {
	return c.RemoveFromContext(context.Background(), path, names, opts)
}

// render is [Client.RenderAll] for one entry in the usual style.
func (c Client) render(name string, e Entry) ([]byte, error) {
	return c.RenderAll(map[string]Entry{name: e}, Options{})
}

func writeFile(t *testing.T, path, content string, mode fs.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// names lists a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range files {
		all = append(all, f.Name())
	}
	return all
}

func entryFor(app string) map[string]Entry {
	return map[string]Entry{app: {Command: "/opt/tshmcp", Args: []string{"connect", app}}}
}

func edited(t *testing.T, in string, entries map[string]Entry) string {
	t.Helper()
	out, err := testClient.Edit([]byte(in), entries)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func checkMode(t *testing.T, path string, want fs.FileMode) {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != want {
		t.Errorf("%s: mode %v, want %v", path, info.Mode().Perm(), want)
	}
}

func TestWriteNewFile(t *testing.T) {
	root := t.TempDir()
	path := filepath.Join(root, "a", "b", "mcp.json")
	got, err := testClient.Write(path, entryFor("x"), Options{})
	if err != nil || got != (Result{Path: path, Changed: true}) {
		t.Fatalf("%+v, %v", got, err)
	}
	if content := readFile(t, path); content != edited(t, "", entryFor("x")) {
		t.Errorf("%s", content)
	}
	checkMode(t, path, 0o600)
	checkMode(t, filepath.Join(root, "a"), 0o700)
	checkMode(t, filepath.Join(root, "a", "b"), 0o700)
	if all := names(t, filepath.Dir(path)); len(all) != 1 {
		t.Errorf("left behind: %v", all)
	}
}

func TestWriteExistingFile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o640)
	now := time.Date(2026, 11, 5, 9, 8, 7, 654321e3, time.FixedZone("", 3600))
	got, err := testClient.Write(path, entryFor("x"), Options{Now: func() time.Time { return now }})
	want := Result{Path: path, Backup: path + ".bak-20261105T080807.654Z", Changed: true}
	if err != nil || got != want {
		t.Fatalf("%+v, %v", got, err)
	}
	if content := readFile(t, path); content != edited(t, oldFile, entryFor("x")) {
		t.Errorf("%s", content)
	}
	if content := readFile(t, got.Backup); content != oldFile {
		t.Errorf("backup: %s", content)
	}
	checkMode(t, path, 0o640)
	checkMode(t, got.Backup, 0o640)

	before := names(t, folder)
	again, err := testClient.Write(path, entryFor("x"), Options{})
	if err != nil || again != (Result{Path: path}) {
		t.Errorf("second run: %+v, %v", again, err)
	}
	if after := names(t, folder); len(before) != 2 || !slices.Equal(before, after) {
		t.Errorf("files %v, then %v", before, after)
	}

	removed, err := testClient.removeFrom(path, []string{"x"}, Options{Now: func() time.Time { return now }})
	if err != nil || removed.Backup != want.Backup+"-02" || readFile(t, path) != oldFile {
		t.Errorf("%+v, %v, %s", removed, err, readFile(t, path))
	}
}

// TestUnchangedWritesNothing: not even in a folder that is not there, or a file
// that may not be written.
func TestUnchangedWritesNothing(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "none", "mcp.json")
	if got, err := testClient.removeFrom(missing, []string{"x"}, Options{}); err != nil || got.Changed {
		t.Errorf("%+v, %v", got, err)
	}
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, edited(t, "", entryFor("x")), 0o444)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := testClient.Write(path, entryFor("x"), Options{}); err != nil || got.Changed {
		t.Errorf("%+v, %v", got, err)
	}
	after, err := os.Stat(path)
	if err != nil || !os.SameFile(before, after) || before.ModTime() != after.ModTime() {
		t.Error("the file was touched")
	}
	if all := names(t, folder); len(all) != 1 {
		t.Errorf("files %v", all)
	}
}

func TestWriteRefusals(t *testing.T) {
	for _, tt := range []struct {
		name    string
		content string
		mode    fs.FileMode
		want    any
		text    string
	}{
		{"syntax", "{\n  x\n}", 0o600, new(*SyntaxError), "mcp.json: line 2, column 3: "},
		{"foreign", `{"mcpServers":{"x":{"command":"npx"}}}`, 0o600, new(*ForeignEntryError), "mcp.json: entry \"x\" exists and runs npx"},
		{"read-only", oldFile, 0o400, nil, ErrReadOnly.Error()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "mcp.json")
			writeFile(t, path, tt.content, tt.mode)
			got, err := testClient.Write(path, entryFor("x"), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.text) || got != (Result{Path: path}) {
				t.Fatalf("%+v, %v", got, err)
			}
			if tt.want != nil && !errors.As(err, tt.want) {
				t.Errorf("%T", errors.Unwrap(err))
			}
			if all := names(t, folder); readFile(t, path) != tt.content || len(all) != 1 {
				t.Errorf("touched: %v", all)
			}
		})
	}
	path := filepath.Join(t.TempDir(), "mcp.json")
	writeFile(t, path, `{"mcpServers":{"x":{"command":"npx"}}}`, 0o600)
	if got, err := testClient.Write(path, entryFor("x"), Options{Force: true}); err != nil || !got.Changed {
		t.Errorf("forced: %+v, %v", got, err)
	}
}

func TestWriteNotAFile(t *testing.T) {
	folder := t.TempDir()
	if _, err := testClient.Write(folder, entryFor("x"), Options{}); !errors.Is(err, ErrNotFile) {
		t.Errorf("folder: %v", err)
	}
	if _, err := testClient.Write(os.DevNull, entryFor("x"), Options{}); !errors.Is(err, ErrNotFile) {
		t.Errorf("device: %v", err)
	}
	file := filepath.Join(folder, "file")
	writeFile(t, file, "", 0o600)
	if _, err := testClient.Write(filepath.Join(file, "sub", "mcp.json"), entryFor("x"), Options{}); err == nil {
		t.Error("a file as a folder")
	}
	huge := filepath.Join(folder, "huge")
	writeFile(t, huge, "", 0o600)
	if err := os.Truncate(huge, maxSize+1); err != nil {
		t.Fatal(err)
	}
	if _, err := testClient.Write(huge, entryFor("x"), Options{}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("huge: %v", err)
	}
}

func TestBackupsAreBounded(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	kept := []string{
		"mcp.json.bak", "mcp.json.bak-1", "mcp.json.bak-20000101T000000.000Z.gz", "mcp.json.bak-20000101T000000Z",
		"xmcp.json.bak-20000101T000000.000Z", "settings.json.bak-20000101T000000.000Z",
	}
	for _, name := range kept {
		writeFile(t, filepath.Join(folder, name), "mine", 0o600)
	}
	if err := os.Mkdir(filepath.Join(folder, "mcp.json.bak-20000101T000000.001Z"), 0o700); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var backups []string
	for i := range keepBackups + 3 {
		got, err := testClient.Write(path, entryFor(fmt.Sprint("x", i)), Options{Now: func() time.Time { return now }})
		if err != nil {
			t.Fatal(err)
		}
		if i > 0 {
			backups = append(backups, filepath.Base(got.Backup))
		}
		if i%2 == 0 { // some of them at the same time
			now = now.Add(time.Hour)
		}
	}
	want := slices.Concat(kept, backups[len(backups)-keepBackups:], []string{"mcp.json", "mcp.json.bak-20000101T000000.001Z"})
	slices.Sort(want)
	if all := names(t, folder); !slices.Equal(all, want) {
		t.Errorf("files\n%v\nwant\n%v", all, want)
	}
}

// TestChangedMeanwhile: what another program writes while the edit is being
// made is taken in, or the edit gives up.
func TestChangedMeanwhile(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	for _, tt := range []struct {
		name    string
		old     string
		changes int
		busy    bool
	}{
		{"once", oldFile, 1, false},
		{"several times", oldFile, maxTries - 1, false},
		{"always", oldFile, maxTries, true},
		{"created", "", 1, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, name := range names(t, folder) {
				if err := os.Remove(filepath.Join(folder, name)); err != nil {
					t.Fatal(err)
				}
			}
			if tt.old != "" {
				writeFile(t, path, tt.old, 0o600)
			}
			other := ""
			runs := 0
			got, err := testClient.Write(path, entryFor("x"), Options{beforeRename: func() {
				if runs++; runs <= tt.changes {
					other = fmt.Sprintf("{\n  \"run\": %d\n}\n", runs)
					writeFile(t, path, other, 0o600)
				}
			}})
			want, files := edited(t, other, entryFor("x")), 2
			if tt.busy {
				want, files = other, 1
			}
			if tt.busy != errors.Is(err, ErrBusy) || err == nil && readFile(t, got.Backup) != other {
				t.Fatalf("%+v, %v", got, err)
			}
			if readFile(t, path) != want {
				t.Errorf("%s", readFile(t, path))
			}
			if all := names(t, folder); len(all) != files {
				t.Errorf("left behind: %v", all)
			}
		})
	}
}

// TestRemovedMeanwhile: a file that somebody takes away counts as changed.
func TestRemovedMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	writeFile(t, path, `{"a": 1}`, 0o600)
	got, err := testClient.Write(path, entryFor("x"), Options{beforeRename: func() { _ = os.Remove(path) }})
	if err != nil || got.Backup != "" || readFile(t, path) != edited(t, "", entryFor("x")) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestCreatedMeanwhile: a file that appears, even an empty one, is not written
// over as if it were not there.
func TestCreatedMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	runs := 0
	_, err := testClient.Write(path, entryFor("x"), Options{beforeRename: func() {
		if runs++; runs == 1 {
			writeFile(t, path, "", 0o640)
		}
	}})
	if err != nil || runs != 2 {
		t.Errorf("%d runs, %v", runs, err)
	}
	checkMode(t, path, 0o640)
}

func TestLockIsBounded(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	unlock, err := lock(t.Context(), path, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := testClient.Write(path, entryFor("x"), Options{LockTimeout: 50 * time.Millisecond}); !errors.Is(err, ErrBusy) {
		t.Errorf("locked: %v", err)
	}
	unlock()
	if all := names(t, folder); len(all) != 0 {
		t.Errorf("left behind: %v", all)
	}
	if _, err := testClient.Write(path, entryFor("x"), Options{}); err != nil {
		t.Errorf("unlocked: %v", err)
	}
}

// TestWriteInterrupted: a signal that comes when all is ready keeps the file as
// it is, and nothing stays behind.
func TestWriteInterrupted(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "mcp.json")
	writeFile(t, path, oldFile, 0o600)
	ctx, cancel := context.WithCancel(t.Context())
	opts := Options{Now: func() time.Time { cancel(); return time.Now() }} // for the backup
	if _, err := testClient.WriteContext(ctx, path, entryFor("x"), opts); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if content := readFile(t, path); content != oldFile || len(names(t, folder)) != 1 {
		t.Errorf("%q, %v", content, names(t, folder))
	}
	if _, err := testClient.Preview(ctx, path, entryFor("x"), Options{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
