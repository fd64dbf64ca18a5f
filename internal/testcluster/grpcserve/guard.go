// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"encoding/binary"
	"net"
	"sync"
	"time"
)

const (
	// minPing is the shortest interval of pings that the auth service puts up with
	// (protocol.md 6.3); maxStrikes is how many may come sooner, as long as nothing is
	// sent to the client in between.
	minPing    = 60 * time.Second
	maxStrikes = 2
)

// Frames of HTTP/2 (RFC 9113, section 6).
const (
	frameHeader  = 9
	frameData    = 0
	frameHeaders = 1
	framePing    = 6
	frameGoAway  = 7
	flagAck      = 1

	lengthPreface = 24 // of what a client begins with
	codeCalm      = 11 // ENHANCE_YOUR_CALM
)

// guard ends the connection of a client that pings too often, which net/http does
// not notice: it watches the frames that pass.
type guard struct {
	net.Conn
	in frames // of the goroutine that reads

	mu      sync.Mutex // orders writes
	out     frames
	last    time.Time // of the last ping
	strikes int
	said    bool   // something was sent to the client since the last ping
	stream  uint32 // the client's latest
	over    bool   // the client is told as soon as a frame may follow
}

// Guard returns c, a connection to a client that has not said anything yet, with
// the server's policy about pings: GOAWAY, and the end.
func Guard(c net.Conn) net.Conn {
	return &guard{Conn: c, in: frames{left: lengthPreface}}
}

func (g *guard) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	g.in.pass(b[:n], func(kind, flags byte, stream uint32) {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.stream = max(g.stream, stream)
		if kind == framePing && flags&flagAck == 0 {
			g.pinged(time.Now())
		}
	})
	return n, err
}

func (g *guard) Write(b []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	n, err := g.Conn.Write(b)
	g.out.pass(b[:n], func(kind, _ byte, _ uint32) { g.said = g.said || kind == frameData || kind == frameHeaders })
	g.endIfOver()
	return n, err
}

// pinged counts a ping. The caller holds mu.
func (g *guard) pinged(now time.Time) {
	switch {
	case g.said:
		g.said, g.strikes = false, 0
	case now.Sub(g.last) < minPing:
		g.strikes++
	}
	g.last = now
	g.over = g.over || g.strikes > maxStrikes
	g.endIfOver()
}

// endIfOver says goodbye, where that is not in the middle of another frame.
func (g *guard) endIfOver() {
	if !g.over || !g.out.between() {
		return
	}
	const why = "too_many_pings"
	frame := []byte{0, 0, 8 + byte(len(why)), frameGoAway, 0, 0, 0, 0, 0}
	frame = binary.BigEndian.AppendUint32(frame, g.stream)
	frame = binary.BigEndian.AppendUint32(frame, codeCalm)
	_, _ = g.Conn.Write(append(frame, why...))
	g.Conn.Close()
}

// frames finds the frames in what passes, piece by piece.
type frames struct {
	head [frameHeader]byte
	have int // of head
	left int // of a frame's content
}

// between tells that a frame is complete and the next one has not begun.
func (f *frames) between() bool { return f.have == 0 && f.left == 0 }

func (f *frames) pass(b []byte, each func(kind, flags byte, stream uint32)) {
	for len(b) > 0 {
		if f.left > 0 {
			n := min(f.left, len(b))
			f.left, b = f.left-n, b[n:]
			continue
		}
		n := copy(f.head[f.have:], b)
		f.have, b = f.have+n, b[n:]
		if f.have == frameHeader {
			f.have, f.left = 0, int(binary.BigEndian.Uint32(f.head[:])>>8)
			each(f.head[3], f.head[4], binary.BigEndian.Uint32(f.head[5:]))
		}
	}
}
