// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a process that is killed while it writes clients' files.

//go:build unix

package clientcfg

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKilledWhileWriting kills a process at random points, a hundred times, while it
// puts an entry into several files, some of them long: each file is whole, with what it
// had and with its mode, and so is each backup; the next run that ends sweeps the rest,
// also where it has nothing to change.
func TestKilledWhileWriting(t *testing.T) {
	const files, kills = 6, 100
	folder := t.TempDir()
	for i := range files {
		servers := make([]string, 1+i*i*20)
		for j := range servers {
			servers[j] = fmt.Sprintf(`"other-%d":{"command":"other","env":{"KEY":"%s"}}`, j, strings.Repeat("s", 200))
		}
		text := fmt.Sprintf(`{"of":%d,"mcpServers":{%s}}`, i, strings.Join(servers, ","))
		path := filepath.Join(folder, fmt.Sprint(i, ".json"))
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, modeOf(i)); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, after time.Duration) (took time.Duration) {
		began := time.Now()
		p := start(t, "all", folder, name)
		if after > 0 {
			time.AfterFunc(after, func() { _ = p.cmd.Process.Kill() })
		}
		out, _ := p.wait(t)
		if out != "" {
			t.Fatal(out)
		}
		return time.Since(began)
	}
	whole := run("whole", 0)
	began, ended := 0, 0
	for n := range kills {
		name := fmt.Sprint("kill-", n)
		run(name, 1+time.Duration(rand.Int64N(int64(whole))))
		there := checkWhole(t, folder, name)
		if there > 0 {
			began++
		}
		if there == files {
			ended++
		}
	}
	t.Logf("%v for a whole run; of %d killed ones %d had written something, and %d all", whole, kills, began, ended)
	if began-ended < kills/20 {
		t.Errorf("%d of %d were killed in between: the points are no test", began-ended, kills)
	}
	run("whole", 0) // has nothing to change
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			t.Errorf("%s is left", e.Name())
		}
	}
	if left := len(entries); left > files*(1+keepBackups+1) {
		t.Errorf("%d files are left", left)
	}
}

// modeOf is the mode of a file by its number.
func modeOf(i int) fs.FileMode { return []fs.FileMode{0o600, 0o640, 0o644}[i%3] }

// checkWhole checks all files and backups, and counts the files with an entry.
func checkWhole(t *testing.T, folder, name string) (there int) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		data, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Of      int
			Servers map[string]json.RawMessage `json:"mcpServers"`
		}
		if err := json.Unmarshal(data, &doc); err != nil {
			t.Fatalf("%s is not whole: %v", e.Name(), err)
		}
		others := 0
		for server := range doc.Servers {
			if strings.HasPrefix(server, "other-") {
				others++
			}
		}
		if info, err := e.Info(); err != nil || info.Mode().Perm() != modeOf(doc.Of) || others != 1+doc.Of*doc.Of*20 {
			t.Errorf("%s has %d other servers, mode %v, %v", e.Name(), others, info.Mode(), err)
		}
		if strings.HasSuffix(e.Name(), ".json") {
			seen++
			if doc.Servers[name] != nil {
				there++
			}
		}
	}
	if seen != len(filesOf(folder)) || seen == 0 {
		t.Errorf("%d files", seen)
	}
	return there
}
