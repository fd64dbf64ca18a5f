// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// A process that never answers, whatever else it does, leaves no client without an
// answer, and is not kept: Teleport waits for it without end (protocol.md 13.5).
func TestRawNeverAnswers(t *testing.T) {
	for name, serve := range map[string]func(p *process, m frame.Message){
		"says nothing": func(*process, frame.Message) {},
		"reads nothing": func(p *process, _ frame.Message) {
			p.say(`{"jsonrpc":"","method":""}`)
			time.Sleep(70 * time.Second)
		},
		"prints": func(p *process, _ frame.Message) {
			p.say(`{"jsonrpc":"","method":""}`, `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"starting"}}`)
		},
	} {
		for _, first := range []string{methodInitialize, methodDiscover} {
			t.Run(name+" "+first, func(t *testing.T) {
				f := &fakeRaw{serve: serve}
				rawBubble(t, f, func(t *testing.T, r *rig) {
					began := time.Now()
					if first == methodInitialize {
						r.send(initializeLine)
					} else {
						r.send(`{"jsonrpc":"2.0","id":0,"method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}`)
					}
					got := r.refused("0", KindTimeout, MayHaveRun)
					if took := time.Since(began); took < 45*time.Second || took > time.Minute {
						t.Errorf("told after %v", took)
					}
					if !strings.Contains(got.Message, "has not answered in 50s") || !strings.Contains(got.Message, "ask whoever runs it") {
						t.Errorf("got %q", got.Message)
					}
					<-f.process(1).gone
				})
			})
		}
	}
}

// Who has said how long he waits is not told sooner.
func TestRawNeverAnswersPatient(t *testing.T) {
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method == methodInitialize {
			time.Sleep(90 * time.Second)
		}
		p.answer(m)
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(initializeLine)
		r.response("0")
	}, func(c *Config) { c.RequestTimeout = 2 * time.Minute })
}

// quiet is a server that takes what it gets and says nothing any more once a tool or
// the list was asked for.
func quiet(but ...string) func(p *process, m frame.Message) {
	return func(p *process, m frame.Message) {
		if p.n > 1 || m.Method == methodInitialize || strings.Contains(strings.Join(but, " "), m.Method) {
			p.answer(m)
		}
	}
}

// A stream over which nothing comes any more, though Teleport took the request, is not
// waited for for ever, and the next process serves.
func TestRawFallsSilent(t *testing.T) {
	for _, tt := range []struct {
		line  string
		after time.Duration
	}{
		{listLine("1"), 2 * time.Minute},
		{call("1", "x"), time.Hour},
		{`{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"a:b"}}`, time.Hour},
	} {
		f := &fakeRaw{serve: quiet()}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			r.hello()
			time.Sleep(time.Hour) // of rest does not count
			began := time.Now()
			r.send(tt.line)
			time.Sleep(tt.after - time.Second)
			if r.answers("1") != 0 {
				t.Errorf("%s: told too soon", tt.line)
			}
			got := r.refused("1", KindTimeout, MayHaveRun)
			if took := time.Since(began); took > tt.after+time.Second {
				t.Errorf("%s: told after %v", tt.line, took)
			}
			if !strings.Contains(got.Message, "said nothing for") || !strings.Contains(got.Message, "ask whoever runs it") {
				t.Errorf("got %q", got.Message)
			}
			if n := len(f.process(1).saw("ping")); n != 1 {
				t.Errorf("%d pings", n)
			}
			r.send(call("2", "x"))
			if got := by(r, "2"); got != "2" {
				t.Errorf("by %s", got)
			}
		})
	}
}

// A call may take any time as long as the server is there, and a list waits behind one.
func TestRawLongCall(t *testing.T) {
	for name, serve := range map[string]func(p *process, m frame.Message){
		"answers pings": quiet("ping"),
		"is busy": func(p *process, m frame.Message) {
			if m.Method == methodCall {
				time.Sleep(50 * time.Minute)
			}
			p.answer(m)
		},
		"makes progress": func(p *process, m frame.Message) {
			for range 100 {
				if m.Method == methodCall {
					time.Sleep(time.Minute)
					p.say(`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"t","progress":1}}`)
				}
			}
			p.answer(m)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeRaw{serve: serve}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				r.hello()
				r.send(call("1", "x"))
				if name == "is busy" {
					r.send(listLine("2"))
				}
				time.Sleep(10 * time.Hour)
				if name == "answers pings" {
					f.process(1).say(string(result(f.process(1).saw(methodCall)[0].ID, `{"by":1}`)))
				}
				if got := by(r, "1"); got != "1" {
					t.Errorf("by %s", got)
				}
				if strings.Contains(r.log.String(), "no request waits for") {
					t.Errorf("the log has\n%s", r.log)
				}
			})
		})
	}
}

// A connection at rest is left alone, and so is one with a subscription.
func TestRawAtRest(t *testing.T) {
	const meta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}`
	f := &fakeRaw{serve: func(p *process, m frame.Message) {
		if m.Method != methodListen {
			p.answer(m)
		}
	}}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		r.response("1")
		r.send(`{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true},` + meta + `}}`)
		time.Sleep(24 * time.Hour)
		if f.count() != 1 || len(f.process(1).saw("ping")) != 0 {
			t.Errorf("%d processes, %d pings", f.count(), len(f.process(1).saw("ping")))
		}
	})
}
