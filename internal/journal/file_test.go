// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the log as its writers and readers have it.

package journal

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// TestSeveral: several bridges write at once, far more than there is room for. No
// line is torn, the log keeps to its bound, and the newest lines are there.
func TestSeveral(t *testing.T) {
	state := t.TempDir()
	const bridges, lines = 4, 8000
	var work sync.WaitGroup
	for b := range bridges {
		work.Go(func() {
			log := slog.New(NewHandler(NewFile(state), fmt.Sprint("app", b)))
			for n := range lines {
				log.Warn(strings.Repeat("x", 90), "id", n)
			}
		})
	}
	work.Wait()
	last := map[string]string{}
	seen := 0
	if err := read(t.Context(), state, Filter{}, false, func(r Record) error {
		seen++
		last[r.App] = fmt.Sprint(r.Attrs["id"])
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for b := range bridges {
		if got := last[fmt.Sprint("app", b)]; got != fmt.Sprint(lines-1) {
			t.Errorf("app%d ends with %s", b, got)
		}
	}
	if seen == 0 || seen >= bridges*lines {
		t.Errorf("%d lines", seen)
	}
	files, err := os.ReadDir(filepath.Join(state, dir))
	if err != nil || len(files) > maxFiles+1 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Size() > 2*maxBytes+1000 || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %d bytes, %v, %v", f.Name(), info.Size(), info.Mode(), err)
		}
		text, err := os.ReadFile(filepath.Join(state, dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, `{"time":`) || !strings.HasSuffix(line, "}\n") {
				t.Fatalf("%s has a torn line: %q", f.Name(), line)
			}
		}
	}
}

// TestHarmless: what is not known to be harmless is not written, whoever logs it.
func TestHarmless(t *testing.T) {
	state := t.TempDir()
	log := slog.New(NewHandler(NewFile(state), "notes\n\x1b[31m")).With("method", "tools/call", "token", "hunter2")
	log.Warn("a request failed", "id", strings.Repeat("9", 500), "error", &coded{errors.New("hunter2")}, "params", "hunter2",
		"took", 1234*time.Millisecond, slog.Group("header", "x", "hunter2"), "executed", "no\nyes")
	text, err := os.ReadFile(path(state))
	if err != nil || strings.Contains(string(text), "hunter2") || strings.Count(string(text), "\n") != 1 || len(text) > 600 {
		t.Fatalf("%v\n%s", err, text)
	}
	var got Record
	if err := read(t.Context(), state, Filter{}, false, func(r Record) error { got = r; return nil }); err != nil {
		t.Fatal(err)
	}
	if got.Code != errcode.Locked || got.App != "notes  [31m" || got.Attrs["took"] != "1.234s" || got.Attrs["executed"] != "no yes" || got.PID != os.Getpid() {
		t.Errorf("%+v", got)
	}
}

type coded struct{ error }

func (*coded) ErrorCode() errcode.Code { return errcode.Locked }

// TestOpenToOthers: where others can write, nothing is written, and nobody is held
// up.
func TestOpenToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no modes here")
	}
	state := t.TempDir()
	elsewhere := filepath.Join(t.TempDir(), "elsewhere")
	if err := errors.Join(os.Mkdir(filepath.Join(state, dir), 0o700), os.Symlink(elsewhere, path(state))); err != nil {
		t.Fatal(err)
	}
	if n, err := NewFile(state).Write([]byte("x\n")); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("a link was followed")
	}
	open := t.TempDir()
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if n, err := NewFile(open).Write([]byte("x\n")); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if made, err := os.ReadDir(open); len(made) > 0 || err != nil {
		t.Errorf("made: %v, %v", made, err)
	}
}

// TestFollow: what comes is read, across a file that is put away, and each line
// once.
func TestFollow(t *testing.T) {
	state := t.TempDir()
	file := NewFile(state)
	log := slog.New(NewHandler(file, "notes"))
	log.Info("before", "id", 0)
	slog.New(NewHandler(file, "other")).Info("not meant")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	got := make(chan string, 100)
	done := make(chan error, 1)
	go func() {
		done <- read(ctx, state, Filter{App: "notes"}, true, func(r Record) error { got <- r.line(); return nil })
	}()
	next := func(want string) {
		t.Helper()
		select {
		case line := <-got:
			if line != want {
				t.Errorf("%q, want %q", line, want)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%q did not come", want)
		}
	}
	next("before id=0")
	log.Info("after", "id", 1)
	next("after id=1")
	log.Info("last of a file", "id", 2)
	away := func() error { return os.Rename(path(state), part(path(state), 1)) }
	err := away()
	for deadline := time.Now().Add(10 * time.Second); err != nil && runtime.GOOS == "windows" && time.Now().Before(deadline); {
		err = away() // as with each next line: it is being read
	}
	if err != nil {
		t.Fatal(err)
	}
	log.Info("first of another", "id", 3)
	next("last of a file id=2")
	next("first of another id=3")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// TestSince: what is older is left out, and so is what is no record.
func TestSince(t *testing.T) {
	state := t.TempDir()
	file := NewFile(state)
	for _, line := range []string{
		`{"time":"2026-01-01T10:00:00Z","app":"a","text":"old"}`, `no record`, `{"time":"2026-01-01T11:00:00Z","app":"a","text":"new"}`,
	} {
		if _, err := file.Write([]byte(line + "\n")); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	err := read(t.Context(), state, Filter{Since: time.Date(2026, 1, 1, 10, 30, 0, 0, time.UTC)}, false, func(r Record) error {
		got = append(got, r.Text)
		return nil
	})
	if err != nil || strings.Join(got, ",") != "new" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestPartStays: an older part that cannot be put away, as it is being read on Windows,
// is not replaced by what is newer.
func TestPartStays(t *testing.T) {
	state := t.TempDir()
	file := NewFile(state)
	fill := func(text string) {
		t.Helper()
		if _, err := file.Write([]byte(strings.Repeat("x", maxBytes-10) + text)); err != nil {
			t.Fatal(err)
		}
	}
	fill("first\n")
	fill("second\n")
	held := filepath.Join(part(path(state), 2), "held") // nothing takes the place of a folder
	if err := os.MkdirAll(held, 0o700); err != nil {
		t.Fatal(err)
	}
	fill("third\n")
	old, err := os.ReadFile(part(path(state), 1))
	if err != nil || !strings.HasSuffix(string(old), "first\n") {
		t.Errorf("%v: the older part was replaced: %d bytes", err, len(old))
	}
	newest, err := os.ReadFile(path(state))
	if err != nil || !strings.Contains(string(newest), "second\n") || !strings.HasSuffix(string(newest), "third\n") {
		t.Errorf("%v: %d bytes", err, len(newest))
	}
}
