// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestWrittenForms: a schema comes back as the server wrote it, by either way that it may
// come, and what was not seen stays as it is. What is kept has a bound.
func TestWrittenForms(t *testing.T) {
	const doc = `{"type":"object","properties":{"z":{"type":"integer","maximum":1e2},"a":{"type":"string"}}}`
	for name, msg := range map[string]jsonrpc.Message{
		"request": &jsonrpc.Request{Method: "elicitation/create", Params: json.RawMessage(`{"message":"m","requestedSchema":` + doc + `}`)},
		"result":  &jsonrpc.Response{Result: json.RawMessage(`{"inputRequests":{"q":{"method":"elicitation/create","params":{"requestedSchema":` + doc + `}}}}`)},
	} {
		var f forms
		f.keep(msg)
		p := &mcp.ElicitParams{Message: "m"}
		if err := json.Unmarshal([]byte(doc), &p.RequestedSchema); err != nil {
			t.Fatal(err)
		}
		if got := f.written(p); fmt.Sprintf("%s", got.RequestedSchema) != doc || got.Message != "m" {
			t.Errorf("%s: %s", name, got.RequestedSchema)
		}
		other := &mcp.ElicitParams{RequestedSchema: map[string]any{"type": "object"}}
		if f.written(other) != other {
			t.Errorf("%s: another schema", name)
		}
		for i := range 10 * maxForms {
			f.keep(&jsonrpc.Request{Method: "elicitation/create", Params: fmt.Appendf(nil, `{"requestedSchema":{"title":"%d"}}`, i)})
		}
		f.keep(&jsonrpc.Response{Result: json.RawMessage(`{"requestedSchema":1,"inputRequests":[]}`)})
		f.keep(&jsonrpc.Request{Method: "elicitation/create", Params: fmt.Appendf(nil, `{"requestedSchema":{"title":"%*d"}}`, maxForm, 1)})
		if len(f.all) > maxForms {
			t.Errorf("%s: %d are kept", name, len(f.all))
		}
		for key := range f.all {
			if len(key) > maxForm {
				t.Errorf("%s: %d bytes are kept", name, len(key))
			}
		}
	}
}
