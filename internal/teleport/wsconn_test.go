// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// wsPipe is a wsConn and the other end of its connection.
func wsPipe(t *testing.T) (*wsConn, *net.TCPConn) {
	t.Helper()
	l := listen(t)
	client := must(net.Dial("tcp", l.Addr().String()))(t)
	server := must(l.Accept())(t).(*net.TCPConn)
	c := &wsConn{Conn: client, in: bufio.NewReader(client)}
	t.Cleanup(func() { server.Close(); c.Close() })
	limit := time.Now().Add(20 * time.Second)
	server.SetDeadline(limit)
	c.SetDeadline(limit)
	return c, server
}

// serverFrame is a frame as a server sends it, without a mask.
func serverFrame(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n < 126:
		b = append(b, byte(n))
	case n < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 127), uint64(n))
	}
	return append(b, payload...)
}

// clientFrame reads a frame of the client and takes off its mask, which must be
// zero: old servers do not do that.
func clientFrame(t *testing.T, r io.Reader) (op byte, payload []byte) {
	t.Helper()
	read := func(n uint64) []byte {
		b := make([]byte, n)
		if _, err := io.ReadFull(r, b); err != nil {
			t.Fatalf("read a frame: %v", err)
		}
		return b
	}
	head := read(2)
	n := uint64(head[1] & 0x7f)
	switch n {
	case 126:
		n = uint64(binary.BigEndian.Uint16(read(2)))
	case 127:
		n = binary.BigEndian.Uint64(read(8))
	}
	if head[0]&0xf0 != frameFin || head[1]&frameMask == 0 || !bytes.Equal(read(4), make([]byte, 4)) {
		t.Fatalf("frame %#x", head)
	}
	return head[0] & 0xf, read(n)
}

func TestFramesAreAStream(t *testing.T) {
	long, longer := strings.Repeat("x", 300), strings.Repeat("y", 70_000)
	for name, test := range map[string]struct {
		sent []byte
		want string
		err  error
	}{
		"frames":           {bytes.Join([][]byte{serverFrame(0x82, "ab"), serverFrame(0x82, ""), serverFrame(0x82, "c")}, nil), "abc", nil},
		"fragments":        {bytes.Join([][]byte{serverFrame(0x02, "ab"), serverFrame(0x89, "teleport"), serverFrame(0x80, "c"), serverFrame(0x88, "")}, nil), "abc", nil},
		"16 bits":          {append(serverFrame(0x82, long), serverFrame(0x88, "\x03\xe8")...), long, nil},
		"64 bits":          {append(serverFrame(0x82, longer), serverFrame(0x88, "\x03\xe9gone")...), longer, nil},
		"pong":             {append(serverFrame(0x8a, "what"), serverFrame(0x88, "")...), "", nil},
		"after the end":    {append(serverFrame(0x88, ""), serverFrame(0x82, "more")...), "", nil},
		"cut in a payload": {serverFrame(0x82, "abcd")[:4], "ab", io.ErrUnexpectedEOF},
		"cut in a length":  {[]byte{0x82, 126, 1}, "", io.ErrUnexpectedEOF},
		"cut in a head":    {[]byte{0x82}, "", io.ErrUnexpectedEOF},
		"text":             {serverFrame(0x81, "abc"), "", errAny},
		"masked":           {[]byte{0x82, 0x81, 0, 0, 0, 0, 'a'}, "", errAny},
		"compressed":       {serverFrame(0xc2, "abc"), "", errAny},
		"unknown":          {serverFrame(0x83, "abc"), "", errAny},
		"long ping":        {serverFrame(0x89, long), "", errAny},
		"half a ping":      {serverFrame(0x09, "a"), "", errAny},
	} {
		t.Run(name, func(t *testing.T) {
			c, server := wsPipe(t)
			must(server.Write(test.sent))(t)
			server.CloseWrite()
			got, err := io.ReadAll(c)
			switch {
			case string(got) != test.want:
				t.Errorf("got %d bytes, want %d", len(got), len(test.want))
			case test.err == errAny && err == nil, test.err != errAny && !errors.Is(err, test.err):
				t.Errorf("error %v, want %v", err, test.err)
			}
			if _, again := c.Read(make([]byte, 1)); again == nil {
				t.Error("there was more")
			}
		})
	}
}

var errAny = errors.New("any")

func TestFramesOfAClient(t *testing.T) {
	c, server := wsPipe(t)
	for _, n := range []int{0, 1, 125, 126, 1<<16 - 1, 1 << 16} {
		sent := make([]byte, n)
		rand.Read(sent)
		wrote := make(chan error, 1)
		go func() {
			_, err := c.Write(sent)
			wrote <- err
		}()
		if op, got := clientFrame(t, server); op != opBinary || !bytes.Equal(got, sent) {
			t.Errorf("%d bytes: op %d, %d bytes", n, op, len(got))
		}
		if err := <-wrote; err != nil {
			t.Error(err)
		}
	}
	c.Close()
	if op, got := clientFrame(t, server); op != opClose || !bytes.Equal(got, normalClosure) {
		t.Errorf("at the end: op %d, %q", op, got)
	}
	if n, err := server.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("then %d bytes, %v", n, err)
	}
	if err := c.Close(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := c.Read(make([]byte, 1)); !errors.Is(err, net.ErrClosed) {
		t.Errorf("read after close: %v", err)
	}
}

func TestPingIsAnswered(t *testing.T) {
	c, server := wsPipe(t)
	go io.Copy(io.Discard, c)
	for _, payload := range []string{"teleport", "", strings.Repeat("p", 125)} {
		server.Write(serverFrame(0x89, payload))
		if op, got := clientFrame(t, server); op != opPong || string(got) != payload {
			t.Errorf("op %d, %q", op, got)
		}
	}
}

// Both sides write more than the network holds, and the server reads only after
// it has written: a Read that waited to answer the ping would wait for ever.
func TestPingBetweenFullBuffers(t *testing.T) {
	c, server := wsPipe(t)
	const size = 32 << 20
	wrote := make(chan error, 1)
	go func() {
		_, err := c.Write(make([]byte, size))
		wrote <- err
	}()
	served := make(chan error, 1)
	go func() {
		_, err := server.Write(append(serverFrame(0x89, "teleport"), serverFrame(0x82, strings.Repeat("x", size))...))
		served <- err
	}()
	must(io.ReadFull(c, make([]byte, size)))(t)
	if err := <-served; err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReaderSize(server, 1<<16)
	if op, got := clientFrame(t, in); op != opBinary || len(got) != size {
		t.Errorf("op %d, %d bytes", op, len(got))
	}
	if op, got := clientFrame(t, in); op != opPong || string(got) != "teleport" {
		t.Errorf("op %d, %q", op, got)
	}
	if err := <-wrote; err != nil {
		t.Error(err)
	}
}

// A Read that a deadline ends, wherever in a frame, has lost nothing.
func TestReadDeadline(t *testing.T) {
	c, server := wsPipe(t)
	frames := append(serverFrame(0x89, "teleport"), serverFrame(0x82, strings.Repeat("x", 200)+"end")...)
	var got []byte
	buf := make([]byte, 1000)
	for _, b := range frames {
		server.Write([]byte{b})
		c.SetReadDeadline(time.Now().Add(time.Millisecond))
		n, err := c.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			t.Fatal(err)
		}
	}
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	server.Write(serverFrame(0x88, ""))
	rest := must(io.ReadAll(c))(t)
	if got := string(append(got, rest...)); got != strings.Repeat("x", 200)+"end" {
		t.Errorf("got %q", got)
	}
}

// Closing does not wait for a peer that has stopped to read, and ends the
// Read, the Write and the pong that hang.
func TestCloseEndsWhatHangs(t *testing.T) {
	c, server := wsPipe(t)
	ended := make(chan error, 2)
	go func() {
		_, err := c.Write(make([]byte, 64<<20))
		ended <- err
	}()
	must(server.Read(make([]byte, 1)))(t) // it is at it
	server.Write(append(serverFrame(0x89, "teleport"), serverFrame(0x82, "x")...))
	must(c.Read(make([]byte, 1)))(t) // the pong waits for the Write
	go func() {
		_, err := c.Read(make([]byte, 1))
		ended <- err
	}()
	start := time.Now()
	c.Close()
	for range 2 {
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("ended with %v", err)
		}
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
}
