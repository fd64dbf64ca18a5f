// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"io"
	"time"
)

// shutdown ends everything in less than two seconds, because that is what
// clients give a server before they kill it (transport.md A13): open
// requests get a short grace, then all exchanges end and are answered while
// the session is deleted.
func (b *bridge) shutdown() {
	close(b.intake.quit)
	b.waitIdle()
	b.stop()
	b.start("end of the session", b.endSession)
	b.settleGoroutines()
	b.intake.leave()
}

// leave ends a Read that blocks, as far as that is possible.
func (in *intake) leave() {
	if closer, ok := in.cfg.In.(io.Closer); ok && in.cfg.closeIn {
		_ = closer.Close()
		waitFor(in.done, in.t.ending)
	}
}

// waitIdle lets answers arrive that are on their way.
func (b *bridge) waitIdle() {
	b.update(func(s *inflight) {
		s.closing = true
		b.rest.stop()
	})
	timer := time.NewTimer(b.cfg.grace)
	defer timer.Stop()
	select {
	case <-b.flight.idle:
	case <-timer.C:
	case <-b.client.out.Failed():
	}
}

// endSession tells the server that the client is gone.
func (b *bridge) endSession() {
	if s := b.current(); s.id != "" {
		b.sessions.end(s)
	}
	if c, ok := b.sessions.up.(io.Closer); ok {
		_ = c.Close()
	}
}

// settleGoroutines waits for everything that was started. What is then still
// there hangs in something that hears no end, as a file of a network or a keyring:
// its request is answered without it. Or it hangs in a Write to a client that does
// not read: without the turn the others give up, and the last one is abandoned.
func (b *bridge) settleGoroutines() {
	done := make(chan struct{})
	go func() {
		b.wg.Wait()
		close(done)
	}()
	if waitFor(done, b.t.deletion+b.t.ending) {
		return
	}
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		b.answerRest()
	}()
	waitFor(answered, b.t.ending)
	b.client.stopWriting()
	if !waitFor(done, b.t.ending) {
		b.log.Warn("a goroutine did not end")
	}
}

// answerRest answers what is still open when the goroutines cannot be waited for.
func (b *bridge) answerRest() {
	for {
		var r *request
		e := &Error{Kind: kindShutdown, Executed: NotExecuted}
		b.update(func(s *inflight) {
			for _, queue := range s.waiting {
				if r = queue[0]; r.x.touched {
					e.Executed = MayHaveRun
				}
				s.end(r, answered)
				return
			}
		})
		if r == nil {
			return
		}
		b.exchanges.fail(r, e)
	}
}

func waitFor(c <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-c:
		return true
	case <-timer.C:
		return false
	}
}
