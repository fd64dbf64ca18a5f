// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// rpcMessage is a JSON-RPC message as the app service decodes and encodes it:
// with encoding/json, so that the case of a member's name does not count, of
// equal ones the last wins, and a member that has no field here is lost
// (protocol.md 15.2).
type rpcMessage struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      rpcID           `json:"id"`
	Method  string          `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

func (m *rpcMessage) isRequest() bool      { return m.ID.value != nil && m.Method != "" }
func (m *rpcMessage) isNotification() bool { return m.ID.value == nil }
func (m *rpcMessage) isResponse() bool {
	return m.ID.value != nil && m.Method == "" && (m.Result != nil || m.Error != nil)
}

// rpcNotification is a notification of a server: its params pass through a map,
// so that numbers become floats and members are sorted.
type rpcNotification struct {
	JSONRPC string         `json:"jsonrpc"`
	Method  string         `json:"method"`
	Params  map[string]any `json:"params,omitempty"`
}

// rpcID is an id: a string, a float64 that other numbers are rounded to, or nil.
type rpcID struct{ value any }

// UnmarshalJSON refuses what is no id.
func (id *rpcID) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &id.value); err != nil {
		return err
	}
	switch id.value.(type) {
	case nil, string, float64:
		return nil
	}
	return fmt.Errorf("invalid request id: %s", data)
}

// MarshalJSON writes it anew.
func (id rpcID) MarshalJSON() ([]byte, error) { return json.Marshal(id.value) }

// rpcError is an error of the app service's own.
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// messageData and errorData are what stands in rpcError.Data.
type messageData struct {
	Message string `json:"message"`
}
type errorData struct {
	Error messageData `json:"error"`
}

// failure is the response that says that a request has failed.
func (m *rpcMessage) failure(code int, message string, data any) *rpcMessage {
	return &rpcMessage{JSONRPC: "2.0", ID: m.ID, Error: mustJSON(rpcError{code, message, data})}
}

// goNames turn the names of types of this package, which stand in the texts of
// encoding/json, into those of the app service.
var goNames = strings.NewReplacer(
	"testcluster.rpcMessage", "mcputils.BaseJSONRPCMessage",
	"testcluster.rawMessage", "mcputils.BaseJSONRPCMessage",
	"testcluster.rawParams", "mcputils.JSONRPCParams",
	"testcluster.mcpTool", "mcp.Tool",
	"testcluster.toolInputSchema", "mcp.ToolInputSchema",
	"struct field rawMessage.", "struct field BaseJSONRPCMessage.",
	"struct field rpcMessage.", "struct field BaseJSONRPCMessage.",
	"struct field listToolsResult.", "struct field ListToolsResult.",
	"struct field mcpTool.", "struct field Tool.",
	"struct field toolInputSchema.", "struct field ToolInputSchema.",
)

// jsonError is an error of encoding/json in the words of the app service.
type jsonError struct{ err error }

func (e *jsonError) Error() string { return goNames.Replace(e.err.Error()) }
func (e *jsonError) Unwrap() error { return e.err }

// decodeJSON is json.Unmarshal with such errors.
func decodeJSON(data []byte, v any) error {
	if err := json.Unmarshal(data, v); err != nil {
		return &jsonError{err}
	}
	return nil
}

// mustJSON encodes what cannot fail: what was decoded, or values of this
// package.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

// decodeRequest reads the body of a POST, and returns what goes on to the app:
// the same bytes, or if members were named in another case than they should be
// ("Method"), the message without them.
func decodeRequest(body []byte) (msg *rpcMessage, forward []byte, err error) {
	forward = body
	if len(body) > 0 {
		if forward, err = withoutVariants(body); err != nil {
			return nil, nil, err
		}
	}
	msg = new(rpcMessage)
	if err := decodeJSON(forward, msg); err != nil {
		return nil, nil, err
	}
	return msg, forward, nil
}

// withoutVariants removes members whose names are those that matter but for
// their case: two programs could read two messages from such a body.
func withoutVariants(body []byte) ([]byte, error) {
	var members, params map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil {
		return nil, fmt.Errorf("unmarshaling MCP Request into a map\n\t%w", err)
	}
	changed := dropVariants(members, "jsonrpc", "id", "method", "params", "result", "error")
	if raw := members["params"]; raw != nil {
		if err := json.Unmarshal(raw, &params); err != nil {
			return nil, fmt.Errorf("unmarshaling MCP Request params into a map\n\t%w", err)
		}
		if dropVariants(params, "name") {
			members["params"], changed = mustJSON(params), true
		}
	}
	if !changed {
		return body, nil
	}
	return mustJSON(members), nil
}

// dropVariants deletes members that are named like one of names, but in another
// case; it reports whether there were any.
func dropVariants(members map[string]json.RawMessage, names ...string) (dropped bool) {
	for member := range members {
		for _, name := range names {
			if member != name && strings.EqualFold(member, name) {
				delete(members, member)
				dropped = true
			}
		}
	}
	return dropped
}

// toolName is the tool that a tools/call names; "" is none.
func (m *rpcMessage) toolName() string {
	var params map[string]any
	if json.Unmarshal(m.Params, &params) != nil {
		return ""
	}
	name, _ := params["name"].(string)
	return name
}

// decodeResponse reads a JSON answer.
func decodeResponse(body []byte) (*rpcMessage, error) {
	msg := new(rpcMessage)
	if err := decodeJSON(bytes.TrimSpace(body), msg); err != nil {
		return nil, err
	}
	if !msg.isResponse() {
		return nil, errNoResponse
	}
	return msg, nil
}
