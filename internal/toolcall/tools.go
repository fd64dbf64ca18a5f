// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/similar"
)

// Listing is what a server has and what roles say of it. Readers of the JSON get
// empty lists, never null.
type Listing struct {
	Server string   `json:"server" yaml:"server"` // name of the app
	Tools  []Tool   `json:"tools" yaml:"tools"`   // in the server's order
	Denied []Denial `json:"denied" yaml:"denied"`

	// Request is the command that requests access where there are no tools; it may
	// be empty.
	Request string `json:"-" yaml:"-"`

	at    Place
	known map[string]struct{} // names
}

// place is the server that was listed.
func (l *Listing) place() Place { return Place{l.Server, l.at.Path, l.at.Flags} }

// Denial is a pattern of a role: no tool that it matches may be used, whether the
// server has one or not.
type Denial struct {
	Tools string `json:"tools" yaml:"tools"`
	Role  string `json:"role" yaml:"role"`
}

// Tool is one tool of a server. All texts are the server's.
type Tool struct {
	Name        string     `json:"name" yaml:"name"`
	Title       string     `json:"title" yaml:"title"`
	Description string     `json:"description" yaml:"description"`
	Access      string     `json:"access" yaml:"access"` // allowed, denied or unknown
	Roles       []string   `json:"roles" yaml:"roles"`   // that say so
	Arguments   []Argument `json:"arguments" yaml:"arguments"`
	InputSchema any        `json:"input_schema" yaml:"input_schema"` // as the server has it

	schema schema
	prompt bool // that has arguments like a tool
}

// The bounds of a list: a server that goes on and on is not followed.
const (
	maxPages = 1000
	maxBytes = 64 << 20
)

var errEndless = errors.New("the list does not end")

// Tools lists the tools of the server, all pages of them, with what the rules say.
func (s *Session) Tools(ctx context.Context, rules *Rules) (*Listing, error) {
	all := &Listing{Server: s.App, at: s.Place, Tools: []Tool{}, Denied: rules.denials(), known: map[string]struct{}{}}
	if caps := s.Server().Capabilities; caps != nil && caps.Tools == nil {
		return all, nil
	}
	err := s.pages(ctx, "tools/list", func(cursor string) (string, error) {
		page, err := s.client.ListTools(ctx, &mcp.ListToolsParams{Cursor: cursor})
		if err != nil {
			return "", err
		}
		return page.NextCursor, all.add(s.wire.result("tools/list"), rules)
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// pages asks for one page after the other.
func (s *Session) pages(ctx context.Context, method string, ask func(cursor string) (next string, err error)) error {
	size := 0
	for cursor, n := "", 0; ; n++ {
		next, err := ask(cursor)
		if err != nil {
			return s.explain(ctx, method, err)
		}
		if size += len(s.wire.result(method)); n >= maxPages || size > maxBytes {
			return &AnswerError{Place: s.Place, Asked: method, Err: errEndless}
		}
		if next == "" || next == cursor { // a server that knows no pages may say the same each time
			return nil
		}
		cursor = next
	}
}

// add takes over the tools of a page, those of a name once.
func (l *Listing) add(page []byte, rules *Rules) error {
	var result struct {
		Tools []struct {
			Name, Title, Description string
			InputSchema              json.RawMessage
		}
	}
	if err := json.Unmarshal(page, &result); err != nil {
		return err
	}
	for _, t := range result.Tools {
		if _, known := l.known[t.Name]; known {
			continue
		}
		l.known[t.Name] = struct{}{}
		tool := Tool{Name: t.Name, Title: t.Title, Description: t.Description, schema: newSchema(t.InputSchema), InputSchema: decoded(t.InputSchema)}
		tool.Arguments = tool.schema.arguments()
		tool.Access, tool.Roles = rules.judge(t.Name)
		l.Tools = append(l.Tools, tool)
	}
	return nil
}

// find returns the tool of that name. rules are asked for if there is none, and may
// fail: whether roles deny it, or it does not exist, is worth knowing only then.
func (l *Listing) find(name string, rules func() (*Rules, error)) (*Tool, error) {
	i := slices.IndexFunc(l.Tools, func(t Tool) bool { return t.Name == name })
	if i >= 0 {
		return &l.Tools[i], nil
	}
	near := similar.To(name, l.names())
	if r, err := rules(); err == nil {
		if verdict, roles := r.judge(name); verdict == Denied {
			return nil, &DeniedToolError{Place: l.place(), Cluster: r.Cluster, Tool: name, Roles: roles, Similar: near, Request: r.request(roles)}
		}
	}
	return nil, &UnknownToolError{Place: l.place(), Tool: name, Similar: near}
}

// only is the list of the named tools, or all of it without names. An error is as
// that of find.
func (l *Listing) only(names []string, rules func() (*Rules, error)) (*Listing, error) {
	if len(names) == 0 {
		return l, nil
	}
	some := &Listing{Server: l.Server, at: l.at, Denied: l.Denied}
	for _, name := range names {
		tool, err := l.find(name, rules)
		if err != nil {
			return nil, err
		}
		some.Tools = append(some.Tools, *tool)
	}
	return some, nil
}

func (l *Listing) names() []string {
	names := make([]string, len(l.Tools))
	for i, t := range l.Tools {
		names[i] = t.Name
	}
	return names
}
