// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const (
	methodTools        = "tools/list"
	methodToolsChanged = "notifications/tools/list_changed"
	// maxPages bounds how long a list of tools the bridge reads for itself.
	maxPages = 50
)

// toolHeaders knows which headers the calls of each tool need, from every list of
// tools that passed (transport.md 1D.5).
type toolHeaders struct {
	mu       sync.Mutex
	bindings *fifo[[]frame.Binding] // by tool name; a tool without any is none
}

func newToolHeaders() *toolHeaders {
	return &toolHeaders{bindings: newFIFO[[]frame.Binding](maxTools, maxToolBytes)}
}

// learn takes over a list of tools and returns the reasons why some of them
// must be hidden from the client, by index.
func (t *toolHeaders) learn(tools [][]byte) map[int]error {
	t.mu.Lock()
	defer t.mu.Unlock()
	hidden := map[int]error{}
	for i, tool := range tools {
		found, err := frame.Bindings(tool)
		if err != nil {
			hidden[i] = err
			found = nil
		}
		if name, ok := frame.LookupString(tool, "name"); ok {
			if t.bindings.drop(name); len(found) > 0 {
				t.bindings.put(name, found, frame.BindingsSize(found))
			}
		}
	}
	return hidden
}

// forget drops everything, because the tools have changed.
func (t *toolHeaders) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.bindings.clear()
}

// arguments returns what a call repeats outside its body, by the names of its
// tool's annotations.
func (t *toolHeaders) arguments(params []byte) map[string]string {
	name, _ := frame.LookupString(params, "name")
	t.mu.Lock()
	bindings, _ := t.bindings.get(name)
	t.mu.Unlock()
	if len(bindings) == 0 {
		return nil
	}
	repeated := map[string]string{}
	arguments := frame.Lookup(params, "arguments")
	for _, bd := range bindings {
		if value, ok := bd.Value(arguments); ok {
			repeated[bd.Header] = value
		}
	}
	return repeated
}

// filterTools returns a tools/list response without the tools that a client
// over HTTP must not offer. Every other byte stays (transport.md M18,
// 1D.6).
func (rl *relay) filterTools(doc []byte) []byte {
	list, ok := frame.Find(doc, "result", "tools")
	if !ok {
		return doc
	}
	var at []frame.Span
	var tools [][]byte
	frame.EachElement(list.Of(doc), func(v frame.Span) bool {
		v = v.From(list.Start)
		at, tools = append(at, v), append(tools, v.Of(doc))
		return true
	})
	hidden := rl.tools.learn(tools)
	for i, err := range hidden {
		name, _ := frame.LookupString(tools[i], "name")
		rl.log.Warn("a tool of the server is hidden", "tool", name, "reason", err)
	}
	return frame.CutElements(doc, at, slices.Collect(maps.Keys(hidden)))
}

// isMismatch says whether the server refused a call because its headers do not
// fit its body. It was not executed.
func isMismatch(x *exchange, messages []frame.Message) bool {
	if x.modern == "" || x.method() != methodCall || x.relearned || len(messages) != 1 {
		return false
	}
	code, _ := codeOf(messages[0].Failure)
	return code == codeHeaderMismatch
}

// learnAgain asks for the list of tools after a mismatch: hosts keep lists for
// long, so the bridge may never have seen the tool. It returns true if the
// call now repeats other arguments (transport.md M20).
func (rd *reader) learnAgain(x *exchange) bool {
	x.relearned = true
	before := rd.tools.arguments(x.first.Params)
	ctx, cancel := context.WithTimeout(x.ctx, rd.t.budget)
	defer cancel()
	if err := rd.readTools(ctx, frame.Lookup(x.first.Params, "_meta")); err != nil {
		rd.log.Warn("the list of tools was not read", "error", err)
	}
	return !maps.Equal(before, rd.tools.arguments(x.first.Params))
}

// readTools reads all pages of the list. The answers teach the toolbox as they
// pass.
func (rd *reader) readTools(ctx context.Context, meta []byte) error {
	params := fmt.Appendf(nil, `{"_meta":%s}`, meta)
	for range maxPages {
		m, _, err := rd.exchanges.ask(ctx, session{}, newRequest(methodTools, params))
		if err != nil {
			return err
		}
		cursor := frame.Lookup(m.Result, "nextCursor")
		if len(cursor) < 2 || cursor[0] != '"' {
			return nil
		}
		params = fmt.Appendf(nil, `{"_meta":%s,"cursor":%s}`, meta, cursor)
	}
	return nil
}
