// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// growth is something that a server makes as large as it can, while calls go on.
type growth struct {
	name  string
	serve func(w http.ResponseWriter, m frame.Message, n int) // the answer to tools/call number n
	hello func(w http.ResponseWriter, m frame.Message)        // to initialize; nil: the usual
	calls int
	most  int64 // MB that the bridge may keep; 0: 40
	check func(t *testing.T, s *mcpServer, r *rig)
}

const grownID = 5 << 20

var (
	longID = strings.Repeat("i", grownID)
	half   = strings.Repeat("x", 4<<20)
)

var growths = []growth{
	{name: "long ids of server requests", calls: 12, serve: func(w http.ResponseWriter, m frame.Message, n int) {
		startStream(w)
		emit(w, data(fmt.Sprintf(`{"jsonrpc":"2.0","id":"%d%s","method":"roots/list"}`, n, longID)))
		emit(w, data(result(m.ID, `{}`)))
	}, check: func(t *testing.T, _ *mcpServer, r *rig) {
		if n := len(r.rest); n != 0 {
			t.Errorf("%d requests with ids of %d bytes passed", n, grownID)
		}
	}},
	{name: "many server requests", calls: 20, serve: func(w http.ResponseWriter, m frame.Message, n int) {
		startStream(w)
		for i := range 100 {
			emit(w, data(fmt.Sprintf(`{"jsonrpc":"2.0","id":"%d-%d-%s","method":"roots/list"}`, n, i, strings.Repeat("i", 900))))
		}
		emit(w, data(result(m.ID, `{}`)))
	}, check: func(t *testing.T, s *mcpServer, r *rig) {
		asked, taken := 0, 0
		for _, m := range r.rest {
			if m.Method == methodCancelled {
				taken++
			} else {
				asked++
			}
		}
		if asked != 20*100 || asked-taken > maxServerRequests {
			t.Errorf("of %d requests %d were taken back, at most %d may be open", asked, taken, maxServerRequests)
		}
		last := r.rest[len(r.rest)-1]
		if last.Method == methodCancelled {
			last = r.rest[len(r.rest)-2]
		}
		before := s.count("POST")
		r.send(string(frame.NewResponse(last.ID, "result", []byte(`{}`))), string(frame.NewResponse(r.rest[0].ID, "result", []byte(`{}`))))
		synctest.Wait()
		if n := s.count("POST") - before; n != 1 {
			t.Errorf("%d of the responses to the last request and to the first passed, want the first alone to be gone", n)
		}
	}},
	{name: "cookies", calls: 30, serve: func(w http.ResponseWriter, m frame.Message, n int) {
		for i := range 400 {
			http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("c%d-%d", n, i), Value: strings.Repeat("v", 60)})
		}
		http.SetCookie(w, &http.Cookie{Name: "huge", Value: strings.Repeat("v", 10_000)})
		respond(w, m.ID, `{}`)
	}, check: func(t *testing.T, s *mcpServer, r *rig) {
		posts := s.seen(func(q recorded) bool { return q.Method == methodCall })
		sent := posts[len(posts)-1].Header.Get("Cookie")
		if len(sent) > 2*maxCookieBytes || strings.Contains(sent, "huge") || !strings.Contains(sent, "c28-399=") {
			t.Errorf("%d bytes of cookies: %.200s", len(sent), sent)
		}
	}},
	{name: "session id, version and setup", calls: 3, hello: func(w http.ResponseWriter, m frame.Message) {
		w.Header().Set(headerSession, strings.Repeat("s", 900_000))
		respond(w, m.ID, `{"protocolVersion":"`+strings.Repeat("2", 1<<20)+`","capabilities":{"x":"`+strings.Repeat("c", 7<<20)+`"},"instructions":"`+strings.Repeat("i", 1<<20)+`"}`)
	}, check: func(t *testing.T, s *mcpServer, _ *rig) {
		for _, q := range s.seen(func(q recorded) bool { return q.Method == methodCall }) {
			if n := len(q.Header.Get(headerSession)) + len(q.Header.Get(headerVersion)); n > maxSessionID+maxVersion {
				t.Errorf("the headers have %d bytes", n)
			}
		}
	}},
	{name: "event ids", calls: 10, serve: func(w http.ResponseWriter, m frame.Message, n int) {
		startStream(w)
		emit(w, "id: "+strings.Repeat("e", 1<<20)+"\n", "event: "+strings.Repeat("n", 1<<20)+"\n", strings.Repeat("f", 1<<20)+": x\n", "\n")
		emit(w, data(result(m.ID, `{}`)))
	}},
	{name: "refusals", calls: 10, serve: func(w http.ResponseWriter, _ frame.Message, n int) {
		w.Header().Set("WWW-Authenticate", `Bearer resource_metadata="https://h/`+strings.Repeat("r", 200_000)+`"`)
		w.Header().Set("Retry-After", strings.Repeat("9", 200_000))
		http.Error(w, strings.Repeat("text ", 400_000), []int{401, 403, 429, 503}[n%4])
	}, check: func(t *testing.T, _ *mcpServer, r *rig) {
		for id, got := range r.seen {
			if len(got[0].raw) > 8<<10 {
				t.Errorf("the answer to %s has %d bytes", id, len(got[0].raw))
			}
		}
	}},
	{name: "half answers", calls: 60, most: 120, serve: func(w http.ResponseWriter, m frame.Message, n int) {
		if n%2 == 0 {
			startStream(w)
			emit(w, `data: {"jsonrpc":"2.0","id":`+string(m.ID)+`,"result":"`, half)
		} else {
			w.Header().Set("Content-Type", typeJSON)
			emit(w, `{"jsonrpc":"2.0","id":`+string(m.ID)+`,"result":"`, half)
		}
		time.Sleep(time.Hour)
	}},
}

// However large a server makes what a bridge keeps, the bridge keeps little of it,
// and goes on.
func TestGrowth(t *testing.T) {
	for _, g := range growths {
		t.Run(g.name, func(t *testing.T) {
			var n atomic.Int64
			s := &mcpServer{Post: func(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
				switch {
				case m.Method == methodInitialize && g.hello != nil:
					g.hello(w, m)
				case m.Method == methodCall && g.serve != nil:
					g.serve(w, m, int(n.Add(1))-1)
				default:
					return false
				}
				return true
			}}
			bubble(t, s, func(t *testing.T, r *rig) {
				before := heapInUse()
				r.hello()
				for i := 1; i <= g.calls; i++ {
					r.send(call(strconv.Itoa(i), "x"))
					if !strings.HasPrefix(g.name, "half") {
						r.response(strconv.Itoa(i))
					}
				}
				time.Sleep(10 * time.Second)
				synctest.Wait()
				var kept int64
				if s.mu.TryLock() { // what the test itself keeps does not count
					for _, q := range s.requests {
						kept += int64(len(q.Body))
					}
					s.mu.Unlock()
				}
				for _, m := range r.seen {
					kept += int64(len(m[0].raw))
				}
				for _, m := range r.rest {
					kept += 4 * int64(len(m.raw))
				}
				grown := heapInUse() - before - kept
				t.Logf("%d MB", grown>>20)
				if most := max(g.most, 40) << 20; grown > most {
					t.Errorf("it has grown by %d MB", grown>>20)
				}
				r.send(`{"jsonrpc":"2.0","id":"last","method":"ping"}`)
				if m := r.response("\"last\""); m.Result == nil {
					t.Errorf("the bridge is not well afterwards: %s", m.raw)
				}
				if g.check != nil {
					g.check(t, s, r)
				}
				r.stop()
			})
		})
	}
}

func heapInUse() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// More calls than fit are refused, and those that fit are not; room that was given
// up is used again.
func TestOpenCallsAreBounded(t *testing.T) {
	for name, tt := range map[string]struct{ n, pad, most int }{
		"many": {n: 1100, pad: 1, most: maxOpen},
		"long": {n: 18, pad: 4 << 20, most: 16},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				release := make(chan struct{})
				s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
					select {
					case <-release:
					case <-r.Context().Done():
					}
					respond(w, m.ID, `{}`)
				})}
				net := newMemory()
				net.serve(t, s)
				r := startRig(t, net.transport(t), "http://server.test/mcp")
				r.hello()
				pad := strings.Repeat("x", tt.pad)
				for i := 1; i <= tt.n; i++ {
					r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"x","pad":%q}}`, i, pad))
				}
				synctest.Wait()
				r.refused(strconv.Itoa(tt.n), kindTooManyOpen, NotExecuted)
				close(release)
				served := 0
				for i := 1; i <= tt.n; i++ {
					if r.response(strconv.Itoa(i)).Result != nil {
						served++
					}
				}
				if served != tt.most {
					t.Errorf("%d calls were served, want %d", served, tt.most)
				}
				r.send(call(`"next"`, "x"))
				if m := r.response(`"next"`); m.Result == nil {
					t.Errorf("got %s", m.raw)
				}
				r.end()
			})
		})
	}
}

// Long answers wait for each other; none is lost if each comes to its end, and one
// that is short does not wait.
func TestLongAnswersTakeTurns(t *testing.T) {
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		name, _ := frame.LookupString(m.Params, "name")
		text := `"` + strings.Repeat("x", 1<<20) + `"`
		switch name {
		case "json":
			w.Header().Set("Content-Type", typeJSON)
			doc := result(m.ID, text)
			w.Header().Set("Content-Length", strconv.Itoa(len(doc)))
			emit(w, doc[:100_000])
			time.Sleep(time.Second)
			emit(w, doc[100_000:])
		case "stream":
			startStream(w)
			doc := data(result(m.ID, text))
			emit(w, doc[:100_000])
			time.Sleep(time.Second)
			emit(w, doc[100_000:])
		case "hang":
			startStream(w)
			emit(w, data(result(m.ID, text))[:100_000])
			<-r.Context().Done()
		default:
			respond(w, m.ID, `{}`)
		}
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i := 1; i <= 60; i++ {
			r.send(call(strconv.Itoa(i), []string{"json", "stream"}[i%2]))
		}
		for i := 1; i <= 60; i++ {
			if m := r.response(strconv.Itoa(i)); m.Result == nil {
				t.Errorf("got %.200s", m.raw)
			}
		}
		for i := range maxLongAnswers {
			r.send(call(strconv.Itoa(101+i), "hang"))
			time.Sleep(time.Second)
		}
		r.send(call("199", "stream"))
		began := time.Now()
		r.send(call("200", "short"))
		if m := r.response("200"); m.Result == nil || time.Since(began) > time.Second {
			t.Errorf("a short answer came after %v: %s", time.Since(began), m.raw)
		}
		f := r.refused("199", KindResponseTooLarge, MayHaveRun)
		if !strings.Contains(f.Message, "other long answers") || f.Data.Limit != 0 {
			t.Errorf("%+v", f)
		}
		r.stop()
	})
}

// Cancelled calls whose answers do not end are read on for a while, the last of
// them alone; and a server that takes no cancels does not make them pile up.
func TestCancelledCallsAreBounded(t *testing.T) {
	var open atomic.Int64
	s := &mcpServer{Post: onPost(methodCall+" "+methodCancelled, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		if m.Method == methodCancelled {
			<-r.Context().Done()
			return
		}
		startStream(w)
		open.Add(1)
		<-r.Context().Done()
		open.Add(-1)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		for i := range maxLane + 100 {
			r.send(call(strconv.Itoa(i+1), "x"))
			time.Sleep(50 * time.Millisecond) // they share turns
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":%d}}`, i+1))
		}
		synctest.Wait()
		if n := open.Load(); n > maxAbandoned {
			t.Errorf("%d calls that were cancelled are read, at most %d wanted", n, maxAbandoned)
		}
		if !strings.Contains(r.log.String(), "a cancel was dropped") {
			t.Errorf("no cancel was dropped")
		}
		r.stop()
	})
}

func TestFIFO(t *testing.T) {
	f := newFIFO[int](3, 100)
	for i, key := range []string{"a", "b", "a", "c"} {
		if gone := f.put(key, i, 1); gone != nil {
			t.Errorf("%s drives out %v", key, gone)
		}
	}
	if gone := f.put("d", 4, 1); len(gone) != 1 || gone[0] != 1 {
		t.Errorf("the fourth drives out %v, want the oldest", gone)
	}
	if gone := f.put("e", 5, 97); len(gone) != 2 || f.bytes > 100 {
		t.Errorf("a large one drives out %v", gone)
	}
	if gone := f.put("f", 6, 200); gone != nil || len(f.items) != 2 {
		t.Errorf("one that does not fit drives out %v", gone)
	}
	f.drop("x")
	f.drop("d")
	if v, ok := f.get("e"); !ok || v != 5 || f.bytes != 98 {
		t.Errorf("%d, %v, %d bytes", v, ok, f.bytes)
	}
	if all := f.clear(); len(all) != 1 || f.bytes != 0 || len(f.order) != 0 {
		t.Errorf("%v", all)
	}
}

// What the tools need is forgotten in order, in number and size.
func TestToolHeadersAreBounded(t *testing.T) {
	box := newToolHeaders()
	for _, width := range []int{1, 20_000} {
		for i := range maxTools + 100 {
			name := fmt.Sprint(width, "-", i)
			box.learn([][]byte{[]byte(tool(name, `{"properties":{"`+strings.Repeat("p", width)+`":{"type":"string","x-mcp-header":"S"}}}`))})
			if i%500 == 0 && box.arguments([]byte(`{"name":"`+name+`","arguments":{"`+strings.Repeat("p", width)+`":"v"}}`)) == nil {
				t.Errorf("tool %s is not known", name)
			}
		}
		if n := len(box.bindings.items); n > maxTools || box.bindings.bytes > maxToolBytes {
			t.Errorf("%d tools of %d bytes", n, box.bindings.bytes)
		}
	}
}

// What is subscribed to, and which sessions had tools called, is bounded, too.
func TestSessionStateIsBounded(t *testing.T) {
	var s inflight
	s.init()
	s.session.state = newSessionState(frame.Message{}, nil)
	for i := range 1000 {
		doc := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"x:%d%s"}}`, i, strings.Repeat("u", i*10))
		m, err := frame.ParseMessage([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		s.remember(&pending{first: m}, &request{method: m.Method})
	}
	size, topics := 0, s.session.state.subscriptions.all()
	for _, m := range topics {
		size += len(m.Doc)
	}
	if n := len(topics); n > maxTopics || n < 50 || size > maxTopicBytes {
		t.Errorf("%d subscriptions of %d bytes", n, size)
	}
	for gen := range 100 {
		s.enter(session{gen: gen})
		s.calledTools[gen] = true
	}
	if n := len(s.calledTools); n != maxGenerations {
		t.Errorf("tools were called in %d sessions", n)
	}
	if got := setup([]byte(`{"a":1,"capabilities":{"x":{}},"protocolVersion":"v","serverInfo":"` + strings.Repeat("s", maxSetup) + `"}`)); string(got) != `{"protocolVersion":"v","capabilities":{"x":{}}}` {
		t.Errorf("%.200s", got)
	}
}
