// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

func uniqueIDs(c *Config) { c.UniqueIDs = true }

// rounding is an id as something decodes and encodes it that knows no integers.
func rounding(t *testing.T, id []byte) []byte {
	var v any
	if err := json.Unmarshal(id, &v); err != nil {
		t.Errorf("id %s: %v", id, err)
	}
	out, _ := json.Marshal(v)
	return out
}

// Whatever a client writes as an id comes back as it was written, in every kind
// of answer, from a server that rounds numbers and sees no id twice.
func TestUniqueIDsComeBackAsWritten(t *testing.T) {
	ids := []string{
		`0`, `1`, `"1"`, `1.0`, `1e2`, `-1`, `7.5`, `9007199254740993`, `18446744073709551616`, `""`,
		`"a\u0022\/é"`, `"tshmcp-A-1"`, `"` + strings.Repeat("long", 300) + `"`,
	}
	var seen sync.Map
	s := &mcpServer{}
	s.Post = onPost("json stream error refused 500 null", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if _, dup := seen.LoadOrStore(m.Key, true); dup || m.ID[0] != '"' {
			t.Errorf("id %s on the wire", m.ID)
		}
		id := rounding(t, m.ID)
		failure := func(id string) string {
			return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"error":{"code":-5,"message":"no"}}`, id)
		}
		switch m.Method {
		case "json":
			respond(w, id, `{"id":5}`)
		case "stream":
			startStream(w)
			emit(w, data(result(id, `{"id":5}`)))
		case "error":
			body(200, typeJSON, failure(string(id)))(w, r, m)
		case "refused":
			body(400, typeJSON, failure(string(id)))(w, r, m)
		case "null":
			body(400, typeJSON, failure("null"))(w, r, m)
		default:
			status(500)(w, r, m)
		}
	})
	for _, method := range []string{"json", "stream", "error", "refused", "null", "500"} {
		t.Run(method, func(t *testing.T) {
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				for _, id := range ids[1:] { // 0 was the handshake
					r.send(fmt.Sprintf(`{"id":%s,"method":%q,"jsonrpc":"2.0"}`, id, method))
				}
				for _, id := range ids[1:] {
					m := r.response(id)
					if !strings.HasPrefix(string(m.raw), `{"jsonrpc":"2.0","id":`+id+`,"`) {
						t.Errorf("%s: got %.200s", id, m.raw)
					}
				}
			}, uniqueIDs)
		})
	}
}

// Two requests with one id in flight get their own answers.
func TestUniqueIDsTellDuplicatesApart(t *testing.T) {
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		name, _ := frame.LookupString(m.Params, "name")
		if name == "slow" {
			time.Sleep(time.Second)
		}
		respond(w, m.ID, fmt.Sprintf(`{"name":%q}`, name))
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("7", "slow"), call("7", "fast"))
		r.until("two answers", func() bool { return len(r.seen["7"]) == 2 })
		r.mu.Lock()
		defer r.mu.Unlock()
		for i, name := range []string{"fast", "slow"} {
			if got, _ := frame.LookupString(r.seen["7"][i].Result, "name"); got != name {
				t.Errorf("answer %d is %q, want %q", i, got, name)
			}
		}
		delete(r.seen, "7")
	}, uniqueIDs)
}

// However often requests are sent, no id is on the wire twice, the handshakes
// of a recovery included.
func TestUniqueIDsAreNeverSentTwice(t *testing.T) {
	n := 0
	s := &mcpServer{}
	s.Post = onPost("tools/list tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		switch n++; n {
		case 1:
			status(503)(w, r, m)
		case 2:
			abort()
		case 4:
			status(429, "Retry-After", "1")(w, r, m)
		case 6:
			http.Error(w, "session not found", http.StatusNotFound)
		default:
			respond(w, m.ID, `{}`)
		}
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for _, line := range []string{
			`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`, call("3", "x"),
		} {
			r.send(line)
			m, _ := frame.ParseMessage([]byte(line))
			if got := r.response(string(m.ID)); got.Result == nil {
				t.Errorf("got %s", got.raw)
			}
		}
		ids := map[string]int{}
		for _, q := range s.seen(func(q recorded) bool { return frame.Lookup([]byte(q.Body), "id") != nil }) {
			id := string(frame.Lookup([]byte(q.Body), "id"))
			if ids[id]++; ids[id] > 1 || !strings.HasPrefix(id, `"tshmcp-`) {
				t.Errorf("id %s of %s: %d times", id, q.Method, ids[id])
			}
		}
		if len(ids) != 9 {
			t.Errorf("%d requests: %v", len(ids), s.methods())
		}
	}, uniqueIDs)
}

// Both directions of notifications/cancelled name the id of whoever reads it.
func TestUniqueIDsInCancels(t *testing.T) {
	var sent string
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		sent = string(m.ID)
		startStream(w)
		emit(w, ": begun\n\n")
		<-r.Context().Done()
	})}
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		emit(w, data(cancelLine("5")), data(cancelLine(`"s1"`)))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for _, id := range []string{"5", `"s1"`} { // the server's own ids stay
			if m := r.other(); string(m.raw) != cancelLine(id) {
				t.Errorf("got %s", m.raw)
			}
		}
		r.send(call("5", "slow"))
		synctest.Wait()
		r.send(cancelLine("5.0"))
		synctest.Wait()
		got := s.seen(func(q recorded) bool { return q.Method == methodCancelled })
		if len(got) != 1 || got[0].Body != cancelLine(sent) || sent == "5" {
			t.Errorf("cancels: %v, the request was %s", got, sent)
		}
	}, uniqueIDs)
}

// A cancel that comes before its request was written names the id it is then
// written under.
func TestUniqueIDsInEarlyCancel(t *testing.T) {
	release := make(chan struct{})
	s := &mcpServer{Post: onPost(methodInitialized, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		<-release
		w.WriteHeader(http.StatusAccepted)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		release = make(chan struct{})
		r.send(initializeLine)
		r.response("0")
		r.send(initializedLine, call("5", "x"), cancelLine("5"))
		synctest.Wait()
		close(release)
		synctest.Wait()
		if n := s.count(methodCall) + s.count(methodCancelled); n != 0 {
			t.Errorf("sent: %v", s.methods())
		}
	}, uniqueIDs)
}

// The ids in the metadata of a subscription are the client's for the client and
// those of the wire for the server, also after it was opened again.
func TestUniqueIDsOfSubscription(t *testing.T) {
	var ids []string
	open, hold := subscriptionScripts(&ids)
	s := listenServer(open, hold)
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern(`7`, methodListen, listenLine))
		for _, method := range []string{methodAcknowledged, "notifications/prompts/list_changed", methodToolsChanged, "notifications/prompts/list_changed"} {
			if m := r.other(); m.Method != method || subscriptionID(m) != `7` {
				t.Errorf("got %s, want %s", m.raw, method)
			}
		}
		naming := func(head, id string) string {
			return fmt.Sprintf(`{"jsonrpc":"2.0",%s,"params":{"_meta":{%q:"2026-07-28",%q:%s}}}`, head, metaVersion, metaSubscription, id)
		}
		r.send(naming(`"id":8,"method":"x/y"`, `7`), naming(`"method":"notifications/y"`, `7`))
		r.response("8")
		synctest.Wait()
		for _, method := range []string{"x/y", "notifications/y"} {
			got := s.seen(func(q recorded) bool { return q.Method == method })
			if len(got) != 1 || string(frame.Lookup([]byte(got[0].Body), "params", "_meta", metaSubscription)) != ids[1] {
				t.Errorf("%s: %v, the subscription is %v", method, got, ids)
			}
		}
		m := r.response("7")
		if string(frame.Lookup(m.Result, "_meta", metaSubscription)) != "7" {
			t.Errorf("got %s", m.raw)
		}
		if len(ids) != 2 || ids[0] == ids[1] || slices.Contains(ids, "7") {
			t.Errorf("ids on the wire: %v", ids)
		}
	}, uniqueIDs)
}

// A batch keeps its form in both directions but for the ids.
func TestUniqueIDsInBatch(t *testing.T) {
	var got []byte
	s := &mcpServer{Version: v03}
	s.Post = func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
		all := s.seen(func(q recorded) bool { return strings.HasPrefix(q.Body, "[") })
		if len(all) == 0 {
			return false
		}
		got = []byte(all[0].Body)
		messages, _, _ := frame.Parse(got)
		w.Header().Set("Content-Type", typeJSON)
		fmt.Fprintf(w, "[ {\"jsonrpc\":\"2.0\",\"result\":{},\"id\":%s} ,\n%s ]", messages[2].ID, result(messages[0].ID, `{"id":1}`))
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(twoAndOne)
		m := r.response("1")
		if want := `[ {"jsonrpc":"2.0","result":{},"id":"2"} , {"jsonrpc":"2.0","id":1,"result":{"id":1}} ]`; string(m.raw) != want {
			t.Errorf("got  %s\nwant %s", m.raw, want)
		}
		messages, _, _ := frame.Parse(got)
		back := strings.Replace(strings.Replace(string(got), string(messages[0].ID), "1", 1), string(messages[2].ID), `"2"`, 1)
		if back != twoAndOne {
			t.Errorf("the server got %s", got)
		}
	}, uniqueIDs)
}

// A response finds its request on the listening stream and on a stream that is
// taken up again.
func TestUniqueIDsOnOtherStreams(t *testing.T) {
	var late, resumed chan string
	s := &mcpServer{}
	s.Post = onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if name, _ := frame.LookupString(m.Params, "name"); name == "late" {
			late <- string(m.ID)
			w.WriteHeader(http.StatusAccepted)
			return
		}
		resumed <- string(m.ID)
		startStream(w)
		emit(w, "id: e1\ndata:\n\n")
	})
	s.Get = func(w http.ResponseWriter, r *http.Request) bool {
		startStream(w)
		if r.Header.Get(headerEventID) == "e1" {
			emit(w, data(result([]byte(<-resumed), `{}`)))
			return true
		}
		time.Sleep(10 * time.Second)
		emit(w, data(result([]byte("1"), `{"not":"mine"}`)), data(result([]byte(<-late), `{}`)))
		<-r.Context().Done()
		return true
	}
	bubble(t, s, func(t *testing.T, r *rig) {
		late, resumed = make(chan string, 1), make(chan string, 1)
		r.hello()
		r.send(call("1", "late"), call("2", "resumed"))
		for _, id := range []string{"1", "2"} {
			if m := r.response(id); string(m.raw) != result([]byte(id), `{}`) {
				t.Errorf("got %s", m.raw)
			}
		}
	}, uniqueIDs)
}

// Without the option a request is what the client wrote.
func TestClientIDsAreKept(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		line := ` {"id" : 1.0 ,"method":"x/y", "jsonrpc":"2.0"} `
		r.send(line)
		r.response("1.0")
		if got := s.seen(func(q recorded) bool { return q.Method == "x/y" }); len(got) != 1 || got[0].Body != line {
			t.Errorf("got %v", got)
		}
	})
}

// Ids put into a frame and taken out again leave every byte where it was, and
// every response comes back under the client's id.
func FuzzUniqueIDs(f *testing.F) {
	f.Add([]byte(initializeLine))
	f.Add([]byte(twoAndOne))
	f.Add([]byte(` [ {"id" : "\u0061" ,"method":"a","jsonrpc":"2.0"},{"method":"n","jsonrpc":"2.0"} ]`))
	f.Add([]byte(`{"jsonrpc":"2.0","id":1,"id":9007199254740993,"method":"x","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":1}}}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		messages, batch, err := frame.Parse(doc)
		if err != nil || !slices.ContainsFunc(messages, func(m frame.Message) bool { return m.Kind == frame.Request }) {
			return
		}
		b := newBridge(t.Context(), Config{UniqueIDs: true, Out: new(strings.Builder)})
		x := newExchange(t.Context(), doc, batch, messages...)
		b.update(func(s *inflight) { s.add(x.pending) })
		b.exchanges.address(x)
		sent, sentBatch, err := frame.Parse(x.frame)
		if err != nil || sentBatch != batch || len(sent) != len(messages) || len(x.left) != len(x.requests) {
			t.Fatalf("sent %q: %v", x.frame, err)
		}
		back := string(x.frame)
		for _, r := range x.requests {
			back = strings.Replace(back, string(r.wire), string(r.id), 1)
		}
		if back != string(doc) && !bytes.Contains(doc, []byte("subscriptionId")) { // may be written in another way there
			t.Fatalf("sent %q for %q", x.frame, doc)
		}
		for _, r := range slices.Backward(slices.Clone(x.requests)) {
			m, _ := frame.ParseMessage([]byte(result(r.wire, `{"id":1}`)))
			out := b.exchanges.reader.relay.incoming(x, m)
			if len(out) != 1 || string(out[0]) != result(r.id, `{"id":1}`) {
				t.Fatalf("answer %q for id %s", out, r.id)
			}
			if len(b.exchanges.reader.relay.incoming(x, m)) != 0 {
				t.Fatal("answered twice")
			}
		}
		if len(b.flight.wire) != 0 || len(b.flight.waiting) != 0 {
			t.Fatalf("left: %v %v", b.flight.wire, b.flight.waiting)
		}
	})
}

// TestLongAnswerIsNotCopied holds that a long answer gets its id where it stands, and
// is then what a copy would be; the parts of an array, and an id behind the result or
// longer than the one there, are left to the copy.
func TestLongAnswerIsNotCopied(t *testing.T) {
	long := `{"t":"` + strings.Repeat("x", longCopy) + `"}`
	array := `[{"jsonrpc":"2.0","id":"tshmcp-0-1","result":` + long + `},{"jsonrpc":"2.0","id":"b","result":{}}]`
	for name, c := range map[string]struct {
		doc, id string
		moved   bool
	}{
		"first":     {`{"jsonrpc":"2.0","id":"tshmcp-0-1","result":` + long + `}`, `7`, true},
		"as long":   {`{"id":"tshmcp-0-1","jsonrpc":"2.0","result":` + long + `}`, `"client-0-1"`, true},
		"longer":    {`{"jsonrpc":"2.0","id":"tshmcp-0-1","result":` + long + `}`, `"a longer one of the client"`, false},
		"behind":    {`{"jsonrpc":"2.0","result":` + long + `,"id":"tshmcp-0-1"}`, `7`, false},
		"short":     {`{"jsonrpc":"2.0","id":"tshmcp-0-1","result":{}}`, `7`, false},
		"of two":    {array, `7`, false},
		"two names": {`{"id":1,"jsonrpc":"2.0","id":"tshmcp-0-1","result":` + long + `}`, `7`, true},
	} {
		doc := []byte(c.doc)
		messages, _, err := frame.Parse(doc)
		if err != nil {
			t.Fatal(name, err)
		}
		m := messages[0]
		want := string(frame.Splice(m.Doc, m.IDAt, []byte(c.id)))
		r := &request{x: &pending{}, id: []byte(c.id)}
		got := r.restored(m)
		if string(got) != want {
			t.Errorf("%s: got %.80q, want %.80q", name, got, want)
		}
		if intact := string(doc) == c.doc; intact == c.moved {
			t.Errorf("%s: that what was read is as it was is %t", name, intact)
		}
	}
}
