// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// An empty list that is written as null reaches the client as an empty list,
// with every other byte as it was.
func TestNullListsAreMended(t *testing.T) {
	tests := []struct{ method, result, want string }{
		{methodTools, `{"tools":null}`, `{"tools":[]}`},
		{methodTools, `{ "_meta":{"tools":null}, "tools" : null ,"nextCursor":"x" }`, `{ "_meta":{"tools":null}, "tools" : [] ,"nextCursor":"x" }`},
		{methodTools, `{"tools":[{"name":"a","title":null}]}`, `{"tools":[{"name":"a","title":null}]}`},
		{methodTools, `{"prompts":null}`, `{"prompts":null}`},
		{"prompts/list", `{"prompts":null}`, `{"prompts":[]}`},
		{"resources/list", `{"resources":null}`, `{"resources":[]}`},
		{"resources/templates/list", `{"resourceTemplates":null}`, `{"resourceTemplates":[]}`},
		{methodCall, `{"tools":null}`, `{"tools":null}`},
		{"x/y", `{"":null}`, `{"":null}`},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprint(i, " ", tt.method), func(t *testing.T) {
			for _, streamed := range []bool{false, true} {
				s := &mcpServer{Post: onPost(tt.method, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
					if streamed {
						startStream(w)
						emit(w, data(result(m.ID, tt.result)))
						return
					}
					respond(w, m.ID, tt.result)
				})}
				bubble(t, s, func(t *testing.T, r *rig) {
					r.hello()
					r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q}`, tt.method), modern(`"2"`, tt.method, ""))
					for _, id := range []string{"1", `"2"`} {
						if m := r.response(id); string(m.raw) != result([]byte(id), tt.want) {
							t.Errorf("streamed %v: got %s, want %s", streamed, m.raw, tt.want)
						}
					}
				})
			}
		})
	}
}

// Where lists of tools lose members on the way, a client of the modern era, which
// takes no list without them, gets them back; nobody else does.
func TestLossyLists(t *testing.T) {
	const list, lost = `{"tools":[{"name":"a"}]}`, `"resultType":"complete","ttlMs":0,"cacheScope":"private"`
	const whole = `{"tools":[],"resultType":"x","ttlMs":7,"cacheScope":"public"}`
	tests := []struct {
		method, result         string
		lossy                  bool
		wantLegacy, wantModern string
	}{
		{methodTools, list, true, list, `{` + lost + `,"tools":[{"name":"a"}]}`},
		{methodTools, ` { } `, true, `{ }`, `{` + lost + ` }`},
		{methodTools, `{"tools":null}`, true, `{"tools":[]}`, `{` + lost + `,"tools":[]}`},
		{methodTools, `{"ttlMs":7}`, true, `{"ttlMs":7}`, `{"resultType":"complete","cacheScope":"private","ttlMs":7}`},
		{methodTools, whole, true, whole, whole},
		{methodTools, list, false, list, list},
		{methodCall, `{"content":[]}`, true, `{"content":[]}`, `{"content":[]}`},
	}
	for i, tt := range tests {
		t.Run(fmt.Sprint(i, " ", tt.method), func(t *testing.T) {
			s := &mcpServer{Post: onPost(tt.method, func(w http.ResponseWriter, _ *http.Request, m frame.Message) { respond(w, m.ID, tt.result) })}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q}`, tt.method), modern(`"2"`, tt.method, ""))
				for id, want := range map[string]string{"1": tt.wantLegacy, `"2"`: tt.wantModern} {
					if m := r.response(id); string(m.Result) != want {
						t.Errorf("got %s, want %s", m.Result, want)
					}
				}
			}, func(c *Config) { c.LossyLists = tt.lossy })
		})
	}
}
