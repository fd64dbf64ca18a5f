// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: another program rewrites the file all the time.

package clientcfg

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// foreignWrites is how often the other program writes. On Windows each of them takes
// several tries.
var foreignWrites = map[bool]int{false: 500, true: 100}[runtime.GOOS == "windows"]

// foreignProgram is what Claude Code does to its file, only without a pause: it
// reads it, changes something of its own and puts the whole in its place, with
// no lock that anybody knows of.
func foreignProgram(path string) int {
	for i := range foreignWrites {
		time.Sleep(2 * time.Millisecond)
		var file map[string]any
		var data []byte
		err := asClientsDo(func() (err error) { data, err = os.ReadFile(path); return err })
		if err == nil {
			err = json.Unmarshal(data, &file)
		}
		if err == nil {
			file[fmt.Sprint("k", i)] = i
			data, err = json.Marshal(file)
		}
		if err == nil {
			err = asClientsDo(func() error { return os.WriteFile(path+".foreign", data, 0o600) })
		}
		if err == nil {
			err = asClientsDo(func() error { return os.Rename(path+".foreign", path) })
		}
		if err != nil {
			fmt.Println(err)
			return 1
		}
	}
	return 0
}

// asClientsDo tries again on Windows, where a file that somebody reads cannot be replaced,
// and one that is being replaced not be read, as what clients are made with does.
func asClientsDo(step func() error) (err error) {
	for range 500 {
		if err = step(); err == nil || runtime.GOOS != "windows" {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return err
}

// TestForeignProgram: a program that rewrites the file all the time, and knows
// nothing of our lock, never reads half a file and finds everything again that
// it wrote.
func TestForeignProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "mcp.json")
	writeFile(t, path, oldFile, 0o600)
	p := start(t, "foreign", path, "")
	ended := make(chan struct{})
	var out string
	var code int
	go func() {
		defer close(ended)
		out, code = p.wait(t)
	}()
	written, busy := 0, 0 // busy: it wrote ten times in a row during one of ours
	for running := true; running; {
		select {
		case <-ended:
			running = false
		default:
		}
		app := fmt.Sprint("app", written/2%5)
		var err error
		if written%2 == 0 {
			_, err = testClient.Write(path, entryFor(app), Options{})
		} else {
			_, err = testClient.removeFrom(path, []string{app}, Options{})
		}
		switch {
		case errors.Is(err, ErrBusy):
			busy++
		case err != nil:
			t.Fatal(err)
		default:
			written++
		}
	}
	if code != 0 {
		t.Errorf("the other program: %d %s", code, out)
	}
	file := decode(t, []byte(readFile(t, path)))
	lost := 0
	for i := range foreignWrites {
		if file[fmt.Sprint("k", i)] == nil {
			lost++
		}
	}
	t.Logf("it wrote %d times, we %d, and gave up %d times; %d of its changes are lost", foreignWrites, written, busy, lost)
	// One is allowed for: it can write a second time while the first is being put
	// back, if this process is made to wait in between.
	if lost > 1 && (runtime.GOOS == "linux" || runtime.GOOS == "darwin") {
		t.Error("changes are lost")
	}
}

// TestWrittenAtTheLastMoment: another program writes when the file has been
// looked at for the last time, or creates it, or takes it away.
func TestWrittenAtTheLastMoment(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		t.Skip("files cannot change places here")
	}
	const theirs = "{\n  \"theirs\": 1,\n  \"mcpServers\": {}\n}\n"
	for _, tt := range []struct {
		name, old, meanwhile, want string
	}{
		{"replaced", oldFile, theirs, theirs},
		{"created", "", theirs, theirs},
		{"removed", oldFile, "", ""},
		{"left alone", oldFile, oldFile, oldFile},
	} {
		t.Run(tt.name, func(t *testing.T) {
			folder := t.TempDir()
			path := filepath.Join(folder, "mcp.json")
			if tt.old != "" {
				writeFile(t, path, tt.old, 0o640)
			}
			runs := 0
			result, err := testClient.Write(path, entryFor("x"), Options{afterLook: func() {
				if runs++; runs > 1 {
					return
				}
				if tt.meanwhile == "" {
					if err := os.Remove(path); err != nil {
						t.Fatal(err)
					}
					return
				}
				writeFile(t, path+"2", tt.meanwhile, 0o640)
				if err := os.Rename(path+"2", path); err != nil {
					t.Fatal(err)
				}
			}})
			if err != nil || !result.Changed {
				t.Fatalf("%+v, %v", result, err)
			}
			if got := readFile(t, path); got != edited(t, tt.want, entryFor("x")) {
				t.Errorf("%s", got)
			}
			files := 1
			if tt.want != "" {
				files = 2
				if backup := readFile(t, result.Backup); backup != tt.want {
					t.Errorf("backup %q", backup)
				}
			}
			if left := names(t, folder); len(left) != files {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}
