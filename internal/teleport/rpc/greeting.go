// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"encoding/binary"
	"fmt"
	"net"
)

// greeting is a connection on which it is seen how the server begins: HTTP/2 has it
// send its settings first. Somebody in between who speaks something else is told
// from it by that, with words that say so.
type greeting struct {
	net.Conn
	heard chan error // gets nil, or why nothing will come of it; once
	first []byte     // what has come of the first frame's header
	over  bool
}

const (
	frameHeader   = 9
	frameSettings = 4
	maxFirstFrame = 16 << 10
)

func newGreeting(c net.Conn) *greeting { return &greeting{Conn: c, heard: make(chan error, 1)} }

// Read is called by one goroutine, which reads all there is.
func (g *greeting) Read(b []byte) (int, error) {
	n, err := g.Conn.Read(b)
	if g.over {
		return n, err
	}
	g.first = append(g.first, b[:min(n, frameHeader-len(g.first))]...)
	switch {
	case len(g.first) == frameHeader:
		if !isSettings(g.first) {
			err = fmt.Errorf("what answers does not speak HTTP/2: it begins with %q", g.first)
			n = 0
		}
		g.tell(err)
	case err != nil:
		g.tell(err)
	}
	return n, err
}

func (g *greeting) tell(err error) {
	g.over, g.first = true, nil
	g.heard <- err
}

// isSettings tells whether a frame's header is that of the settings which a server
// begins with.
func isSettings(header []byte) bool {
	const ack = 1
	length := binary.BigEndian.Uint32(header) >> 8
	return header[3] == frameSettings && header[4]&ack == 0 && length <= maxFirstFrame && length%6 == 0 &&
		binary.BigEndian.Uint32(header[5:]) == 0
}
