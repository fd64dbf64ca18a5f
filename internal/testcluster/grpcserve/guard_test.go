// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/net/http2"
)

// TestTooManyPings is a client that pings at once, again and again: either server
// says goodbye at the fourth ping, and hangs up.
func TestTooManyPings(t *testing.T) {
	for name, addr := range both(t, nil) {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			conn.SetDeadline(time.Now().Add(10 * time.Second))
			io.WriteString(conn, http2.ClientPreface)
			f := http2.NewFramer(conn, conn)
			f.WriteSettings()
			acks := 0
			for f.WritePing(false, [8]byte{}); ; {
				got, err := f.ReadFrame()
				if err != nil {
					t.Fatalf("no goodbye: %v after %d answers", err, acks)
				}
				if ping, ok := got.(*http2.PingFrame); ok && ping.IsAck() {
					acks++
					f.WritePing(false, [8]byte{})
				}
				bye, ok := got.(*http2.GoAwayFrame)
				if !ok {
					continue
				}
				if string(bye.DebugData()) != "too_many_pings" || bye.ErrCode != http2.ErrCodeEnhanceYourCalm || acks < maxStrikes+1 || acks > maxStrikes+2 {
					t.Errorf("%v %q after %d answers", bye, bye.DebugData(), acks)
				}
				break
			}
			for err == nil {
				_, err = f.ReadFrame()
			}
			if errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("it does not hang up")
			}
		})
	}
}

// TestPings is which pings count: those that come sooner than a minute after another,
// with nothing sent to the client in between. A client may send two of them.
func TestPings(t *testing.T) {
	const ping, ack, headers, data, settings = "\x06\x00", "\x06\x01", "\x01\x04", "\x00\x00", "\x04\x00"
	for name, test := range map[string]struct {
		steps string // p: ping, a: its ack, h, d, s: sent to the client, m: a minute goes by
		over  bool
	}{
		"none": {"s", false}, "three": {"ppp", false}, "four": {"pppp", true}, "each minute": {"pmpmpmpmpmp", false},
		"acks do not count":    {"aaaaaaaa", false},
		"an answer in between": {"ppphppp", false}, "data in between": {"pppdppp", false},
		"settings say nothing": {"ppspp", true}, "after an answer": {"hpppp", true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				near, far := net.Pipe()
				g := Guard(near).(*guard)
				ended := make(chan string, 1)
				go func() {
					b, _ := io.ReadAll(far)
					ended <- string(b)
				}()
				read := make(chan struct{})
				go func() {
					defer close(read)
					io.Copy(io.Discard, g)
				}()
				io.WriteString(far, http2.ClientPreface)
				frame := func(kind string) string { return "\x00\x00\x08" + kind + "\x00\x00\x00\x00" + "12345678" }
				for _, step := range test.steps {
					switch step {
					case 'p', 'a':
						for _, b := range []byte(frame(map[rune]string{'p': ping, 'a': ack}[step])) { // in pieces
							far.Write([]byte{b})
						}
					case 'h', 'd', 's':
						io.WriteString(g, frame(map[rune]string{'h': headers, 'd': data, 's': settings}[step]))
					case 'm':
						time.Sleep(minPing)
					}
					synctest.Wait()
				}
				near.Close()
				far.Close()
				<-read
				if got := <-ended; strings.HasSuffix(got, "too_many_pings") != test.over {
					t.Errorf("it ends with %q; over: %v", got, test.over)
				}
			})
		})
	}
}

// TestGoodbyeBetweenFrames is that it does not come within another frame.
func TestGoodbyeBetweenFrames(t *testing.T) {
	near, far := net.Pipe()
	g := Guard(near).(*guard)
	ended := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(far)
		ended <- string(b)
	}()
	g.Write([]byte("\x00\x00\x02\x00"))
	for range 5 {
		g.mu.Lock()
		g.said = false
		g.pinged(time.Now())
		g.mu.Unlock()
	}
	g.Write([]byte("\x00\x00\x00\x00\x01x"))
	g.Write([]byte("y"))
	const whole = "\x00\x00\x02\x00\x00\x00\x00\x00\x01xy"
	if got := <-ended; !strings.HasPrefix(got, whole+"\x00\x00\x16\x07") || !strings.HasSuffix(got, "too_many_pings") {
		t.Errorf("the client gets %q", got)
	}
	if _, err := g.Write([]byte("x")); err == nil {
		t.Error("more is written after the end")
	}
	far.Close()
}
