// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

func rulesFor(allow, deny []string) *Rules {
	return &Rules{
		Cluster: "c", app: teleport.App{Name: "notes", URI: "mcp+http://x", SubKind: "mcp"},
		roles: []teleport.Role{{Name: "reader", Allow: teleport.RoleConditions{AppLabels: map[string][]string{"*": {"*"}}, Tools: allow}, Deny: teleport.RoleConditions{Tools: deny}}},
	}
}

func listing(t *testing.T, rules *Rules, page string) *Listing {
	t.Helper()
	l := &Listing{Server: "notes", known: map[string]struct{}{}}
	if err := l.add([]byte(page), rules); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAdd(t *testing.T) {
	page := `{"tools":[{"name":"get"},{"name":"put"},{"name":"drop"},{"name":"get","description":"again"},{}]}`
	l := listing(t, rulesFor([]string{"get", "drop"}, []string{"drop"}), page)
	var got []string
	for _, tool := range l.Tools {
		got = append(got, tool.Name+": "+tool.accessText())
	}
	want := "get: allowed by reader|put: denied: no role allows it|drop: denied by reader|: denied: no role allows it"
	if strings.Join(got, "|") != want {
		t.Errorf("%q", got)
	}
	if l := listing(t, nil, page); l.Tools[0].accessText() != "listed" || l.Tools[0].Roles == nil {
		t.Errorf("without roles: %+v", l.Tools[0])
	}
	if l := listing(t, nil, `{"tools":null}`); len(l.Tools) != 0 {
		t.Errorf("%+v", l)
	}
	if err := (&Listing{}).add([]byte(`{"tools":{"a":1}}`), nil); err == nil {
		t.Error("what is no list is taken for one")
	}
}

// A tool that is not there is unknown, or denied, which the roles alone can tell.
func TestFind(t *testing.T) {
	l := listing(t, nil, `{"tools":[{"name":"get_note"}]}`)
	rules := func(deny ...string) func() (*Rules, error) {
		return func() (*Rules, error) { return rulesFor([]string{"get_*", "x"}, deny), nil }
	}
	if tool, err := l.find("get_note", nil); err != nil || tool.Name != "get_note" {
		t.Errorf("%v %v", tool, err)
	}
	for name, tt := range map[string]struct {
		tool  string
		rules func() (*Rules, error)
		want  string
	}{
		"unknown":           {"get_nope", rules(), `the MCP server notes has no tool "get_nope" that you may use`},
		"not allowed":       {"drop", rules(), `none of your roles in c allows the tool "drop" of notes`},
		"denied":            {"x", rules("x"), `your role reader in c denies the tool "x" of notes`},
		"roles not known":   {"drop", func() (*Rules, error) { return nil, errors.New("offline") }, `the MCP server notes has no tool "drop" that you may use`},
		"an ordinary app":   {"drop", func() (*Rules, error) { return &Rules{}, nil }, `the MCP server notes has no tool "drop" that you may use`},
		"a name of terrors": {"\x1b[2Jx", rules(), `none of your roles in c allows the tool "\x1b[2Jx" of notes`},
	} {
		if _, err := l.find(tt.tool, tt.rules); err == nil || err.Error() != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	var unknown *UnknownToolError
	if _, err := l.find("get_nite", rules()); !errors.As(err, &unknown) || !strings.Contains(unknown.Hints()[0], "get_note") {
		t.Errorf("%v", err)
	}
}

// What a server says of its tools is read, and does nothing else.
func TestHostileTexts(t *testing.T) {
	l := listing(t, nil, `{"tools":[{"name":"a\u001b]0;x\u0007\n","title":"`+strings.Repeat("x", 1<<20)+`",
		"description":"\n\u001b[31mred\u202e\nsecond","inputSchema":{"properties":{"k\u001b[2J\r":{"description":"\u001b[1mbold\n","type":"string","default":"\u0007"}},"required":["k\u001b[2J\r"]}}]}`)
	tool := l.Tools[0]
	for name, text := range map[string]string{
		"summary": tool.Summary(), "signature": tool.signature(), "access": tool.accessText(),
		"command": tool.commandLine(Place{App: "notes"}), "meaning": tool.Arguments[0].meaning(),
	} {
		if plain.Line(text) != text || len(text) > 2000 {
			t.Errorf("%s: %q", name, text)
		}
	}
	if got := tool.Summary(); got != "[31mred" && got != "red" {
		t.Errorf("summary %q", got)
	}
	err := &RefusedError{Place: Place{App: "notes"}, Asked: "tools/call", Message: strings.Repeat("\x1b[2Jx ", 1<<20), Code: -1}
	if text := err.Error(); len(text) > 2*longestSaid || plain.Line(text) != text {
		t.Errorf("%.100q", text)
	}
}
