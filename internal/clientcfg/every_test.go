// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryClient goes through a life with each client on each system, with
// real files: another server is there already; ours is added, nothing happens
// the second time, it is removed, and a broken file is left alone. The paths are
// those of the system, below a temporary folder.
func TestEveryClient(t *testing.T) {
	for _, goos := range []string{"linux", "darwin", "windows"} {
		for _, c := range Clients() {
			if !c.PrintOnly {
				t.Run(goos+"/"+c.ID, func(t *testing.T) { liveWith(t, c, goos) })
			}
		}
	}
}

func liveWith(t *testing.T, c Client, goos string) {
	path := pathBelow(t, c, goos, t.TempDir())
	if path == "" {
		t.Skip("no file on this system")
	}
	other := map[string]Entry{"other": {Command: "npx", Args: []string{"-y", "other"}}}
	ours := map[string]Entry{"teleport-mcp-grafana": {
		Command: map[string]string{"windows": `C:\Tools\tshmcp.exe`}[goos] + map[string]string{"linux": "/usr/bin/tshmcp", "darwin": "/opt/homebrew/bin/tshmcp"}[goos],
		Args:    []string{"connect", "grafana", "--proxy=teleport.example.com:443"},
		Env:     map[string]string{"TSHMCP_HOME": "/home/ann/My Files"},
	}}
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
	if all, err := c.EntriesOf(path); err != nil || len(all) != 2 || !all[1].Ours {
		t.Errorf("list: %+v, %v", all, err)
	}
	if result, err := c.Write(path, ours, Options{}); err != nil || result.Changed || readFile(t, path) != added {
		t.Errorf("second run: %+v, %v", result, err)
	}
	if result, err := c.RemoveFrom(path, []string{"teleport-mcp-grafana"}, Options{}); err != nil || !result.Changed || readFile(t, path) != before {
		t.Errorf("remove: %+v, %v\n%s", result, err, readFile(t, path))
	}
	var foreign *ForeignEntryError
	if _, err := c.RemoveFrom(path, []string{"other"}, Options{}); !errors.As(err, &foreign) || foreign.Command != "npx" {
		t.Errorf("remove another's: %v", err)
	}
	broken := map[Format]string{TOML: added + "x = \"", YAML: added + "x: \""}[c.Format]
	if broken == "" {
		broken = added[:len(added)/2]
	}
	writeFile(t, path, broken, 0o600)
	var syntax *SyntaxError
	if _, err := c.Write(path, ours, Options{Force: true}); !errors.As(err, &syntax) || readFile(t, path) != broken {
		t.Errorf("broken file: %v", err)
	}
}

// pathBelow is where the client's file is on a system, as a path of this one
// below root; "" if there is none.
func pathBelow(t *testing.T, c Client, goos, root string) string {
	t.Helper()
	s := system{goos: goos, home: "/home/ann"}
	if goos == "windows" {
		s.home = winHome
	}
	path, err := c.Path(s.env())
	var noFile *NoFileError
	if errors.As(err, &noFile) {
		return ""
	}
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, strings.NewReplacer(`\`, string(os.PathSeparator), ":", "").Replace(path))
}
