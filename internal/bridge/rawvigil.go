// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// vigil sees to it that nobody waits for ever on a connection over which nothing comes.
// Its other end may be there all the same: Teleport waits without end for the first
// event of an SSE server, and for whatever a process says (protocol.md 13.5). A server
// that is quiet is asked whether it is there; one that works on a call may be too busy
// to say so. Its fields are guarded by rawConn.mu.
type vigil struct {
	c        *rawConn
	begun    time.Time   // when the server was first asked who it is
	answered bool        // it has answered something
	heard    time.Time   // when it last said something
	pinged   time.Time   // when it was last asked whether it is there
	waiting  bool        // as the connection was told
	timer    *time.Timer // runs while there is something to look at
	note     string      // why the connection was given up; "" if it was not
}

// told tells the connection whether somebody waits.
func (v *vigil) told() {
	if waits := !v.quietSince().IsZero(); waits != v.waiting {
		v.waiting = waits
		v.c.conn.Waits(waits)
	}
}

// waits notes that a request waits.
func (v *vigil) waits(s *rawStream) {
	v.told()
	if v.begun.IsZero() && isPatient(s.method) {
		v.begun = s.began
	}
	v.look(s.began)
}

// hear notes that the server has said something.
func (v *vigil) hear() {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	v.heard = time.Now()
}

// tick is what the timer does.
func (v *vigil) tick() {
	v.c.mu.Lock()
	defer v.c.mu.Unlock()
	v.look(time.Now())
}

// look gives the connection up if somebody has waited for too long, asks the server
// whether it is there if it has been quiet, and looks again when the next of that is due.
func (v *vigil) look(now time.Time) {
	if v.c.ended {
		return
	}
	end, limit, said := v.deadline()
	if !end.IsZero() && !now.Before(end) {
		v.note = fmt.Sprintf(said, limit)
		v.c.u.log.Warn("the connection is given up", "reason", v.note)
		v.c.hangUpLocked()
		return
	}
	ask := v.askAt()
	if !ask.IsZero() && !now.Before(ask) {
		v.ask(now)
		ask = time.Time{}
	}
	if end.IsZero() || !ask.IsZero() && ask.Before(end) {
		end = ask
	}
	switch {
	case end.IsZero():
	case v.timer == nil:
		v.timer = time.AfterFunc(end.Sub(now), v.tick)
	default:
		v.timer.Reset(end.Sub(now))
	}
}

// deadline is when the connection is given up unless something comes, after which time,
// and what is said then; zero if nobody waits. One that was never answered is given up
// whoever waits: another process may do better.
func (v *vigil) deadline() (end time.Time, limit time.Duration, said string) {
	t := v.c.u.t
	if !v.begun.IsZero() && !v.answered {
		limit = max(t.firstAnswer, v.c.u.cfg.RequestTimeout)
		return v.begun.Add(limit), limit, neverAnswered
	}
	since := v.quietSince()
	if since.IsZero() {
		return since, 0, ""
	}
	limit = t.quietRead
	if slices.ContainsFunc(v.c.streams, (*rawStream).isCall) {
		limit = t.quietCall
	}
	return since.Add(limit), limit, saysNothing
}

// quietSince is since when somebody waits and nothing has come; zero if nobody does.
func (v *vigil) quietSince() (since time.Time) {
	for _, s := range v.c.streams {
		if s.method != methodListen && (since.IsZero() || s.began.Before(since)) {
			since = s.began
		}
	}
	if !since.IsZero() && v.heard.After(since) {
		since = v.heard
	}
	return since
}

// What is said of a connection that was given up.
const (
	neverAnswered = "the server's process, or the SSE server of the app, has not answered in %s, and the connection was closed; ask whoever runs it whether it starts, and what it waits for; one that needs longer gets it by --request-timeout"
	saysNothing   = "the server has said nothing for %s, and the connection was closed; ask whoever runs it whether it hangs"
)

// askAt is when the server is to be asked whether it is there; zero: not now.
func (v *vigil) askAt() time.Time {
	since := v.quietSince()
	if since.IsZero() || !v.c.established || v.pinged.After(v.heard) {
		return time.Time{}
	}
	return since.Add(v.c.u.t.quietAsk)
}

// pingID begins the ids of its pings, whose answers nobody else waits for.
const pingID = "tshmcp-ping-"

// ask sends a ping. The lock is held, and a server that reads nothing holds up nobody.
func (v *vigil) ask(now time.Time) {
	v.pinged = now
	line := fmt.Sprintf(`{"jsonrpc":"2.0","id":"%s%d","method":"ping"}`+"\n", pingID, now.UnixNano())
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), v.c.u.t.laneItem)
		defer cancel()
		_ = v.c.write(ctx, []byte(line), nil, progress{})
	}()
}

// stop ends it with the connection.
func (v *vigil) stop() {
	if v.timer != nil {
		v.timer.Stop()
	}
}
