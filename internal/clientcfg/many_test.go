// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: files of very many entries.

package clientcfg

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// manyEntries are entries of ours, named after their numbers.
func manyEntries(word string, n int) map[string]Entry {
	all := map[string]Entry{}
	for i := range n {
		app := fmt.Sprintf("%s-%04d", word, i)
		all[app] = Entry{Command: "/opt/tshmcp", Args: []string{"connect", app, "--proxy=teleport.example.com:443"}, Env: map[string]string{"TSHMCP_HOME": "/home/ann/.tshmcp"}}
	}
	return all
}

// largeClients have one file of each format, and of each shape of YAML.
func largeClients(t testing.TB) []Client {
	var all []Client
	for _, id := range []string{"cursor", "vscode", "codex", "goose", "continue"} {
		c, ok := Lookup(id)
		if !ok {
			t.Fatal(id)
		}
		all = append(all, c)
	}
	return all
}

// largeEdits are edits of a file of many entries, some of one of them and some
// of each third.
func largeEdits(size int) map[string]change {
	third := max(1, size/3)
	updated := manyEntries("old", third)
	for name, e := range updated {
		e.Command, e.Args = "/usr/bin/tshmcp", append(slices.Clone(e.Args), "--path=/mcp")
		e.Env = map[string]string{"TSHMCP_HOME": "/elsewhere", "HTTPS_PROXY": "http://proxy:3128"}
		updated[name] = e
	}
	return map[string]change{
		"add one":     {set: manyEntries("new", 1)},
		"add many":    {set: manyEntries("new", third)},
		"update many": {set: updated},
		"remove one":  {remove: []string{"old-0007"}},
		"remove many": {remove: slices.Sorted(maps.Keys(manyEntries("old", third)))},
	}
}

// largeFile is a file of so many entries of ours.
func largeFile(t testing.TB, c Client, size int) []byte {
	t.Helper()
	data, err := c.Edit(nil, manyEntries("old", size))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestLargeFiles: an edit of a file with thousands of entries takes no time that
// a person would notice, however many entries it is about. The bound is far
// above what it takes, in the least of three runs, and far below what one pass over
// the file for each entry would.
func TestLargeFiles(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes a processor for long, and -short is set")
	}
	const size, bound = 1500, 5 * time.Second
	for _, c := range largeClients(t) {
		data := largeFile(t, c, size)
		for name, ch := range largeEdits(size) {
			out, took := applyWithin(t, c, data, ch, bound)
			t.Logf("%s, %s: %d kB, %v", c.ID, name, len(data)>>10, took.Round(time.Millisecond))
			if took > bound {
				t.Errorf("%s, %s: %v for a file of %d kB", c.ID, name, took, len(data)>>10)
			}
			all, err := c.Entries(out)
			if want := size + countNew(ch) - len(ch.remove); err != nil || len(all) != want {
				t.Errorf("%s, %s: %d entries, want %d (%v)", c.ID, name, len(all), want, err)
			}
		}
	}
}

// applyWithin makes an edit and says how long that took: at best of three times, if
// it is longer than bound, since the machine may have had other things to do.
func applyWithin(t *testing.T, c Client, data []byte, ch change, bound time.Duration) (out []byte, took time.Duration) {
	t.Helper()
	took = time.Hour
	for range 3 {
		begin := time.Now()
		edited, err := c.editor().apply(context.Background(), data, ch)
		if err != nil {
			t.Fatal(c.ID, err)
		}
		out, took = edited, min(took, time.Since(begin))
		if took <= bound {
			break
		}
	}
	return out, took
}

func countNew(ch change) (n int) {
	for name := range ch.set {
		if name[:3] == "new" {
			n++
		}
	}
	return n
}

// TestLongLines: the same for a JSON file without line breaks.
func TestLongLines(t *testing.T) {
	const bound = 10 * time.Second
	c, _ := Lookup("cursor")
	data, err := c.RenderAll(manyEntries("old", 3000), Options{JSON: JSONCompact})
	if err != nil {
		t.Fatal(err)
	}
	for name, ch := range largeEdits(3000) {
		if _, took := applyWithin(t, c, data, ch, bound); took > bound {
			t.Errorf("%s: %v", name, took)
		}
	}
}

// BenchmarkEdit shows how an edit grows with the file and with the entries that
// it is about.
func BenchmarkEdit(b *testing.B) {
	for _, c := range largeClients(b) {
		for _, edit := range slices.Sorted(maps.Keys(largeEdits(1))) {
			for _, size := range []int{30, 300, 3000} {
				data, ch := largeFile(b, c, size), largeEdits(size)[edit]
				b.Run(fmt.Sprintf("%s/%s/%d", c.ID, edit, size), func(b *testing.B) {
					b.ReportAllocs()
					b.SetBytes(int64(len(data)))
					for b.Loop() {
						if _, err := c.editor().apply(context.Background(), data, ch); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}

// gooseFile is a file as Goose writes it, with so many extensions of others.
func gooseFile(n int) []byte {
	var b strings.Builder
	b.WriteString("GOOSE_PROVIDER: anthropic\nextensions:\n")
	for i := range n {
		fmt.Fprintf(&b, "  ext%d:\n    args:\n    - -y\n    - '@org/server-%d'\n    bundled: null\n    cmd: npx\n    description: 'does: things # no comment'\n"+
			"    enabled: true\n    env_keys: []\n    envs:\n      A: \"b\"\n    name: ext%d\n    timeout: 300\n    type: stdio\n", i, i, i)
	}
	return []byte(b.String())
}

// TestWorkGrowsWithTheFile: one entry more in a file of four times the extensions takes
// four times the memory, and not sixteen times. It does not depend on how busy the
// machine is; BenchmarkGoose has the time.
func TestWorkGrowsWithTheFile(t *testing.T) {
	c, _ := Lookup("goose")
	took := func(n int) uint64 {
		data := gooseFile(n)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if _, err := c.editor().apply(context.Background(), data, change{set: manyEntries("new", 1)}); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	took(10)
	one, four := took(500), took(2000)
	if ratio := float64(four) / float64(one); ratio > 6 {
		t.Errorf("%d kB for 500 extensions, %d kB for 2000: %.1f times", one>>10, four>>10, ratio)
	}
}

// BenchmarkGoose adds an entry to a file of 2,000 extensions.
func BenchmarkGoose(b *testing.B) {
	c, _ := Lookup("goose")
	data := gooseFile(2000)
	for b.Loop() {
		if _, err := c.editor().apply(context.Background(), data, change{set: manyEntries("new", 1)}); err != nil {
			b.Fatal(err)
		}
	}
}
