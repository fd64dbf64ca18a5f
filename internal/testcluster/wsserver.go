// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"
)

// Opcodes of websocket frames (RFC 6455, 5.2).
const (
	wsContinuation = 0
	wsBinary       = 2
	wsClose        = 8
	wsPing         = 9
	wsPong         = 10
)

var errFrame = errors.New("websocket: a frame that a client must not send")

// upgradedConn is the server's side of a connection inside a websocket.
type upgradedConn struct {
	net.Conn
	in     *bufio.Reader
	taken  bytes.Reader // what readHello has read
	left   uint64       // of the payload of the current frame
	mask   [4]byte
	at     int // in mask
	onPong func(payload []byte)

	writing sync.Mutex
	once    sync.Once
	done    chan struct{} // closed by Close
}

func (c *upgradedConn) unread(data []byte) { c.taken.Reset(data) }

func (c *upgradedConn) Read(p []byte) (int, error) {
	if c.taken.Len() > 0 {
		return c.taken.Read(p)
	}
	for c.left == 0 {
		if err := c.nextFrame(); err != nil {
			return 0, err
		}
	}
	if uint64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.in.Read(p)
	c.left -= uint64(n)
	c.unmask(p[:n])
	return n, err
}

func (c *upgradedConn) unmask(p []byte) {
	for i := range p {
		p[i] ^= c.mask[c.at&3]
		c.at++
	}
}

func (c *upgradedConn) nextFrame() error {
	var head [14]byte
	if _, err := io.ReadFull(c.in, head[:2]); err != nil {
		return err
	}
	length, size := uint64(head[1]&0x7f), 0
	switch length {
	case 126:
		size = 2
	case 127:
		size = 8
	}
	if head[0]&0x70 != 0 || head[1]&0x80 == 0 {
		return errFrame
	}
	if _, err := io.ReadFull(c.in, head[2:2+size+4]); err != nil {
		return err
	}
	switch size {
	case 2:
		length = uint64(binary.BigEndian.Uint16(head[2:]))
	case 8:
		length = binary.BigEndian.Uint64(head[2:])
	}
	copy(c.mask[:], head[2+size:])
	c.at = 0
	switch head[0] & 0xf {
	case wsContinuation, wsBinary:
		c.left = length
		return nil
	case wsClose:
		return io.EOF
	case wsPing, wsPong:
		if length > 125 {
			return errFrame
		}
		payload := make([]byte, length)
		if _, err := io.ReadFull(c.in, payload); err != nil {
			return err
		}
		c.unmask(payload)
		if head[0]&0xf == wsPong {
			c.onPong(payload)
			return nil
		}
		return c.writeFrame(wsPong, payload)
	}
	return errFrame
}

func (c *upgradedConn) Write(p []byte) (int, error) {
	if err := c.writeFrame(wsBinary, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (c *upgradedConn) writeFrame(op byte, payload []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	frame := []byte{0x80 | op}
	switch n := len(payload); {
	case n < 126:
		frame = append(frame, byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	_, err := c.Conn.Write(append(frame, payload...))
	return err
}

// Close sends a close frame and ends the connection.
func (c *upgradedConn) Close() error {
	c.once.Do(func() {
		close(c.done)
		if c.writing.TryLock() { // else a client does not read
			c.Conn.SetWriteDeadline(time.Now().Add(lingerTimeout))
			c.Conn.Write([]byte{0x80 | wsClose, 2, 1000 >> 8, 1000 & 0xff})
			c.writing.Unlock()
		}
		c.Conn.Close()
	})
	return nil
}
