// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"time"
)

// maxRawFrame is the most that the proxy puts into a frame.
const maxRawFrame = 16 << 10

// framedConn is a connection whose bytes are in frames: a length of four bytes,
// big endian, and a payload. One without a payload is a ping. Frames and lines
// have nothing to do with one another (protocol.md 13.1).
type framedConn struct {
	net.Conn
	left uint32 // of the frame that is being read
}

func (c *framedConn) Read(p []byte) (int, error) {
	for c.left == 0 {
		var head [4]byte
		if _, err := io.ReadFull(c.Conn, head[:]); err != nil {
			return 0, err
		}
		c.left = binary.BigEndian.Uint32(head[:])
	}
	if uint64(len(p)) > uint64(c.left) {
		p = p[:c.left]
	}
	n, err := c.Conn.Read(p)
	c.left -= uint32(n)
	return n, err
}

// Write writes frames, each whole: a ping may come between two of them.
func (c *framedConn) Write(p []byte) (n int, err error) {
	for len(p) > n {
		payload := p[n:min(len(p), n+maxRawFrame)]
		frame := binary.BigEndian.AppendUint32(nil, uint32(len(payload)))
		if _, err := c.Conn.Write(append(frame, payload...)); err != nil {
			return n, err
		}
		n += len(payload)
	}
	return n, nil
}

// keepBusy pings until stop is called, which waits for the last one.
func (c *framedConn) keepBusy(every time.Duration) (stop func()) {
	var pinging sync.WaitGroup
	done := make(chan struct{})
	pinging.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ticker.C:
				if _, err := c.Conn.Write(make([]byte, 4)); err != nil {
					return
				}
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		c.Conn.Close()
		pinging.Wait()
	}
}
