// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Frames of a websocket (RFC 6455, 5.2).
const (
	frameFin  = 0x80 // of the first byte
	frameMask = 0x80 // of the second

	opContinuation = 0
	opBinary       = 2
	opClose        = 8
	opPing         = 9
	opPong         = 10

	maxControl = 125 // bytes of a control frame's payload
)

// closeTime bounds the goodbye of a connection that is closed.
const closeTime = time.Second

// wsConn is a connection inside the binary frames of a websocket
// (protocol.md 6.4): where frames begin and end means nothing, a close frame is
// the end, pings are answered.
//
// Pings are noticed by Read, behind the data that came before them. Whoever
// uses such a connection, gRPC and net/http, always has a Read in flight
// unless it holds back data that has arrived; then a ping waits with the data.
//
// Deadlines are those of the connection below. A Read that one interrupts loses
// nothing; a Write does, as with TLS, which is what runs below and above.
type wsConn struct {
	net.Conn
	in   *bufio.Reader
	left uint64 // bytes of the current frame's payload that are to be read
	end  error  // once there is nothing more to be read

	writing sync.Mutex // frames are written whole
	out     []byte

	answers atomic.Bool // the other end has answered a ping

	mu      sync.Mutex
	pong    []byte // the payload of a ping to be answered, or nil
	ponging bool   // somebody is at it
	closed  bool
	pongs   sync.WaitGroup
}

func (c *wsConn) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for c.left == 0 {
		if c.end != nil {
			return 0, c.end
		}
		if err := c.nextFrame(); err != nil {
			return 0, err
		}
	}
	if uint64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.in.Read(p)
	c.left -= uint64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// nextFrame reads up to the payload of a data frame, or all of a control frame.
// It takes nothing before it has the whole, so that it can be called again
// after a deadline.
func (c *wsConn) nextFrame() error {
	head, err := c.in.Peek(2)
	if err != nil {
		if err == io.EOF && len(head) > 0 {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	op, length, size := head[0]&0xf, uint64(head[1]&0x7f), 2
	switch length {
	case 126:
		size = 4
	case 127:
		size = 10
	}
	control := op >= opClose
	switch {
	case head[0]&0x70 != 0, head[1]&frameMask != 0,
		op != opContinuation && op != opBinary && op != opClose && op != opPing && op != opPong,
		control && (length > maxControl || head[0]&frameFin == 0):
		c.end = errcode.Errorf(errcode.ConnectionLost, "websocket: an unexpected frame (%#x %#x)", head[0], head[1])
		return c.end
	case control:
		size += int(length)
	}
	frame, err := c.in.Peek(size)
	if err != nil {
		return unexpected(err)
	}
	switch {
	case op == opPing:
		c.answer(frame[2:])
	case op == opPong:
		c.answers.Store(true)
	case op == opClose:
		c.end = io.EOF
	case length == 126:
		c.left = uint64(binary.BigEndian.Uint16(frame[2:]))
	case length == 127:
		c.left = binary.BigEndian.Uint64(frame[2:])
	case !control:
		c.left = length
	}
	c.in.Discard(size)
	return c.end
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// answer has a pong sent. Read must not write by itself: where both sides wait
// for the other to read, it is the one that ends that.
func (c *wsConn) answer(payload []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.pong = append([]byte{}, payload...) // of several pings the last counts
	if c.ponging || c.closed {
		return
	}
	c.ponging = true
	c.pongs.Go(func() {
		for {
			c.mu.Lock()
			payload := c.pong
			c.pong = nil
			if payload == nil || c.closed {
				c.ponging = false
				c.mu.Unlock()
				return
			}
			c.mu.Unlock()
			c.writing.Lock()
			c.writeFrame(opPong, payload) // a failure shows at the next Write
			c.writing.Unlock()
		}
	})
}

// over tells whether the connection is over that has been quiet for so long, and asks
// the other end to say something if that is long. A proxy that has answered such a
// ping answers each; one that has not says by itself that it is there.
func (c *wsConn) over(quiet time.Duration) bool {
	if quiet < alive.idle {
		return false
	}
	c.ping()
	return quiet >= alive.limit() && c.answers.Load() || quiet >= pingsLimit
}

// ping sends one, unless something is being written: that can take any time.
func (c *wsConn) ping() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed || !c.writing.TryLock() {
		return
	}
	c.pongs.Go(func() {
		defer c.writing.Unlock()
		c.writeFrame(opPing, nil) // a failure shows at the next Write
	})
}

// Write sends p as one frame.
func (c *wsConn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if err := c.writeFrame(opBinary, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// writeFrame writes a frame with a masking key of zero, which changes no byte:
// old servers did not take the mask off, and what is inside is TLS.
func (c *wsConn) writeFrame(op byte, payload []byte) error {
	b := append(c.out[:0], frameFin|op)
	switch n := len(payload); {
	case n < 126:
		b = append(b, frameMask|byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, frameMask|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, frameMask|127), uint64(n))
	}
	b = append(b, 0, 0, 0, 0)
	c.out = append(b, payload...)
	_, err := c.Conn.Write(c.out)
	return err
}

// normalClosure is the status 1000 of a close frame.
var normalClosure = []byte{1000 >> 8, 1000 & 0xff}

// Close says goodbye, unless a Write hangs, and does not wait for an answer.
func (c *wsConn) Close() error {
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.mu.Unlock()
	if closed {
		return net.ErrClosed
	}
	if c.writing.TryLock() {
		c.Conn.SetWriteDeadline(time.Now().Add(closeTime))
		c.writeFrame(opClose, normalClosure)
		c.writing.Unlock()
	}
	err := c.Conn.Close()
	c.pongs.Wait()
	return err
}
