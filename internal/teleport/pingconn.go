// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"net"
)

const (
	// frameHeader is the length of a frame in front of it, big endian.
	frameHeader = 4
	// maxFrame is the longest frame that is sent; servers send up to 16 KiB and
	// take any.
	maxFrame = 64 << 10
)

// pingConn carries its bytes in frames. Between them the other end sends empty
// ones, which keep what is on the way from taking the connection for dead
// (protocol.md 13.1). Frames have nothing to do with what is in them. One Read and
// one Write at a time, of which each may be beside the other.
type pingConn struct {
	net.Conn
	in   *bufio.Reader
	left uint32 // of the frame that is being read
	out  []byte
}

func newPingConn(c net.Conn) *pingConn {
	return &pingConn{Conn: c, in: bufio.NewReaderSize(c, 16<<10), out: make([]byte, 0, frameHeader+maxFrame)}
}

// Read reads what is left of a frame, or of the next that is no ping.
func (c *pingConn) Read(b []byte) (int, error) {
	for c.left == 0 {
		var header [frameHeader]byte
		if n, err := io.ReadFull(c.in, header[:]); err != nil {
			if n > 0 && errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		c.left = binary.BigEndian.Uint32(header[:])
	}
	n, err := c.in.Read(b[:min(uint64(len(b)), uint64(c.left))])
	c.left -= uint32(n)
	if errors.Is(err, io.EOF) && c.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Write sends b in as many frames as it takes. n is what went in whole frames.
func (c *pingConn) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		part := b[:min(len(b), maxFrame)]
		c.out = binary.BigEndian.AppendUint32(c.out[:0], uint32(len(part)))
		c.out = append(c.out, part...)
		if _, err := c.Conn.Write(c.out); err != nil {
			return n, err
		}
		n += len(part)
		b = b[len(part):]
	}
	return n, nil
}
