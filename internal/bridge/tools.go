// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
)

const (
	methodTools        = "tools/list"
	methodToolsChanged = "notifications/tools/list_changed"
	headerParam        = "Mcp-Param-"
	// maxPages bounds how long a list of tools the bridge reads for itself.
	maxPages = 50
)

// toolbox knows which headers the calls of each tool need, from every list of
// tools that passed (transport.md 1D.5).
type toolbox struct {
	mu       sync.Mutex
	bindings map[string][]binding // by tool name
}

// learn takes over a list of tools and returns the reasons why some of them
// must be hidden from the client, by index.
func (t *toolbox) learn(tools [][]byte) map[int]error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.bindings == nil {
		t.bindings = make(map[string][]binding)
	}
	hidden := map[int]error{}
	for i, tool := range tools {
		found, err := bindingsOf(tool)
		if err != nil {
			hidden[i] = err
			found = nil
		}
		if name, ok := lookupString(tool, "name"); ok {
			t.bindings[name] = found
		}
	}
	return hidden
}

// forget drops everything, because the tools have changed.
func (t *toolbox) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.bindings)
}

// stamp sets the headers of a call.
func (t *toolbox) stamp(h http.Header, params []byte) {
	name, _ := lookupString(params, "name")
	t.mu.Lock()
	bindings := t.bindings[name]
	t.mu.Unlock()
	if len(bindings) == 0 {
		return
	}
	arguments := lookup(params, "arguments")
	for _, bd := range bindings {
		if value, ok := bd.value(arguments); ok {
			h.Set(headerParam+bd.header, value)
		}
	}
}

// filterTools returns a tools/list response without the tools that a client
// over HTTP must not offer. Every other byte stays (transport.md M18,
// 1D.6).
func (b *bridge) filterTools(doc []byte) []byte {
	list, ok := find(doc, "result", "tools")
	if !ok {
		return doc
	}
	var at []span
	var tools [][]byte
	eachElement(list.of(doc), func(v span) bool {
		v = span{list.start + v.start, list.start + v.end}
		at, tools = append(at, v), append(tools, v.of(doc))
		return true
	})
	hidden := b.tools.learn(tools)
	for i, err := range hidden {
		name, _ := lookupString(tools[i], "name")
		b.log.Warn("a tool of the server is hidden", "tool", name, "reason", err)
	}
	return cutElements(doc, at, slices.Collect(maps.Keys(hidden)))
}

// cutElements removes elements of an array, or members of an object, together
// with one comma each. at are the ranges of all of them.
func cutElements(doc []byte, at []span, drop []int) []byte {
	if len(drop) == 0 {
		return doc
	}
	kept := len(at) - 1 // the last one that stays
	for kept >= 0 && slices.Contains(drop, kept) {
		kept--
	}
	out := make([]byte, 0, len(doc)+1)
	from := 0
	slices.Sort(drop)
	for _, i := range drop {
		if i < kept { // up to the next element
			out = append(out, doc[from:at[i].start]...)
			from = at[i+1].start
		}
	}
	if end := len(at) - 1; kept < end { // from the comma behind the last one that stays
		start := at[0].start
		if kept >= 0 {
			start = at[kept].end
		}
		out = append(out, doc[from:start]...)
		from = at[end].end
	}
	return append(out, doc[from:]...)
}

// isMismatch says whether the server refused a call because its headers do not
// fit its body. It was not executed.
func isMismatch(x *exchange, messages []message) bool {
	if x.modern == "" || x.method() != methodCall || x.relearned || len(messages) != 1 {
		return false
	}
	return string(lookup(messages[0].failure, "code")) == fmt.Sprint(codeHeaderMismatch)
}

// learnAgain asks for the list of tools after a mismatch: hosts keep lists for
// long, so the bridge may never have seen the tool. It returns true if the
// call now has other headers (transport.md M20).
func (b *bridge) learnAgain(x *exchange) bool {
	x.relearned = true
	before, err := b.headersFor(x.first, x.modern, session{})
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(x.ctx, b.t.budget)
	defer cancel()
	if err := b.readTools(ctx, lookup(x.first.params, "_meta")); err != nil {
		b.log.Warn("the list of tools was not read", "error", err)
	}
	after, err := b.headersFor(x.first, x.modern, session{})
	return err == nil && !maps.EqualFunc(before, after, slices.Equal)
}

// readTools reads all pages of the list. The answers teach the toolbox as they
// pass.
func (b *bridge) readTools(ctx context.Context, meta []byte) error {
	params := fmt.Appendf(nil, `{"_meta":%s}`, meta)
	for range maxPages {
		m, _, err := b.ask(ctx, session{}, newRequest(methodTools, params))
		if err != nil {
			return err
		}
		cursor := lookup(m.result, "nextCursor")
		if len(cursor) < 2 || cursor[0] != '"' {
			return nil
		}
		params = fmt.Appendf(nil, `{"_meta":%s,"cursor":%s}`, meta, cursor)
	}
	return nil
}
