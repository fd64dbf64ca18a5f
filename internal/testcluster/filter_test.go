// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: any bytes as an event stream, and as a list of tools.

package testcluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// FuzzEventStream: what comes out of an event stream is messages, one event
// each, that would pass again as they are; it ends cleanly, and how it was cut
// into reads does not matter.
func FuzzEventStream(f *testing.F) {
	f.Add([]byte("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n"), false)
	f.Add([]byte(": c\n\ndata: {\"method\":\"notifications/x\",\ndata:\"params\":{\"a\":1e3}}\r\n\r\n"), false)
	f.Add([]byte("event: message\nid: 1\ndata: {\"id\":1,\"error\":{}}\n\n\n"), true)
	f.Fuzz(func(t *testing.T, stream []byte, old bool) {
		read := func(src io.Reader) string {
			same := func(msg *rpcMessage) *rpcMessage { return msg }
			out, err := io.ReadAll(newEventStream(io.NopCloser(src), old, same))
			if err != nil {
				t.Fatal(err)
			}
			return string(out)
		}
		cut := iotest.ErrReader(errors.New("cut"))
		whole := read(io.MultiReader(bytes.NewReader(stream), cut))
		if got := read(iotest.OneByteReader(io.MultiReader(bytes.NewReader(stream), cut))); got != whole {
			t.Errorf("in single bytes %q, else %q", got, whole)
		}
		for event := range strings.SplitAfterSeq(whole, "\n\n") {
			data, ok := strings.CutPrefix(strings.TrimSuffix(event, "\n\n"), "event: message\ndata: ")
			if event != "" && (!ok || !json.Valid([]byte(data))) {
				t.Errorf("event %q", event)
			}
		}
		if len(whole) < maxOldLine {
			if again := read(strings.NewReader(whole)); again != whole {
				t.Errorf("once %q, twice %q", whole, again)
			}
		}
	})
}

// FuzzFilterTools: no tool that is not allowed passes the filter, and the answer
// has the id of the request.
func FuzzFilterTools(f *testing.F) {
	f.Add([]byte(listing))
	f.Add([]byte(`{"id":"x","result":{"tools":[{"name":"a"}],"Tools":[{"name":"b"},{"NAME":"echo"}]}}`))
	f.Add([]byte(`{"id":1,"result":{"tools":{}}}`))
	f.Fuzz(func(t *testing.T, message []byte) {
		msg, err := decodeResponse(message)
		if err != nil {
			return
		}
		out := filterTools(msg, func(name string) bool { return name == "echo" })
		var got struct {
			ID     any
			Error  any
			Result struct {
				Tools []struct{ Name string }
			}
		}
		if err := json.Unmarshal(mustJSON(out), &got); err != nil {
			if msg.Error != nil {
				return // passes whatever it is
			}
			t.Fatal(err)
		}
		if got.ID != msg.ID.value {
			t.Errorf("id %v, want %v", got.ID, msg.ID.value)
		}
		for _, tool := range got.Result.Tools {
			if tool.Name != "echo" && msg.Error == nil {
				t.Errorf("tool %q passes", tool.Name)
			}
		}
	})
}

// FuzzDecodeRequest: a body goes on byte for byte, or it is a message that has
// one member of each name that matters, whatever the case.
func FuzzDecodeRequest(f *testing.F) {
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","Name":"b"}}`))
	f.Add([]byte(`{"ID":1,"id":null,"METHOD":"x"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		msg, forward, err := decodeRequest(body)
		if err != nil {
			return
		}
		var members, params map[string]json.RawMessage
		if err := json.Unmarshal(forward, &members); err != nil {
			t.Fatal(err)
		}
		if raw := members["params"]; raw != nil && json.Unmarshal(raw, &params) != nil {
			t.Fatalf("params are %s", raw)
		}
		for name := range members {
			if name != "id" && strings.EqualFold(name, "id") || name != "method" && strings.EqualFold(name, "method") {
				t.Errorf("%q goes on in %s", name, forward)
			}
		}
		for name := range params {
			if name != "name" && strings.EqualFold(name, "name") {
				t.Errorf("%q goes on in %s", name, forward)
			}
		}
		if again, same, err := decodeRequest(forward); err != nil || !bytes.Equal(same, forward) || again.ID != msg.ID || again.Method != msg.Method {
			t.Errorf("%s is %+v, then %+v, %v", forward, msg, again, err)
		}
	})
}
