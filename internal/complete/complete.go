// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package complete finds the words that a shell offers for what comes next on a
// command line. What cannot be found out is not offered: a person who presses Tab
// wants no error.
package complete

import (
	"context"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// patience bounds the look at a cluster while a person waits.
const patience = 3 * time.Second

// Word is one that may be offered, and what it means, if that has to be said.
type Word struct{ Text, Means string }

// Finder finds words for a command, with the flags that are typed so far. All but
// Config must be set.
type Finder struct {
	Command string // without the program: "request create"
	Store   *creds.Store
	Now     func() time.Time
	Open    func(ctx context.Context) (*access.Cluster, error)                  // that the flags name
	Session func(ctx context.Context, server string) (*toolcall.Session, error) // there
	Machine *setup.Machine
	Config  setup.Request // of config
	// Releases are those of Teleport that the demo's cluster can be like.
	Releases []string
}

// words are those that a person can take unseen: names come from elsewhere.
type words []Word

func (w *words) add(text, means string) {
	if plain.Typable(text) {
		*w = append(*w, Word{text, plain.Line(means)})
	}
}

// finding is a way to find words.
type finding func(f *Finder, ctx context.Context) words

// firsts are the commands that know their first argument.
var firsts = map[string]finding{
	"connect": (*Finder).servers, "doctor": (*Finder).servers, "logs": (*Finder).servers,
	"call": (*Finder).servers, "tools": (*Finder).servers, "resources": (*Finder).servers, "prompts": (*Finder).servers,
	"login": (*Finder).proxies, "logout": (*Finder).proxies, "use": (*Finder).clusters,
	"request create": (*Finder).requestable, "request assume": (*Finder).approved, "request drop": (*Finder).assumed,
}

// Argument finds words for the argument behind those that are given. Open tells that
// a word can go on behind what is offered.
func (f *Finder) Argument(ctx context.Context, given []string, typed string) (all []Word, open bool) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	first := firsts[f.Command]
	switch {
	case f.Command == "ls":
		return f.servers(ctx), false
	case f.Command == "config":
		return f.configurable(ctx, given), false
	case first != nil && len(given) == 0:
		return first(f, ctx), false
	case f.Command == "tools", f.Command == "call" && len(given) == 1:
		return f.tools(ctx, given[0]), false
	case f.Command == "call":
		return f.toolArguments(ctx, given, typed), true
	case f.Command == "prompts" && len(given) == 1:
		return f.prompts(ctx, given[0]), false
	case f.Command == "prompts":
		return f.promptArguments(ctx, given, typed), true
	case f.Command == "resources" && len(given) == 1:
		return f.resources(ctx, given[0]), false
	}
	return nil, false
}

// values are those of flags that have the same ones everywhere.
var values = map[string][]Word{
	"format":       {{"text", ""}, {"json", ""}, {"yaml", ""}},
	"scope":        {{"user", "your own config file of a client"}, {"project", "that of the project in this folder"}},
	"store":        {{"keyring", "the keyring of the operating system"}, {"file", "unencrypted files, for machines without a keyring"}},
	"browser":      {{"none", "print the link instead of opening it"}},
	"login":        {{"auto", "open the browser when a login is needed"}, {"never", ""}},
	"session-loss": {{"replay", ""}, {"error", ""}},
	"capabilities": {{"auto", ""}, {"keep", ""}},
	"json-format":  {{"auto", ""}, {"pretty", ""}, {"compact", ""}, {"none", ""}},
}

// found are the flags whose values have to be looked for.
var found = map[string]finding{
	"proxy": (*Finder).proxies, "labels": (*Finder).labels, "auth": (*Finder).ways, "app": (*Finder).servers,
}

// Flag finds words for the value of a flag. Its error is about the clusters of
// --cluster, in whose place a shell may offer something else.
func (f *Finder) Flag(ctx context.Context, flag, typed string) ([]Word, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	find := found[flag]
	switch {
	case find != nil:
		return find(f, ctx), nil
	case flag == "version":
		return f.releases(), nil
	case flag == "cluster":
		return f.leaves(ctx)
	case flag == "client-config", flag == "format" && f.Command == "config" && !f.Config.List:
		return clients(typed), nil
	case flag == "format" && f.Command == "ls":
		return append(slices.Clone(values[flag]), Word{"wide", "every column"}, Word{"names", "one name a line"}), nil
	}
	return values[flag], nil
}
