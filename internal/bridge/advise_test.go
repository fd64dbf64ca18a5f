// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// TestAdvise: the error of a call gets advice behind its text, and keeps every other
// byte; what brings no advice, and every other answer, stays as it is.
func TestAdvise(t *testing.T) {
	const denied = `{"code":-32602,"message":"denied by \"role\"","data":{"n":9007199254740993,"x":"ä"}}`
	s := &mcpServer{}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		failure := denied
		switch name, _ := frame.LookupString(m.Params, "name"); {
		case m.Method == "prompts/get":
		case m.Method != "tools/call":
			return false
		case name == "other":
			failure = `{"code":-32000,"message":"denied"}`
		case name == "odd":
			failure = `{"code":"-32602","message":5}`
		case name == "streamed":
			startStream(w)
			emit(w, data(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":%s}`, m.ID, failure)))
			return true
		}
		w.Header().Set("Content-Type", typeJSON)
		fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":%s}`, m.ID, failure)
		return true
	}
	advise := func(ctx context.Context, code int, message string) string {
		if code != -32602 || message != `denied by "role"` || ctx.Err() != nil {
			return ""
		}
		return "run: it\x1b[31m\n<now>"
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		const advised = `"error":{"code":-32602,"message":"denied by \"role\" tshmcp: run: it`
		for i, tt := range []struct{ request, want string }{
			{call("1", "plain"), advised},
			{call("2", "streamed"), advised},
			{call("3", "other"), `{"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"denied"}}`},
			{call("4", "odd"), `{"jsonrpc":"2.0","id":4,"error":{"code":-32603,"message":"the server's error has no message: {\"code\":\"-32602\",\"message\":5}"}}`},
			{`{"jsonrpc":"2.0","id":5,"method":"prompts/get","params":{"name":"p"}}`, `{"jsonrpc":"2.0","id":5,"error":` + denied + `}`},
		} {
			r.send(tt.request)
			got := string(r.response(fmt.Sprint(i + 1)).raw)
			if tt.want != advised && got != tt.want {
				t.Errorf("%s: %s", tt.request, got)
			}
			if tt.want == advised && !isAdvised(got, fmt.Sprint(i+1)) {
				t.Errorf("%s: %s", tt.request, got)
			}
		}
	}, func(c *Config) { c.Advise = advise })
}

// isAdvised holds the whole of an advised error, whose advice is on one line.
func isAdvised(got, id string) bool {
	m, err := frame.ParseMessage([]byte(got))
	if err != nil {
		return false
	}
	text, _ := frame.LookupString(m.Failure, "message")
	return string(m.ID) == id && text == `denied by "role" tshmcp: run: it [31m <now>` &&
		string(frame.Lookup(m.Failure, "data")) == `{"n":9007199254740993,"x":"ä"}`
}
