// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: docs/clients.md is made from the table of clients.

package clientcfg

import (
	"cmp"
	"fmt"
	"os"
	"strings"
	"testing"
)

const clientsHead = `# MCP clients

What ` + "`tshmcp config`" + ` knows of each client: its file on each system, what the client needs to notice a change, and how
long names may be. ` + "`tshmcp config --list-clients`" + ` shows which of them are on this machine. This page is made from the
table of clients (` + "`go test ./internal/clientcfg -run ClientsDocument -update`" + `).

`

// TestClientsDocument holds docs/clients.md and the table of clients together.
func TestClientsDocument(t *testing.T) {
	const path = "../../docs/clients.md"
	var b strings.Builder
	b.WriteString(clientsHead)
	for _, c := range Clients() {
		describeClient(t, &b, c)
	}
	want := strings.TrimRight(b.String(), "\n") + "\n"
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/clients.md is not what the table says: go test ./internal/clientcfg -run ClientsDocument -update rewrites it")
	}
}

func describeClient(t *testing.T, b *strings.Builder, c Client) {
	fmt.Fprintf(b, "## %s\n\n`--client-config=%s`", c.Name, c.ID)
	for _, alias := range c.Aliases {
		fmt.Fprintf(b, " or `%s`", alias)
	}
	b.WriteString("\n\n")
	files := false
	for _, goos := range []string{"linux", "darwin", "windows"} {
		where, note := whereOn(t, c, goos)
		if where == "" {
			continue
		}
		files = true
		where = strings.NewReplacer("/home/ann", "~", "/Users/ann", "~", winHome, "%USERPROFILE%").Replace(where)
		fmt.Fprintf(b, "* %s: `%s`%s\n", map[string]string{"linux": "Linux", "darwin": "macOS", "windows": "Windows"}[goos], where, note)
	}
	if !files {
		_, why := whereOn(t, c, "linux")
		fmt.Fprintf(b, "* no file is written, the entry is printed to be pasted: %s\n", why)
	}
	if c.Project != "" {
		fmt.Fprintf(b, "* of a project (`--scope=project`): `%s`\n", c.Project)
	}
	if after := cmp.Or(c.After, c.ProjectAfter); after != "" {
		fmt.Fprintf(b, "* after a change: %s\n", after)
	}
	if c.Logs != "" {
		fmt.Fprintf(b, "* its own log: %s\n", c.Logs)
	}
	if c.Limit.Max > 0 {
		rule := c.Limit.Name("SERVER", "TOOL")
		fmt.Fprintf(b, "* names: `%s` in at most %d characters; beyond that %s\n", rule, c.Limit.Max, c.Limit.Beyond)
	}
	if c.VendorCLI != "" {
		fmt.Fprintf(b, "* its own command for the same: `%s`\n", c.VendorCLI)
	}
	b.WriteString("\n")
}
