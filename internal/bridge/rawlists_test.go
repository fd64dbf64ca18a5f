// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// While a list is under way, not so many requests follow it that Teleport would
// forget what its answer is to; and a list that takes long holds up nobody.
func TestRawRequestsBehindAList(t *testing.T) {
	for _, slow := range []bool{false, true} {
		f := &fakeRaw{}
		var list frame.Message
		f.serve = func(p *process, m frame.Message) {
			if m.Method == methodTools && len(p.saw(methodTools)) == 1 {
				list = m
				return
			}
			p.answer(m)
		}
		rawBubble(t, f, func(t *testing.T, r *rig) {
			r.hello()
			r.send(listLine("1"))
			eventually(t, "the list", func() bool { return f.count() == 1 && len(f.process(1).saw(methodTools)) == 1 })
			for i := range 60 {
				r.send(call(fmt.Sprint(100+i), "x"))
			}
			synctest.Wait()
			if n := len(f.process(1).saw(methodCall)); n != maxBehindList {
				t.Errorf("%d calls behind the list", n)
			}
			if slow {
				time.Sleep(1500 * time.Millisecond)
			} else {
				f.process(1).answer(list)
			}
			synctest.Wait()
			if n := len(f.process(1).saw(methodCall)); n != 60 {
				t.Errorf("%d calls then", n)
			}
			if slow {
				f.process(1).answer(list)
			}
			r.response("1")
		})
	}
}

// A list that was cancelled while it waited, and one that took too long, are not
// taken for one that is still under way.
func TestRawListGivenUp(t *testing.T) {
	var lists []frame.Message
	f := &fakeRaw{}
	f.serve = func(p *process, m frame.Message) {
		if m.Method == methodTools {
			lists = append(lists, m)
			return
		}
		p.answer(m)
	}
	calls := func() int { return len(f.process(1).saw(methodCall)) }
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.hello()
		r.send(listLine("1"))
		eventually(t, "the list", func() bool { return f.count() == 1 && len(f.process(1).saw(methodTools)) == 1 })
		for i := range maxBehindList {
			r.send(call(fmt.Sprint(100+i), "x"))
		}
		synctest.Wait()
		r.send(listLine("2"))
		synctest.Wait()
		r.send(cancelLine("2"), call("3", "x"))
		synctest.Wait()
		if n := calls(); n != maxBehindList || len(lists) != 1 {
			t.Errorf("%d calls and %d lists behind the first", n, len(lists))
		}
		time.Sleep(1500 * time.Millisecond) // the first holds up nobody any more
		r.send(listLine("4"))
		synctest.Wait()
		f.process(1).answer(lists[0])
		before := calls()
		for i := range maxBehindList + 10 {
			r.send(call(fmt.Sprint(200+i), "x"))
		}
		synctest.Wait()
		if n := calls() - before; n != maxBehindList {
			t.Errorf("%d calls behind the last list", n)
		}
		f.process(1).answer(lists[1])
		synctest.Wait()
		if n := calls() - before; n != maxBehindList+10 {
			t.Errorf("%d calls then", n)
		}
	})
}

// A list in a batch is a list, and goes last; each request of a batch counts.
func TestRawListInABatch(t *testing.T) {
	for name, tt := range map[string]struct {
		ahead, batch string // a line that is sent before the batch; what is in that
		calls        int    // of the batch that are sent while its list has no answer
		more         int    // calls that may follow
	}{
		"among others":         {"", call("1", "x") + "," + listLine("2") + "," + call("3", "x"), 2, maxBehindList},
		"before many":          {"", listLine("2") + manyCalls(300, 200), 200, maxBehindList},
		"two of them":          {"", listLine("2") + "," + listLine("4") + manyCalls(300, 60), 60, maxBehindList - 1},
		"many behind one":      {listLine("9"), strings.TrimPrefix(manyCalls(300, maxBehindList+1), ","), 0, maxBehindList},
		"as many as may":       {listLine("9"), strings.TrimPrefix(manyCalls(300, maxBehindList), ","), maxBehindList, 0},
		"a list behind a list": {listLine("9"), listLine("2") + manyCalls(300, maxBehindList-1), maxBehindList - 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var held []frame.Message
			f := &fakeRaw{serve: func(p *process, m frame.Message) {
				if m.Method != methodTools {
					p.answer(m)
					return
				}
				held = append(held, m)
			}}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				r.send(strings.Replace(initializeLine, "2025-11-25", batchVersion, 1))
				r.response("0")
				r.send(initializedLine)
				synctest.Wait()
				calls := func() int { return len(f.process(1).saw(methodCall)) }
				if tt.ahead != "" {
					r.send(tt.ahead)
					eventually(t, "the list", func() bool { return len(f.process(1).saw(methodTools)) == 1 })
				}
				r.send("[" + tt.batch + "]")
				synctest.Wait()
				if n := calls(); n != tt.calls {
					t.Errorf("%d calls of the batch, want %d", n, tt.calls)
				}
				for i := range 60 {
					r.send(call(fmt.Sprint(100+i), "x"))
				}
				synctest.Wait()
				if n := calls() - tt.calls; n != tt.more {
					t.Errorf("%d calls behind the list, want %d", n, tt.more)
				}
				for _, m := range held {
					f.process(1).answer(m)
				}
				synctest.Wait()
				if n, want := calls(), strings.Count(tt.batch, methodCall)+60; n != want {
					t.Errorf("%d calls then, want %d", n, want)
				}
			})
		})
	}
}

// A batch with more lists than Teleport remembers is refused.
func TestRawBatchOfLists(t *testing.T) {
	f := &fakeRaw{}
	rawBubble(t, f, func(t *testing.T, r *rig) {
		r.send(strings.Replace(initializeLine, "2025-11-25", batchVersion, 1))
		r.response("0")
		r.send(initializedLine)
		lists := make([]string, maxBehindList+2)
		for i := range lists {
			lists[i] = listLine(fmt.Sprint(100 + i))
		}
		r.send("[" + strings.Join(lists, ",") + "]")
		r.refused("100", kindInvalidRequest, NotExecuted)
	})
}

// manyCalls are so many calls from that id on, behind something else in a batch.
func manyCalls(first, n int) string {
	var all strings.Builder
	for i := range n {
		all.WriteString("," + call(fmt.Sprint(first+i), "x"))
	}
	return all.String()
}
