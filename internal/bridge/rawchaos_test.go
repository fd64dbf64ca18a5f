// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: processes that do anything at any moment.

package bridge

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// moods is what a process may do with a message instead of answering it.
func moods(rnd func(int) int) func(*process, frame.Message) {
	return func(p *process, m frame.Message) {
		switch rnd(24) {
		case 0:
			p.Close()
		case 7:
			p.say(`{"jsonrpc":"","method":""}`, `{"jsonrpc":"2.0","method":""}`)
			p.answer(m)
		case 2:
			p.say(`{"jsonrpc":"2.0","id":"nobody's","result":{}}`)
			p.answer(m)
		case 3:
			p.answer(m)
			p.Close()
		case 4:
			time.Sleep(time.Duration(rnd(3000)) * time.Millisecond)
			p.answer(m)
		case 5:
			p.say(`{"jsonrpc":"2.0","id":7,"method":"roots/list"}`)
			p.answer(m)
		case 6:
			p.say(`{"jsonrpc":"2.0","id":`) // a line that is cut
			p.answer(m)
		default:
			p.answer(m)
		}
	}
}

// Every request is answered once, whatever happens, and in the end the session works.
func TestRawChaos(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			f := &fakeRaw{}
			source, wild := rand.New(rand.NewPCG(seed, 1)), false
			random := func(n int) int { // 1 in calm times
				f.mu.Lock()
				defer f.mu.Unlock()
				if !wild {
					return 1
				}
				return source.IntN(n)
			}
			set := func(yes bool) {
				f.mu.Lock()
				defer f.mu.Unlock()
				wild = yes
			}
			f.serve = moods(random)
			f.begin = func(p *process) {
				if random(10) == 0 {
					p.Close()
				}
			}
			f.dial = func(int) error { // the lock is held
				if wild && source.IntN(8) == 0 {
					return &net.OpError{Op: "dial", Err: errors.New("refused")}
				}
				return nil
			}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				r.hello()
				set(true)
				for i := range 200 {
					id := fmt.Sprint(i + 1)
					if i%3 == 0 {
						r.send(listLine(id))
					} else {
						r.send(call(id, "x"))
					}
					if i%7 == 0 {
						r.send(`{"jsonrpc":"2.0","method":"notifications/x"}`)
					}
					time.Sleep(time.Duration(10*random(40)) * time.Millisecond)
				}
				for i := range 200 {
					r.response(fmt.Sprint(i + 1))
				}
				set(false)
				time.Sleep(2 * time.Minute)
				r.send(listLine("1000"))
				if m := r.response("1000"); m.Result == nil {
					t.Errorf("got %s", m.raw)
				}
				if f.count() < 3 {
					t.Errorf("%d processes: nothing happened", f.count())
				}
			})
		})
	}
}
