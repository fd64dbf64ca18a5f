// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"sync"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const methodInitialized = "notifications/initialized"

// item is a notification or response of the client on its way to the server.
type item struct {
	m         frame.Message
	batch     []frame.Message // of a batch: what is in it
	modern    string          // protocol version if it is of the modern era
	gen       int             // generation it belongs to
	handshake <-chan struct{} // closed when the handshake it stood behind is over; nil without one
	done      chan struct{}   // closed when the server accepted it, nothing more is tried, or nobody is to wait any more
	once      sync.Once       // for done
}

func (it *item) release() { it.once.Do(func() { close(it.done) }) }

// The bounds of what waits in a lane, beside one more message.
const (
	maxLane      = 1024
	maxLaneBytes = 4 << 20
)

// lane sends messages that get no response one after the other, in the order
// they were read (transport.md A25).
type lane struct {
	mu    sync.Mutex
	queue []*item
	bytes int   // of the messages in queue
	last  *item // newest item, sent or not
	ready *item // newest notifications/initialized
	wake  chan struct{}
	room  chan struct{} // gets something when an item has left the queue
}

func newLane() *lane { return &lane{wake: make(chan struct{}, 1), room: make(chan struct{}, 1)} }

// isFull says whether whoever fills the lane has to wait.
func (l *lane) isFull() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.queue) >= maxLane || l.bytes >= maxLaneBytes
}

func (l *lane) push(it *item) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.queue = append(l.queue, it)
	l.bytes += len(it.m.Doc)
	if l.last = it; it.m.Method == methodInitialized {
		l.ready = it
	}
	signal(l.wake)
}

// signal leaves a sign in a channel of one place.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func (l *lane) pop() *item {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return nil
	}
	it := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	l.bytes -= len(it.m.Doc)
	signal(l.room)
	return it
}

// before returns what a request that is read now must wait for: the newest
// item and the newest notifications/initialized. nil means nothing.
func (l *lane) before() (last, ready <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil {
		last = l.last.done
	}
	if l.ready != nil {
		ready = l.ready.done
	}
	return last, ready
}
