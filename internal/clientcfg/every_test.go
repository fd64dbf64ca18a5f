// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: every client on every system, with real files.

package clientcfg

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
)

// TestEveryClient goes through a life with each client on each system, with
// real files: another server is there already; ours is added, nothing happens
// the second time, it is removed, and a broken file is left alone. The paths are
// those of the system, below a temporary folder. With -v it prints a table.
func TestEveryClient(t *testing.T) {
	var rows []string
	for _, c := range Clients() {
		for _, goos := range []string{"linux", "darwin", "windows"} {
			t.Run(c.ID+"/"+goos, func(t *testing.T) {
				row := liveWith(t, c, goos)
				rows = append(rows, fmt.Sprintf("%s\t%s\t%s", c.ID, goos, row))
			})
		}
	}
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "\nCLIENT\tSYSTEM\tADD\tSECOND RUN\tREMOVE\tBROKEN FILE\tFILE\n", strings.Join(rows, "\n"), "\n")
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	t.Log(table.String())
}

const ourName = "teleport-mcp-grafana"

// liveWith returns what happened, as a row of the table.
func liveWith(t *testing.T, c Client, goos string) string {
	other := map[string]Entry{"other": {Command: "npx", Args: []string{"-y", "other"}}}
	ours := map[string]Entry{ourName: {
		Command: map[string]string{"windows": `C:\Tools\tshmcp.exe`, "linux": "/usr/bin/tshmcp", "darwin": "/opt/homebrew/bin/tshmcp"}[goos],
		Args:    []string{"connect", "grafana", "--proxy=teleport.example.com:443"},
		Env:     map[string]string{"TSHMCP_HOME": "/home/ann/My Files"},
	}}
	where, only := whereOn(t, c, goos)
	if where == "" {
		if text, err := c.RenderAll(ours, Options{}); err != nil || !strings.Contains(string(text), "tshmcp") {
			t.Errorf("print: %v\n%s", err, text)
		}
		return "printed\t-\t-\t-\t(" + only + ")"
	}
	path := filepath.Join(t.TempDir(), strings.NewReplacer(`\`, string(os.PathSeparator), ":", "").Replace(where))
	if _, err := c.Write(path, other, Options{}); err != nil {
		t.Fatal(err)
	}
	before := readFile(t, path)
	result, err := c.Write(path, ours, Options{})
	if err != nil || !result.Changed || result.Backup == "" || readFile(t, result.Backup) != before {
		t.Fatalf("add: %+v, %v", result, err)
	}
	added := readFile(t, path)
	checkEdit(t, c, []byte(before), []byte(added), ours)
	if all, err := c.EntriesOf(path, every); err != nil || len(all) != 2 || !all[1].Ours {
		t.Errorf("list: %+v, %v", all, err)
	}
	if result, err := c.Write(path, ours, Options{}); err != nil || result.Changed || readFile(t, path) != added {
		t.Errorf("second run: %+v, %v", result, err)
	}
	if result, err := c.removeFrom(path, []string{ourName}, Options{}); err != nil || !result.Changed || readFile(t, path) != before {
		t.Errorf("remove: %+v, %v\n%s", result, err, readFile(t, path))
	}
	var foreign *ForeignEntryError
	if _, err := c.removeFrom(path, []string{"other"}, Options{}); !errors.As(err, &foreign) || foreign.Command != "npx" {
		t.Errorf("remove another's: %v", err)
	}
	refused := refuseBroken(t, c, path, added, ours)
	if t.Failed() {
		return "FAILED"
	}
	return "added\tunchanged\tas before\t" + refused + "\t" + where + only
}

// refuseBroken breaks a file in a known line, and holds that it is refused with
// that place and left as it is, even by force.
func refuseBroken(t *testing.T, c Client, path, good string, entries map[string]Entry) string {
	t.Helper()
	broken, line := breakFile(c.Format, good)
	writeFile(t, path, broken, 0o600)
	inFolder := names(t, filepath.Dir(path))
	_, err := c.Write(path, entries, Options{Force: true})
	var syntax *SyntaxError
	if !errors.As(err, &syntax) || syntax.Line != line || syntax.Column < 1 {
		t.Errorf("broken in line %d: %v", line, err)
		return ""
	}
	if _, err := c.removeFrom(path, []string{ourName}, Options{Force: true}); !errors.As(err, &syntax) {
		t.Errorf("remove from a broken file: %v", err)
	}
	if readFile(t, path) != broken || fmt.Sprint(names(t, filepath.Dir(path))) != fmt.Sprint(inFolder) {
		t.Error("a broken file was touched")
	}
	return fmt.Sprintf("refused (line %d, column %d)", syntax.Line, syntax.Column)
}

// breakFile returns a text that no parser takes, and the line of the mistake.
func breakFile(f Format, good string) (broken string, line int) {
	old, with := `"command":`, `"command"`
	switch f {
	case TOML:
		old, with = "command = ", "command "
	case YAML:
		old, with = "type: stdio", "type: ]stdio"
	}
	at := strings.Index(good, old)
	return good[:at] + with + good[at+len(old):], 1 + strings.Count(good[:at], "\n")
}

// thereAlready are files or folders without which a client has none to write.
var thereAlready = map[string]string{
	"claude linux": "/home/ann/.config/Claude",
	"trae linux":   "/home/ann/.config/Trae/User/mcp.json",
	"amp windows":  winHome + `\.config\amp\settings.json`,
}

// whereOn is where the client's file is on a system, and under which condition;
// or why there is none.
func whereOn(t *testing.T, c Client, goos string) (path, only string) {
	t.Helper()
	s := system{goos: goos, home: map[string]string{"linux": "/home/ann", "darwin": "/Users/ann", "windows": winHome}[goos]}
	path, err := c.Path(s.env())
	var noFile *NoFileError
	if errors.As(err, &noFile) {
		there := thereAlready[c.ID+" "+goos]
		if there == "" {
			return "", cmp.Or(noFile.Reason, c.PrintReason)
		}
		s.files, only = []string{there}, " (where it or its folder is there; else printed)"
		path, err = c.Path(s.env())
	}
	if err != nil {
		t.Fatal(err)
	}
	return path, only
}

func every(string) bool { return true }
