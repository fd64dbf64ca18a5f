// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// The budget of a bridge: the bounds of everything that a server, or a client
// gone wild, can make it keep. docs/bridge.md adds them up; those of the lanes
// are in lane.go and intake.go.
const (
	maxOpen      = 1024     // requests of the client at a time
	maxOpenBytes = 64 << 20 // of them, beside one more
	maxAbandoned = 64       // cancelled requests whose answers are still read

	// What an answer, or an event, may take without asking: each open request may
	// read one at a time. Longer ones take turns.
	shortAnswer    = 64 << 10
	maxLongAnswers = 8

	maxServerRequests = 256     // of the server, without an answer
	maxServerID       = 1 << 10 // of one of them
	maxTopics         = 256     // resources that are subscribed to
	maxTopicBytes     = 1 << 20
	maxTools          = 4096 // tools with headers of their own
	maxToolBytes      = 1 << 20
	maxGenerations    = 16 // sessions of which is known whether tools were called

	maxSessionID   = 4 << 10
	maxVersion     = 64
	maxSetup       = 64 << 10  // of an initialize result, as far as a later one is compared with it
	maxRemembered  = 256 << 10 // of an initialize result that is remembered for another start
	maxRemembering = 2 << 20   // of what waits to be remembered, while files hang
	maxFilter      = 64 << 10  // of what a subscription is about
	maxChallenge   = 1 << 10
	maxCookies     = 32
	maxCookieBytes = 8 << 10
)

// fifo is a table of bounded size, in which the oldest entry makes room.
type fifo[V any] struct {
	items map[string]V
	order []string // of the keys
	sizes map[string]int
	bytes int

	most, mostBytes int
}

func newFIFO[V any](most, mostBytes int) *fifo[V] {
	return &fifo[V]{items: map[string]V{}, sizes: map[string]int{}, most: most, mostBytes: mostBytes}
}

// put adds an entry that takes size bytes beside its key, and returns what had to
// go for it. What does not fit at all is not put.
func (f *fifo[V]) put(key string, v V, size int) (gone []V) {
	f.drop(key)
	size += len(key)
	if size > f.mostBytes {
		return nil
	}
	for len(f.order) >= f.most || f.bytes+size > f.mostBytes {
		oldest := f.order[0]
		gone = append(gone, f.items[oldest])
		f.drop(oldest)
	}
	f.items[key], f.sizes[key] = v, size
	f.order = append(f.order, key)
	f.bytes += size
	return gone
}

func (f *fifo[V]) get(key string) (v V, ok bool) {
	v, ok = f.items[key]
	return v, ok
}

func (f *fifo[V]) drop(key string) {
	if _, ok := f.items[key]; !ok {
		return
	}
	i := slices.Index(f.order, key)
	f.order = slices.Delete(f.order, i, i+1)
	f.bytes -= f.sizes[key]
	delete(f.items, key)
	delete(f.sizes, key)
}

// all is what is in the table, the oldest first.
func (f *fifo[V]) all() (all []V) {
	for _, key := range f.order {
		all = append(all, f.items[key])
	}
	return all
}

// clear empties the table and returns what was in it, the oldest first.
func (f *fifo[V]) clear() []V {
	all := f.all()
	clear(f.items)
	clear(f.sizes)
	f.order, f.bytes = nil, 0
	return all
}

// turnstile lets some in at a time.
type turnstile struct {
	places chan struct{}
	wait   time.Duration // for a place
}

func newTurnstile(places int, wait time.Duration) *turnstile {
	return &turnstile{places: make(chan struct{}, places), wait: wait}
}

// enter waits for a place; false means that there is none in time.
func (t *turnstile) enter(ctx context.Context) bool {
	timer := time.NewTimer(t.wait)
	defer timer.Stop()
	select {
	case t.places <- struct{}{}:
		return true
	case <-ctx.Done():
	case <-timer.C:
	}
	return false
}

func (t *turnstile) leave() { <-t.places }

// setup is what of an initialize result is compared with that of a later session,
// and nothing else.
func setup(result []byte) []byte {
	out := []byte("{")
	for _, name := range []string{"protocolVersion", "serverInfo", "capabilities"} {
		value := frame.Lookup(result, name)
		if value == nil || len(out)+len(value) > maxSetup {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), name...), `":`...)
		out = append(out, value...)
	}
	return append(out, '}')
}
