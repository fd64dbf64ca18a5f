// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package complete

import (
	"context"

	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// listed is what a server has of something, nil where that cannot be found out.
func listed[T any](f *Finder, ctx context.Context, server string, list func(*toolcall.Session) ([]T, error)) []T {
	s, err := f.Session(ctx, server)
	if err != nil {
		return nil
	}
	all, err := list(s)
	if s.Close() != nil || err != nil {
		return nil
	}
	return all
}

// toolsOf are the tools of a server.
func (f *Finder) toolsOf(ctx context.Context, server string) []toolcall.Tool {
	return listed(f, ctx, server, func(s *toolcall.Session) ([]toolcall.Tool, error) {
		list, err := s.Tools(ctx, nil)
		if err != nil {
			return nil, err
		}
		return list.Tools, nil
	})
}

func (f *Finder) promptsOf(ctx context.Context, server string) []toolcall.Prompt {
	return listed(f, ctx, server, func(s *toolcall.Session) ([]toolcall.Prompt, error) { return s.Prompts(ctx) })
}

func (f *Finder) tools(ctx context.Context, server string) (all words) {
	for _, t := range f.toolsOf(ctx, server) {
		all.add(t.Name, t.Summary())
	}
	return all
}

func (f *Finder) prompts(ctx context.Context, server string) (all words) {
	for _, p := range f.promptsOf(ctx, server) {
		all.add(p.Name, p.Summary())
	}
	return all
}

// resources are those of a server that can be read as they are named.
func (f *Finder) resources(ctx context.Context, server string) (all words) {
	for _, r := range listed(f, ctx, server, func(s *toolcall.Session) ([]toolcall.Resource, error) { return s.Resources(ctx) }) {
		if !r.Template {
			all.add(r.URI, r.Name)
		}
	}
	return all
}

// toolArguments are what can follow on a call of a server's tool.
func (f *Finder) toolArguments(ctx context.Context, given []string, typed string) (all words) {
	for _, t := range f.toolsOf(ctx, given[0]) {
		if t.Name == given[1] {
			all.texts(t.Complete(given[2:], typed))
		}
	}
	return all
}

// promptArguments are what can follow on the name of a server's prompt.
func (f *Finder) promptArguments(ctx context.Context, given []string, typed string) (all words) {
	for _, p := range f.promptsOf(ctx, given[0]) {
		if p.Name == given[1] {
			all.texts(p.Complete(given[2:], typed))
		}
	}
	return all
}

// texts adds words that need no explanation.
func (w *words) texts(texts []string) {
	for _, text := range texts {
		*w = append(*w, Word{Text: text})
	}
}

// releases are those that the demo's cluster can be like.
func (f *Finder) releases() (all words) {
	all.texts(f.Releases)
	return all
}
