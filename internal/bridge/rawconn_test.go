// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// Long messages pass in both directions up to the limit; one over it is told to
// whom it was for, and the connection goes on.
func TestRawLongMessages(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		size, _ := frame.LookupString(m.Params, "arguments", "size")
		n := 0
		fmt.Sscan(size, &n)
		if n == 0 {
			p.answer(m)
			return
		}
		p.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":%q}}`, strings.Repeat("x", n)))
		p.say(string(result(m.ID, fmt.Sprintf(`{"text":%q}`, strings.Repeat("x", n)))))
	}}
	ask := func(id string, size int) string {
		return fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":{"name":"big","arguments":{"size":"%d"}}}`, id, size)
	}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(ask("1", 5<<20))
		if text, _ := frame.LookupString(r.response("1").Result, "text"); len(text) != 5<<20 {
			t.Errorf("%d bytes", len(text))
		}
		r.send(ask("2", 11<<20))
		if got := r.refused("2", KindResponseTooLarge, MayHaveRun); got.Data.Size < 11<<20 {
			t.Errorf("got %+v", got)
		}
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"x","arguments":{"t":%q}}}`, strings.Repeat("y", 9<<20)))
		if got := by(r, "3"); got != "1" {
			t.Errorf("by %s", got)
		}
	})
}

// A response that is none ends its request, which no other will come for, and nothing
// else: the connection goes on (transport.md F-15).
func TestRawSpoiltResponses(t *testing.T) {
	spoilt := map[string]string{
		"bytes":   "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"text\":\"\xff\"}}",
		"cut":     `{"jsonrpc":"2.0","id":%s,"result":{"text":"a`,
		"version": `{"id":%s,"result":{}}`,
		"both":    `{"jsonrpc":"2.0","id":%s,"result":{},"error":{"code":1,"message":"no"}}`,
		"neither": `{"jsonrpc":"2.0","id":%s}`,
	}
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		name, _ := frame.LookupString(m.Params, "name")
		switch line, ok := spoilt[name]; {
		case ok:
			p.say(fmt.Sprintf(line, m.ID))
		case name != "waits":
			p.answer(m)
		}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call(`"w"`, "waits"))
		for name := range spoilt {
			id := strconv.Quote(name)
			r.send(call(id, name))
			r.refused(id, KindMalformed, MayHaveRun)
		}
		r.send(call("1", "x"))
		if got := by(r, "1"); got != "1" {
			t.Errorf("by %s", got)
		}
	})
}

// Arguments and results pass byte for byte, numbers that no float holds too. What Teleport
// makes of them on its way is another matter (protocol.md 13.3).
func TestRawBytes(t *testing.T) {
	const value = `{"id":9007199254740993,"f":1.0,"e":1E2,"big":123456789012345678901234567890,"t":"<é\u00e9>\/"}`
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method != methodCall {
			p.answer(m)
			return
		}
		p.say(`{"jsonrpc":"2.0","method":"notifications/message","params":` + value + `}`)
		p.say(string(result(m.ID, value)))
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":` + value + `}}`)
		if got := string(r.response("1").Result); got != value {
			t.Errorf("the result is %s", got)
		}
		if got := string(r.other().Params); got != value {
			t.Errorf("the notification has %s", got)
		}
		if got := string(frame.Lookup(f.process(1).saw(methodCall)[0].Params, "arguments")); got != value {
			t.Errorf("the arguments are %s", got)
		}
	})
}

// What the server says reaches the client in the order in which it was said.
func TestRawOrder(t *testing.T) {
	const n = 200
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method != methodCall {
			p.answer(m)
			return
		}
		token := frame.Lookup(m.Params, "_meta", "progressToken")
		for i := range n {
			p.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%s,"progress":%d}}`, token, i))
			p.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":%d}}`, i))
		}
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","_meta":{"progressToken":"t"}}}`)
		r.response("1")
		for i := range n {
			a, b := r.other(), r.other()
			if got := string(frame.Lookup(a.Params, "progress")) + string(frame.Lookup(b.Params, "data")); got != fmt.Sprint(i, i) && got != fmt.Sprintf("%d%d", i, i) {
				t.Fatalf("%d: got %s and %s", i, a.raw, b.raw)
			}
		}
	})
}

// A cancel of either era reaches the server under the id that it knows, and what
// comes for the request afterwards reaches nobody.
func TestRawCancel(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	for _, modern := range []bool{false, true} {
		t.Run(fmt.Sprint("modern ", modern), func(t *testing.T) {
			f := &fakeRaw{serve: func(p *process, m frame.Message) {
				p.answer(m)
				if m.Method == methodCancelled {
					p.say(string(result(frame.Lookup(m.Params, "requestId"), `{"late":true}`)))
				}
			}}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				extra := ""
				if modern {
					extra = "," + meta
				} else {
					r.hello()
				}
				r.send(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"hang"` + extra + `}}`)
				eventually(t, "the call arrives", func() bool { return f.count() == 1 && len(f.process(1).saw(methodCall)) == 1 })
				r.send(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1` + extra + `}}`)
				eventually(t, "the cancel arrives", func() bool { return len(f.process(1).saw(methodCancelled)) == 1 })
				call, cancel := f.process(1).saw(methodCall)[0], f.process(1).saw(methodCancelled)[0]
				if string(frame.Lookup(cancel.Params, "requestId")) != string(call.ID) {
					t.Errorf("%s cancels %s", cancel.Doc, call.Doc)
				}
				r.send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"x"` + extra + `}}`)
				r.response("2")
				if n := r.answers("1"); n != 0 {
					t.Errorf("%d answers", n)
				}
			})
		})
	}
}

// The messages of a batch go one by one: Teleport takes none.
func TestRawBatch(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(strings.Replace(initializeLine, "2025-11-25", batchVersion, 1))
		r.response("0")
		r.send(initializedLine)
		r.send(`[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":2,"method":"ping"}]`)
		r.response("1")
		r.response("2")
		if n := len(f.process(1).saw("ping")); n != 2 {
			t.Errorf("%d pings", n)
		}
	})
}

// The modern era needs no handshake; a new connection is opened when it is needed,
// and a subscription is asked for again.
func TestRawModern(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method == methodListen {
			p.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{%q:%s},"notifications":{}}}`, metaSubscription, m.ID))
			return
		}
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(`{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{` + meta + `}}`)
		r.response("1")
		r.send(`{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},` + meta + `}}`)
		if m := r.other(); !strings.Contains(string(m.raw), `"s"`) {
			t.Errorf("got %s", m.raw)
		}
		r.send(`{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"die",` + meta + `}}`)
		r.refused("2", KindConnectionLost, MayHaveRun)
		eventually(t, "the subscription is asked for again", func() bool {
			return f.count() == 2 && len(f.process(2).saw(methodListen)) == 1
		})
		r.send(`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"x",` + meta + `}}`)
		if got := by(r, "3"); got != "2" {
			t.Errorf("by %s", got)
		}
	})
}

// Another initialize of the client is another process, and the first is let go.
func TestRawInitializeAgain(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(strings.Replace(initializeLine, `"id":0`, `"id":5`, 1))
		r.response("5")
		r.send(initializedLine, call("6", "x"))
		if got := by(r, "6"); got != "2" {
			t.Errorf("by %s", got)
		}
		<-f.process(1).gone
		synctest.Wait()
		if f.count() != 2 {
			t.Errorf("%d processes", f.count())
		}
	})
}

// A server that reads nothing while it writes, and writes while a request is on
// its way to it, gets rid of what it has to say.
func TestRawBothWrite(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	f := &fakeRaw{begin: func(p *process) {
		r := bufio.NewReader(p)
		_, _ = r.ReadByte() // the rest of the call waits
		for i := range 100 {
			p.say(fmt.Sprintf(`{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":%d}}`, i))
		}
		line, _ := r.ReadString('\n')
		m, _ := frame.ParseMessage([]byte("{" + strings.TrimSpace(line)))
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{%s,"name":"x","arguments":{"t":%q}}}`, meta, strings.Repeat("y", 1<<20)))
		r.response("1")
		if m := r.other(); !strings.Contains(string(m.raw), `"data":0`) {
			t.Errorf("got %s", m.raw)
		}
	})
}

// A server that reads nothing for a while is not a lost session: what it takes no
// notice of is given up, and it is the same process that goes on.
func TestRawServerThatDoesNotRead(t *testing.T) {
	release := make(chan struct{})
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if p.answer(m); m.Method == methodInitialized {
			<-release
		}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		release = make(chan struct{}) // of the bubble
		r.hello()
		time.Sleep(time.Second)
		for range 3 {
			r.send(`{"jsonrpc":"2.0","method":"notifications/x"}`)
		}
		time.Sleep(2 * time.Minute)
		close(release)
		r.send(listLine("1"))
		if got := by(r, "1"); got != "1" || f.count() != 1 {
			t.Errorf("by %s of %d", got, f.count())
		}
	})
}

// A client that leaves takes the process with it, while calls are under way and
// while nothing is read at the other end (rawBubble looks).
func TestRawClientGone(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		f := &fakeRaw{serve: func(p *process, m frame.Message) {
			p.answer(m)
			for deaf && m.Method == methodInitialized {
				if _, err := io.WriteString(p, "{\"jsonrpc\":\"\",\"method\":\"\"}\n"); err != nil {
					return
				}
				time.Sleep(100 * time.Millisecond)
			}
		}}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			r.hello()
			time.Sleep(time.Second)
			r.send(call("1", "hang"), call("2", "hang"))
			synctest.Wait()
		})
	}
}
