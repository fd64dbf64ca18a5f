// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"bytes"
	"encoding/json"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// forms keeps the schemas of questions as they were written: the SDK hands them over as
// maps, which have no order.
type forms struct {
	mu  sync.Mutex
	all map[string]json.RawMessage // by what the SDK makes of them
}

// What bounds the schemas that are kept: a server does not ask more at a time, nor in a
// form that nobody would fill in.
const (
	maxForms = 100
	maxForm  = 64 << 10 // bytes
)

// keep looks for questions in a message: a request of the server, or a result that
// wants input.
func (f *forms) keep(msg jsonrpc.Message) {
	type question struct {
		Schema json.RawMessage `json:"requestedSchema"`
	}
	switch msg := msg.(type) {
	case *jsonrpc.Request:
		var q question
		if msg.Method == "elicitation/create" && json.Unmarshal(msg.Params, &q) == nil {
			f.add(q.Schema)
		}
	case *jsonrpc.Response:
		if !bytes.Contains(msg.Result, []byte(`"requestedSchema"`)) { // most are long, and have none
			return
		}
		var result struct {
			InputRequests map[string]struct {
				Params question `json:"params"`
			} `json:"inputRequests"`
		}
		_ = json.Unmarshal(msg.Result, &result)
		for _, r := range result.InputRequests {
			f.add(r.Params.Schema)
		}
	}
}

func (f *forms) add(schema json.RawMessage) {
	var parsed any
	if len(schema) > maxForm || json.Unmarshal(schema, &parsed) != nil {
		return
	}
	key, err := json.Marshal(parsed)
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.all == nil || len(f.all) >= maxForms {
		f.all = map[string]json.RawMessage{}
	}
	f.all[string(key)] = schema
}

// written is a question with its schema as the server wrote it, if that is known.
func (f *forms) written(p *mcp.ElicitParams) *mcp.ElicitParams {
	key, err := json.Marshal(p.RequestedSchema)
	if err != nil {
		return p
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	schema, ok := f.all[string(key)]
	if !ok {
		return p
	}
	q := *p
	q.RequestedSchema = schema
	return &q
}
