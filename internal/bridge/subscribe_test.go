// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// listenServer is a server for subscriptions/listen: each stream is played by
// the next script, the last one repeats.
func listenServer(scripts ...func(w http.ResponseWriter, r *http.Request, id string)) *mcpServer {
	n := 0
	return &mcpServer{Post: onPost(methodListen, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		n++
		scripts[min(n, len(scripts))-1](w, r, string(m.ID))
	})}
}

func ack(id, filter string) string {
	return data(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":{"_meta":{%q:%s},"notifications":%s}}`, methodAcknowledged, metaSubscription, id, filter))
}

func changed(id, list string) string {
	return data(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/%s/list_changed","params":{"_meta":{"a":1,%q:%s}}}`, list, metaSubscription, id))
}

const (
	filter     = `{"toolsListChanged":true,"resourceSubscriptions":["a"]}`
	listenLine = `"notifications":` + filter
)

func subscriptionID(r reply) string {
	return string(frame.Lookup(r.Params, "_meta", metaSubscription))
}

// subscriptionScripts play a stream that breaks after the acknowledgement and a
// change, and one that ends as it should after a minute; ids gets their ids.
func subscriptionScripts(ids *[]string) (open, hold func(w http.ResponseWriter, r *http.Request, id string)) {
	open = func(w http.ResponseWriter, r *http.Request, id string) {
		*ids = append(*ids, id)
		startStream(w)
		emit(w, ack(id, filter), changed(id, "prompts"))
	}
	hold = func(w http.ResponseWriter, r *http.Request, id string) {
		open(w, r, id)
		time.Sleep(time.Minute)
		emit(w, data(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"_meta":{%q:%s}}}`, id, metaSubscription, id)))
	}
	return open, hold
}

// A broken subscription comes back under an id of the bridge's own, and the
// client sees its own id everywhere (transport.md F-12).
func TestListenAgain(t *testing.T) {
	var ids []string
	open, hold := subscriptionScripts(&ids)
	s := listenServer(open, open, refuse(503), open, hold)
	bubble(t, s, func(t *testing.T, r *rig) {
		ids = nil
		r.send(modern(`"me"`, methodListen, listenLine))
		want := []string{methodAcknowledged, "notifications/prompts/list_changed"} // and after every gap:
		for range 3 {
			want = append(want, methodToolsChanged, "notifications/prompts/list_changed")
		}
		for _, method := range want {
			m := r.other()
			if m.Method != method || subscriptionID(m) != `"me"` {
				t.Errorf("got %s, want %s", m.raw, method)
			}
		}
		m := r.response(`"me"`)
		if got := string(frame.Lookup(m.Result, "_meta", metaSubscription)); got != `"me"` {
			t.Errorf("got %s", m.raw)
		}
		seen := map[string]bool{}
		for i, id := range ids {
			if seen[id] || (id == `"me"`) != (i == 0) {
				t.Errorf("ids on the wire: %v", ids)
			}
			seen[id] = true
		}
		q := s.seen(func(recorded) bool { return true })
		if q[1].Header.Get(headerMethod) != methodListen || !strings.Contains(q[1].Body, filter) {
			t.Errorf("second request: %v %s", q[1].Header, q[1].Body)
		}
		r.send(modern("2", "x/y", ""))
		r.response("2")
	})
}

// If the server agrees to something else after a gap, the client is told.
func TestListenAgainOtherFilter(t *testing.T) {
	s := listenServer(
		func(w http.ResponseWriter, r *http.Request, id string) { startStream(w); emit(w, ack(id, filter)) },
		func(w http.ResponseWriter, r *http.Request, id string) {
			startStream(w)
			emit(w, ack(id, `{}`))
			<-r.Context().Done()
		})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", methodListen, listenLine))
		r.other()
		if m := r.other(); m.Method != methodAcknowledged || string(frame.Lookup(m.Params, "notifications")) != `{}` || subscriptionID(m) != "1" {
			t.Errorf("got %s", m.raw)
		}
		r.send(cancelLine("1")) // ends the stream, says nothing
		synctest.Wait()
		if n := s.count("POST"); n != 2 || r.answers("1") != 0 {
			t.Errorf("%d POSTs, %d answers", n, r.answers("1"))
		}
	})
}

// A subscription that the server refuses to renew ends for the client, too.
func TestListenEnds(t *testing.T) {
	open := func(w http.ResponseWriter, r *http.Request, id string) { startStream(w); emit(w, ack(id, filter)) }
	tests := map[string]struct {
		second func(w http.ResponseWriter, r *http.Request, id string)
		told   bool
		answer bool
	}{
		"404": {refuse(404), true, true},
		"JSON-RPC 404": {func(w http.ResponseWriter, r *http.Request, id string) {
			body(404, typeJSON, `{"jsonrpc":"2.0","id":`+id+`,"error":{"code":-32601,"message":"m"}}`)(w, r, frame.Message{})
		}, true, true},
		"graceful end": {func(w http.ResponseWriter, r *http.Request, id string) {
			startStream(w)
			emit(w, data(result([]byte(id), `{}`)))
		}, false, true},
		"server cancel": {func(w http.ResponseWriter, r *http.Request, id string) { startStream(w); emit(w, data(cancelLine(id))) }, true, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			s := listenServer(open, tt.second)
			bubble(t, s, func(t *testing.T, r *rig) {
				r.send(modern("1", methodListen, listenLine))
				r.other()
				if tt.told {
					if m := r.other(); m.Method != methodCancelled || string(frame.Lookup(m.Params, "requestId")) != "1" {
						t.Errorf("got %s", m.raw)
					}
				}
				if tt.answer {
					r.response("1")
				}
				time.Sleep(5 * time.Minute)
				if n := s.count("POST"); n != 2 || r.answers("1") > 1 || !tt.answer && r.answers("1") != 0 {
					t.Errorf("%d POSTs, %d answers", n, r.answers("1"))
				}
			})
		})
	}
}

func refuse(code int) func(http.ResponseWriter, *http.Request, string) {
	return func(w http.ResponseWriter, r *http.Request, _ string) { status(code)(w, r, frame.Message{}) }
}

// A subscription that was never acknowledged is answered like any request.
func TestListenNeverBegan(t *testing.T) {
	s := listenServer(func(w http.ResponseWriter, r *http.Request, id string) { startStream(w) })
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", methodListen, listenLine))
		r.refused("1", kindStreamLost, MayHaveRun)
		if n := s.count("POST"); n != 1 || len(r.rest) != 0 {
			t.Errorf("%d POSTs, %v", n, r.rest)
		}
	})
}

// RequestTimeout does not end subscriptions.
func TestListenHasNoTimeout(t *testing.T) {
	s := listenServer(func(w http.ResponseWriter, r *http.Request, id string) {
		startStream(w)
		emit(w, ack(id, filter))
		<-r.Context().Done()
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", methodListen, listenLine))
		r.other()
		time.Sleep(time.Hour)
		if r.answers("1") != 0 {
			t.Errorf("got %s", r.response("1").raw)
		}
	}, func(c *Config) { c.RequestTimeout = time.Second })
}
