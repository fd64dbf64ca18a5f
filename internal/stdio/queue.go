// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"bytes"
	"fmt"
	"io"
	"sync"
	"time"
)

// The bounds of a queue and of one line in it.
const (
	maxQueue = 256 << 10
	maxLine  = 8 << 10
)

// Queue writes lines that nobody has to read, such as those of a log: a Write
// never waits and never fails, whatever becomes of the writer behind it. What
// comes while the queue is full is dropped, and a line says how many lines that
// were once it is written again.
type Queue struct {
	w     io.Writer
	pause time.Duration
	done  chan struct{} // closed when nothing more is written

	mu      sync.Mutex
	lines   [][]byte
	bytes   int // of lines, and of the one being written
	dropped int
	closed  bool
	wake    chan struct{}
}

// NewQueue begins a queue to w; Close ends it. Each line is a write of its own, or,
// with a pause, what has gathered in that time after the write before: for a w that
// costs more than a line does.
func NewQueue(w io.Writer, pause time.Duration) *Queue {
	q := &Queue{w: w, pause: pause, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	go q.run()
	return q
}

// Write takes a line, or several. A very long one is cut.
func (q *Queue) Write(p []byte) (int, error) {
	line := bytes.Clone(p[:min(len(p), maxLine)])
	if len(line) < len(p) {
		line = append(line, " ...\n"...)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	// Once something is missing, the line that says so comes first.
	if q.closed || q.dropped > 0 || q.bytes+len(line) > maxQueue {
		q.dropped++
		return len(p), nil
	}
	q.lines = append(q.lines, line)
	q.bytes += len(line)
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return len(p), nil
}

// Close waits until all is written, but not longer than patience: whoever does
// not read now has had the time. Later lines are dropped.
func (q *Queue) Close(patience time.Duration) {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.wake)
	}
	q.mu.Unlock()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-q.done:
	case <-timer.C:
	}
}

func (q *Queue) run() {
	defer close(q.done)
	for open := true; open; {
		_, open = <-q.wake
		for text := q.next(); text != nil; text = q.next() {
			_, _ = q.w.Write(text) // nobody has to read it
			q.written(text)
			open = open && q.gather()
		}
	}
}

// gather waits for the pause, but not while the queue gets full. It returns false
// when nothing more comes.
func (q *Queue) gather() bool {
	if q.pause == 0 {
		return true
	}
	timer := time.NewTimer(q.pause)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return true
		case _, open := <-q.wake:
			if !open || q.halfFull() {
				return open
			}
		}
	}
}

func (q *Queue) halfFull() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.bytes > maxQueue/2
}

// next is what to write next, or nil.
func (q *Queue) next() []byte {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.lines) > 0 && q.pause > 0 {
		text := bytes.Join(q.lines, nil)
		q.lines = nil
		return text
	}
	if len(q.lines) > 0 {
		line := q.lines[0]
		q.lines[0] = nil
		q.lines = q.lines[1:]
		return line
	}
	if q.dropped == 0 {
		return nil
	}
	line := fmt.Appendf(nil, "tshmcp: warning: %d lines are missing here: they came faster than they were read\n", q.dropped)
	q.dropped = 0
	q.bytes += len(line)
	return line
}

func (q *Queue) written(text []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes -= len(text)
}
