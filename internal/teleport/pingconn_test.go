// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
)

// stream is a connection that reads one text and keeps what is written.
type stream struct {
	net.Conn
	io.Reader
	written bytes.Buffer
	room    int // bytes that can be written; 0: any
}

func (s *stream) Read(b []byte) (int, error) { return s.Reader.Read(b) }

func (s *stream) Write(b []byte) (int, error) {
	if s.room > 0 && s.written.Len()+len(b) > s.room {
		return 0, io.ErrClosedPipe
	}
	return s.written.Write(b)
}

func TestFramesAreRead(t *testing.T) {
	const ping, one = "\x00\x00\x00\x00", "\x00\x00\x00\x03abc"
	for _, tt := range []struct {
		name, in, out string
		err           error
	}{
		{"one", one, "abc", nil},
		{"pings before, between and after", ping + ping + one + ping + one + ping, "abcabc", nil},
		{"nothing", "", "", nil},
		{"cut in a header", one + "\x00\x00", "abc", io.ErrUnexpectedEOF},
		{"cut in a frame", one + "\x00\x00\x00\x09ab", "abcab", io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for how, r := range map[string]io.Reader{
				"at once":      strings.NewReader(tt.in),
				"byte by byte": iotest.OneByteReader(strings.NewReader(tt.in)),
			} {
				got, err := io.ReadAll(iotest.HalfReader(newPingConn(&stream{Reader: r})))
				if string(got) != tt.out || !errors.Is(err, tt.err) {
					t.Errorf("%s: %q, %v", how, got, err)
				}
			}
		})
	}
}

func TestFramesAreWritten(t *testing.T) {
	long := bytes.Repeat([]byte("0123456789"), 20<<10)
	s := &stream{}
	if n, err := newPingConn(s).Write(long); n != len(long) || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	if first := s.written.Bytes()[:frameHeader]; string(first) != "\x00\x01\x00\x00" {
		t.Errorf("header % x", first)
	}
	got, err := io.ReadAll(newPingConn(&stream{Reader: &s.written}))
	if !bytes.Equal(got, long) || err != nil {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	// Of what is lost in mid-frame nothing counts.
	if n, err := newPingConn(&stream{room: maxFrame + 10}).Write(long); n != maxFrame || err == nil {
		t.Errorf("%d, %v", n, err)
	}
}
