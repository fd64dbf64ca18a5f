// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/json"
	"strings"
)

// rawMessage is a message on a raw connection as the app service decodes it, in
// either direction (protocol.md 13.3). Its params pass through a map, so that
// numbers become floats and members are sorted. Of a text that is wrong, what
// could be decoded counts.
type rawMessage struct {
	JSONRPC string          `json:"jsonrpc"`
	ID      rpcID           `json:"id"`
	Method  string          `json:"method"`
	Params  rawParams       `json:"params"`
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`
}

type rawParams map[string]any

// rawRequest is a request as it is written.
type rawRequest struct {
	JSONRPC string    `json:"jsonrpc"`
	ID      rpcID     `json:"id"`
	Method  string    `json:"method"`
	Params  rawParams `json:"params,omitempty"`
}

// decodeRaw reads a line. A tool has one name only.
func decodeRaw(line []byte) (msg *rawMessage, err error) {
	msg = new(rawMessage)
	err = decodeJSON(line, msg)
	for name := range msg.Params {
		if name != "name" && strings.EqualFold(name, "name") {
			delete(msg.Params, name)
		}
	}
	return msg, err
}

func (m *rawMessage) isRequest() bool      { return m.ID.value != nil && m.Method != "" }
func (m *rawMessage) isNotification() bool { return m.ID.value == nil }
func (m *rawMessage) isResponse() bool {
	return m.ID.value != nil && m.Method == "" && (m.Result != nil || m.Error != nil)
}

// request, notification and response are the message as it goes on.
func (m *rawMessage) request() []byte {
	return mustJSON(rawRequest{JSONRPC: m.JSONRPC, ID: m.ID, Method: m.Method, Params: m.Params})
}

func (m *rawMessage) notification() []byte {
	return mustJSON(rpcNotification{JSONRPC: m.JSONRPC, Method: m.Method, Params: m.Params})
}

func (m *rawMessage) response() *rpcMessage {
	return &rpcMessage{JSONRPC: m.JSONRPC, ID: m.ID, Result: m.Result, Error: m.Error}
}

// failure is the error that answers it.
func (m *rawMessage) failure(code int, message string, data any) []byte {
	return mustJSON((&rpcMessage{ID: m.ID}).failure(code, message, data))
}

// toolName is the tool that a tools/call names; "" is none.
func (m *rawMessage) toolName() string {
	name, _ := m.Params["name"].(string)
	return name
}
