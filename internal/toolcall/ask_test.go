// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// person types lines, and keeps what is shown.
type person struct {
	lines  []string
	shown  []string
	busy   sync.Mutex
	paused bool // what is shown of the progress
}

func (p *person) Ask(_ context.Context, prompt string) (string, error) {
	if !p.busy.TryLock() {
		return "", errors.New("two questions at a time")
	}
	defer p.busy.Unlock()
	if !p.paused {
		return "", errors.New("a question beside what is shown of the progress")
	}
	p.shown = append(p.shown, prompt)
	if len(p.lines) == 0 {
		return "", io.EOF
	}
	line := p.lines[0]
	p.lines = p.lines[1:]
	return line, nil
}

func (p *person) elicitor() *Elicitor {
	return &Elicitor{
		App: "notes", Person: p, Say: func(line string) { p.shown = append(p.shown, line) },
		Pause: func() { p.paused = true }, Resume: func() { p.paused = false },
	}
}

func TestElicit(t *testing.T) {
	form := json.RawMessage(`{"type":"object","required":["name"],"properties":{"name":{"type":"string"},
		"kind":{"type":"string","oneOf":[{"const":"a","title":"A"},{"const":"b","title":"B"}],"default":"b"},
		"tags":{"type":"array","items":{"type":"string","enum":["x","y"]}},"on":{"type":"boolean"}}}`)
	for name, tt := range map[string]struct {
		params mcp.ElicitParams
		lines  []string
		want   string
	}{
		"everything":            {mcp.ElicitParams{RequestedSchema: form}, []string{"y", "Ada", "a", "x, y", "true"}, `accept {"kind":"a","name":"Ada","on":true,"tags":["x","y"]}`},
		"what must be":          {mcp.ElicitParams{RequestedSchema: form}, []string{"yes", "Ada", "", "", ""}, `accept {"kind":"b","name":"Ada"}`},
		"mistyped":              {mcp.ElicitParams{RequestedSchema: form}, []string{"y", "Ada", "c", "a", "z", "x", "maybe", "false"}, `accept {"kind":"a","name":"Ada","on":false,"tags":["x"]}`},
		"nothing at all":        {mcp.ElicitParams{RequestedSchema: form}, []string{"y", "", "", "", "", ""}, `decline null`},
		"declined":              {mcp.ElicitParams{RequestedSchema: form}, []string{""}, `decline null`},
		"without a form":        {mcp.ElicitParams{}, []string{"y"}, `accept {}`},
		"without a yes":         {mcp.ElicitParams{}, []string{"n"}, `decline null`},
		"the end of input":      {mcp.ElicitParams{}, nil, `cancel null`},
		"the end in a form":     {mcp.ElicitParams{RequestedSchema: form}, []string{"y", "Ada"}, `cancel null`},
		"a page":                {mcp.ElicitParams{Mode: "url", URL: "https://example.com/x?y=1"}, []string{"y"}, `accept null`},
		"a page that is a trap": {mcp.ElicitParams{Mode: "url", URL: "javascript:alert(1)"}, []string{"y"}, `decline null`},
		"a page on the disk":    {mcp.ElicitParams{Mode: "url", URL: "file:///etc/passwd"}, []string{"y"}, `decline null`},
		"a page nowhere":        {mcp.ElicitParams{Mode: "url"}, []string{"y"}, `decline null`},
	} {
		p := &person{lines: tt.lines}
		res, err := p.elicitor().Elicit(t.Context(), &tt.params)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			content, _ := json.Marshal(res.Content)
			got = res.Action + " " + string(content)
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s\n%s", name, got, tt.want, strings.Join(p.shown, "\n"))
		}
		if p.paused {
			t.Errorf("%s: nothing is shown of the progress any more", name)
		}
	}
}

// TestHostsOfPages: a name in which letters may look like others is pointed out.
func TestHostsOfPages(t *testing.T) {
	for link, want := range map[string]bool{
		"https://example.com/\u0430": false, "https://xn--pple-43d.com/": true, "https://\u0430pple.com/": true, "https://xn.example.com:8443/xn--": false,
	} {
		p := &person{lines: []string{"n"}}
		if _, err := p.elicitor().Elicit(t.Context(), &mcp.ElicitParams{Mode: "url", URL: link}); err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(p.shown, "Mind that name: letters of other scripts can look like others."); got != want {
			t.Errorf("%s: %v\n%q", link, got, p.shown)
		}
	}
}

// What a server asks is shown as its question, and does nothing to the terminal; one
// question is asked at a time.
func TestHostileQuestions(t *testing.T) {
	p := &person{}
	e := p.elicitor()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			answer, err := e.Elicit(t.Context(), &mcp.ElicitParams{
				Message:         "\n\x1b[2J\rPassword of the keyring:\u202e" + strings.Repeat("x\n", 1<<16),
				RequestedSchema: json.RawMessage(`{"properties":{"k\u001b[2J":{"type":"string","description":"\u0007d\n` + strings.Repeat("y", 1<<16) + `"}}}`),
			})
			if err != nil || answer.Action != "cancel" {
				t.Error(answer, err)
			}
		})
	}
	all.Wait()
	if n := len(p.shown); n > 10*(maxLines+5) {
		t.Errorf("%d lines", n)
	}
	p = &person{lines: []string{"y", "x"}}
	if _, err := p.elicitor().Elicit(t.Context(), &mcp.ElicitParams{Mode: "url", Message: "m", URL: "https://user:pw@example.com/\u202e\u200b"}); err != nil {
		t.Error(err)
	}
	p.lines = []string{"y", "x"}
	if _, err := p.elicitor().Elicit(t.Context(), &mcp.ElicitParams{Message: "m", RequestedSchema: json.RawMessage(`{"properties":{"k\u001b[2J":{"type":"integer","description":"\u0007d"}}}`)}); err != nil {
		t.Error(err)
	}
	for _, line := range p.shown {
		if plain.Line(line) != line || len(line) > 3000 {
			t.Errorf("%.200q", line)
		}
	}
	if p.shown[0] != "The MCP server notes asks:" || p.shown[1] != "  | m" {
		t.Errorf("%q", p.shown[:2])
	}
}
