// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"slices"
	"strings"
	"testing"
)

const wrapped = `connect is what tshmcp config writes into an MCP client's
file: it relays MCP messages.

Usage:
  tshmcp connect NAME [flags]

Flags:
      --login string    auto opens the browser when a request needs a new login, never does not
  -H, --header 'Name: value'     to send
Examples:
  tshmcp config grafana-mcp --client-config=claude,codex --dry-run
`

func TestWrap(t *testing.T) {
	const want = `connect is what tshmcp config writes into
an MCP client's file: it relays MCP
messages.

Usage:
  tshmcp connect NAME [flags]

Flags:
      --login string
          auto opens the browser when a
          request needs a new login, never
          does not
  -H, --header 'Name: value'     to send
Examples:
  tshmcp config grafana-mcp \
      --client-config=claude,codex \
      --dry-run
`
	if got := Wrap(wrapped, 42); got != want {
		t.Errorf("got\n%s", got)
	}
	if got := Wrap(wrapped, 0); got != wrapped {
		t.Errorf("without a window:\n%s", got)
	}
}

// A command is pasted: it is broken between the shell's words alone, however wide these
// are, and each line but the last says that it goes on.
func TestWrapCommand(t *testing.T) {
	const text = `Examples:
  tshmcp demo serve --app 'files=mcp+stdio:npx -y  @modelcontextprotocol/server-filesystem /tmp' \
    --rewrite 'grafana-mcp=X-Grafana-API-Key: {{internal.jwt}}' --allow-tool '^(get|list)_.*$'
  jq -n '{query: "node"}' | tshmcp call grafana-mcp search_dashboards -
  tshmcp login   signs in, which is a table and no command
`
	const want = `Examples:
  tshmcp demo serve --app \
      'files=mcp+stdio:npx -y  @modelcontextprotocol/server-filesystem /tmp' \
    --rewrite \
        'grafana-mcp=X-Grafana-API-Key: {{internal.jwt}}' \
        --allow-tool '^(get|list)_.*$'
  jq -n '{query: "node"}' | tshmcp \
      call grafana-mcp \
      search_dashboards -
  tshmcp login   signs in, which is a
                 table and no command
`
	if got := Wrap(text, 40); got != want {
		t.Errorf("got\n%s", got)
	}
	for _, width := range []int{20, 60, 80} {
		if got := strings.Fields(strings.ReplaceAll(Wrap(text, width), `\`, "")); !slices.Equal(got, strings.Fields(strings.ReplaceAll(text, `\`, ""))) {
			t.Errorf("at %d other words:\n%q", width, got)
		}
	}
}

func FuzzWrap(f *testing.F) {
	f.Add(wrapped, 40)
	f.Add(strings.Repeat("本番", 60)+"\n  a  b\n", 21)
	f.Add("      a   "+strings.Repeat("x", 300), 20)
	f.Fuzz(func(t *testing.T, text string, width int) {
		text = Text(text)
		if width < 20 || width > 200 || strings.Contains(text, "\t") {
			return
		}
		deepest := 0
		for _, line := range strings.Split(text, "\n") {
			deepest = max(deepest, len(line)-len(strings.TrimLeft(line, " ")))
		}
		if deepest > 8 {
			return
		}
		got := WrapProse(text, width)
		if !strings.Contains(text, `\`) && !strings.Contains(text, "tshmcp ") { // a command may be wider
			got += Wrap(text, width)
		}
		for _, line := range strings.Split(got, "\n") {
			if Width(line) > width {
				t.Errorf("%d cells, not %d: %q", Width(line), width, line)
			}
		}
	})
}
