// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// TestFailuresAreMended: an error that is none by JSON-RPC reaches the client as
// one, with what it says; what is one comes byte for byte.
func TestFailuresAreMended(t *testing.T) {
	long := strings.Repeat("x", 3000)
	tests := []struct{ failure, want string }{
		{`"broken \u0022disk\u0022"`, `{"code":-32603,"message":"broken \"disk\""}`},
		{`null`, `{"code":-32603,"message":"the server's error has no message: null"}`},
		{`true`, `{"code":-32603,"message":"the server's error has no message: true"}`},
		{`["a"]`, `{"code":-32603,"message":"the server's error has no message: [\"a\"]"}`},
		{`{}`, `{"code":-32603,"message":"the server's error has no message: {}"}`},
		{`{"code":"E7","message":"no disk","data":{"a":1}}`, `{"code":-32603,"message":"no disk","data":{"a":1}}`},
		{`{"message":"no disk"}`, `{"code":-32603,"message":"no disk"}`},
		{`{"code":-32000}`, `{"code":-32000,"message":"the server's error has no message: {\"code\":-32000}"}`},
		{`{"code":7,"message":null,"data":"why"}`, `{"code":7,"message":"the server's error has no message: {\"code\":7,\"message\":null,\"data\":\"why\"}","data":"why"}`},
		{`[` + `"` + long + `"]`, `{"code":-32603,"message":"the server's error has no message: [\"` + long[:maxFailureText-2] + `"}`},
		{`{ "message" : "as it is", "code" : -32000 , "x":1}`, `{ "message" : "as it is", "code" : -32000 , "x":1}`},
		{`{"code":-32000,"message":""}`, `{"code":-32000,"message":""}`},
		{`{"code":-2147483648,"message":"the least"}`, `{"code":-2147483648,"message":"the least"}`},
		{`{"code":-3.2e4,"message":"e"}`, `{"code":-32000,"message":"e"}`},
		{`{"code":404.0,"message":"e"}`, `{"code":404,"message":"e"}`},
		{`{"code":1e400,"message":"e"}`, `{"code":-32603,"message":"e"}`},
		{`{"code":1.5,"message":"e"}`, `{"code":-32603,"message":"e"}`},
		{`{"code":2147483648,"message":"e","data":1}`, `{"code":-32603,"message":"e","data":1}`},
		{`{"code":-99999999999999999999,"message":"e"}`, `{"code":-32603,"message":"e"}`},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			response := func(id []byte, failure string) string {
				return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":%s}`, id, failure)
			}
			for _, streamed := range []bool{false, true} {
				s := &mcpServer{Post: onPost("x/y", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
					if streamed {
						startStream(w)
						emit(w, data(response(m.ID, tt.failure)))
						return
					}
					w.Header().Set("Content-Type", "application/json")
					_, _ = w.Write([]byte(response(m.ID, tt.failure)))
				})}
				bubble(t, s, func(t *testing.T, r *rig) {
					r.hello()
					r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
					if m := r.response("1"); string(m.raw) != response([]byte("1"), tt.want) {
						t.Errorf("streamed %v: got %s, want %s", streamed, m.raw, tt.want)
					}
				})
			}
		})
	}
}
