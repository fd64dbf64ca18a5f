// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// mcpResponse checks an MCP app's answer and takes the tools out of it that
// the user may not call.
func (c *Cluster) mcpResponse(resp *http.Response, call *mcpCall) error {
	if resp.StatusCode >= http.StatusInternalServerError && call.faults.errorOrigin {
		resp.Header.Set(errorOriginHeader, originUpstream)
	}
	if untouched(resp.Request) || resp.StatusCode != http.StatusOK || resp.ContentLength == 0 {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return fmt.Errorf("response type: %w", err)
	}
	switch mediaType {
	case "application/json":
		return c.filterJSON(resp, call)
	case "text/event-stream":
		c.filterStream(resp, call)
		return nil
	default:
		return fmt.Errorf("unsupported response type %s", mediaType)
	}
}

// filterJSON reads a JSON answer, which is bounded, and filters it if it
// answers tools/list.
func (c *Cluster) filterJSON(resp *http.Response, call *mcpCall) error {
	body, err := readBounded(resp.Body)
	resp.Body.Close()
	if err != nil {
		return fmt.Errorf("response body: %w", err)
	}
	if call.listKey != "" {
		c.sessions.popList(call.session, call.listKey)
		if body, err = filterTools(body, call.toolAllowed); err != nil {
			return fmt.Errorf("response body: %v", err) // not wrapped: io.EOF would mean a silent app
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// filterStream looks into an event stream where it may answer tools/list: in
// the answer to that request, and in a GET, which may resume one. Other streams
// are not touched at all.
func (c *Cluster) filterStream(resp *http.Response, call *mcpCall) {
	strict := call.faults.strictStreams
	if call.listKey == "" && resp.Request.Method == http.MethodPost && !strict {
		return
	}
	mcpSession := resp.Request.Header.Get("Mcp-Session-Id")
	filter := func(data []byte) []byte { return c.filterEvent(data, mcpSession, call) }
	if strict {
		resp.Body = newStrictStream(resp.Body, filter)
	} else {
		resp.Body = newStreamFilter(resp.Body, filter)
	}
	resp.ContentLength = -1
	resp.Header.Del("Content-Length")
}

// filterEvent returns the message of an event without the tools that the user
// may not call, or the same slice if there is nothing to take out.
func (c *Cluster) filterEvent(data []byte, mcpSession string, call *mcpCall) []byte {
	msg, err := parseMessage(data)
	if err != nil || !msg.result || msg.id == nil {
		return data
	}
	if !c.sessions.popList(call.session, listKey(mcpSession, msg.id)) {
		return data
	}
	filtered, err := filterTools(data, call.toolAllowed)
	if err != nil {
		return fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32603,"message":"failed to unmarshal tools/list response"}}`, msg.id)
	}
	return filtered
}

// filterTools cuts the tools out of a tools/list result that are not allowed.
// All other bytes stay; a message without such a result is returned as it is.
func filterTools(message []byte, allowed func(string) bool) ([]byte, error) {
	result, err := field(message, span{0, len(message)}, "result")
	if err != nil || result.empty() || message[result.start] != '{' {
		return message, err
	}
	list, err := field(message, result, "tools")
	if err != nil || list.empty() || message[list.start] != '[' {
		return message, err
	}
	tools, err := elements(message, list)
	if err != nil {
		return nil, err
	}
	kept := make([][]byte, 0, len(tools))
	for _, tool := range tools {
		var fields map[string]json.RawMessage
		text := message[tool.start:tool.end]
		if json.Unmarshal(text, &fields) == nil && allowed(stringField(fields, "name")) {
			kept = append(kept, text)
		}
	}
	if len(kept) == len(tools) {
		return message, nil
	}
	out := bytes.Clone(message[:list.start+1])
	out = append(out, bytes.Join(kept, []byte(","))...)
	return append(out, message[list.end-1:]...), nil
}

// span is a range of bytes in a message.
type span struct{ start, end int }

func (s span) empty() bool { return s.start == s.end }

// field finds a value by its key in the object at s; an empty span if there is
// none. Of equal keys the last counts, as in encoding/json.
func field(message []byte, s span, name string) (span, error) {
	dec := json.NewDecoder(bytes.NewReader(message[s.start:s.end]))
	var found span
	open, err := dec.Token()
	if err != nil || open != json.Delim('{') {
		return span{}, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return span{}, err
		}
		value, err := nextValue(dec, s.start)
		if err != nil {
			return span{}, err
		}
		if key == name {
			found = value
		}
	}
	_, err = dec.Token()
	return found, err
}

// elements returns the elements of the array at s.
func elements(message []byte, s span) ([]span, error) {
	dec := json.NewDecoder(bytes.NewReader(message[s.start:s.end]))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var out []span
	for dec.More() {
		value, err := nextValue(dec, s.start)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	_, err := dec.Token()
	return out, err
}

// nextValue reads a value from a decoder whose input begins at base.
func nextValue(dec *json.Decoder, base int) (span, error) {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return span{}, err
	}
	end := base + int(dec.InputOffset())
	return span{end - len(raw), end}, nil
}
