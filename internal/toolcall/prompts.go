// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"io"
	"slices"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
)

// Prompt is one that a server lists. All texts are the server's.
type Prompt struct {
	Name        string     `json:"name" yaml:"name"`
	Title       string     `json:"title" yaml:"title"`
	Description string     `json:"description" yaml:"description"`
	Arguments   []Argument `json:"arguments" yaml:"arguments"`
}

// Prompts lists the prompts of the server. Roles do not decide over them.
func (s *Session) Prompts(ctx context.Context) ([]Prompt, error) {
	all := []Prompt{}
	if caps := s.Server().Capabilities; caps != nil && caps.Prompts == nil {
		return all, nil
	}
	const method = "prompts/list"
	err := s.pages(ctx, method, func(cursor string) (string, error) {
		page, err := s.client.ListPrompts(ctx, &mcp.ListPromptsParams{Cursor: cursor})
		if err != nil {
			return "", err
		}
		var wire struct{ Prompts []Prompt } // of arguments, what has the same name
		if err := json.Unmarshal(s.wire.result(method), &wire); err != nil {
			return "", err
		}
		for _, p := range wire.Prompts {
			for i := range p.Arguments {
				p.Arguments[i] = Argument{Name: p.Arguments[i].Name, Type: "string", Required: p.Arguments[i].Required, Description: p.Arguments[i].Description}
			}
			p.Arguments = append([]Argument{}, p.Arguments...)
			all = append(all, p)
		}
		return page.NextCursor, nil
	})
	return all, err
}

// Prompt gets a prompt with the arguments that were typed, all of which are texts.
func (s *Session) Prompt(ctx context.Context, name string, words []string) (*Result, error) {
	given, err := Given{Words: words}.read(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.Prompts(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(p Prompt) bool { return p.Name == name })
	if i < 0 {
		names := make([]string, len(all))
		for i, p := range all {
			names[i] = p.Name
		}
		return nil, &UnknownPromptError{Place: s.Place, Prompt: name, Similar: similar.To(name, names)}
	}
	doc, err := all[i].asTool().encode(s.Place, given)
	if err != nil {
		return nil, err
	}
	arguments := map[string]string{}
	if err := json.Unmarshal(doc, &arguments); err != nil {
		return nil, &ArgumentError{Tool: name, Text: "the arguments of prompts are strings", Shown: all[i].asTool().shown(s.Place)}
	}
	_, err = s.client.GetPrompt(ctx, &mcp.GetPromptParams{Name: name, Arguments: arguments})
	return s.answer(ctx, "prompts/get", err)
}

// promptArgument is the schema of every argument of a prompt.
var promptArgument = json.RawMessage(`{"type":"string"}`)

// asTool is a tool with the same arguments.
func (p *Prompt) asTool() *Tool {
	properties := []member{}
	for _, a := range p.Arguments {
		properties = append(properties, member{a.Name, promptArgument})
	}
	return &Tool{Name: p.Name, Title: p.Title, Description: p.Description, Arguments: p.Arguments, schema: schema{properties: properties}, prompt: true}
}

// Summary says in a few words what the prompt is for.
func (p *Prompt) Summary() string { return p.asTool().Summary() }

// Complete is [Tool.Complete].
func (p *Prompt) Complete(given []string, typed string) []string {
	return p.asTool().Complete(given, typed)
}

// PromptTable writes one line for each prompt.
func PromptTable(w io.Writer, all []Prompt) error {
	if len(all) == 0 {
		return nil
	}
	t := plain.NewTable(w, "NAME", "ARGUMENTS", "DESCRIPTION")
	t.Whole("NAME") // it is typed
	for _, p := range all {
		t.Row(p.Name, p.asTool().signature(), p.Summary())
	}
	return t.Flush()
}
