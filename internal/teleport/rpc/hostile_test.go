// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: servers, and who stands in between, that do what they should not.

package rpc

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
)

// headers writes headers, given as name and value in turns.
func (p *peer) headers(id uint32, end bool, fields ...string) {
	var block bytes.Buffer
	enc := hpack.NewEncoder(&block)
	for n := 0; n < len(fields); n += 2 {
		enc.WriteField(hpack.HeaderField{Name: fields[n], Value: fields[n+1]})
	}
	first := true
	for rest := block.Bytes(); first || len(rest) > 0; first = false {
		n := min(len(rest), 16<<10)
		if first {
			p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: rest[:n], EndStream: end, EndHeaders: n == len(rest)})
		} else {
			p.WriteContinuation(id, n == len(rest), rest[:n])
		}
		rest = rest[n:]
	}
}

func (p *peer) head(id uint32) {
	p.headers(id, false, ":status", "200", "content-type", "application/grpc")
}

// message is a framed one, of another length than it says if length is not -1.
func message(flag byte, length int, text string) []byte {
	if length < 0 {
		length = len(text)
	}
	return append(binary.BigEndian.AppendUint32([]byte{flag}, uint32(length)), text...)
}

// answer writes a whole answer.
func (p *peer) answer(id uint32, status, text string, answers ...string) {
	p.head(id)
	for _, a := range answers {
		p.WriteData(id, false, message(0, -1, a))
	}
	p.headers(id, true, "grpc-status", status, "grpc-message", text)
}

// many are the fields of a head of n more than it needs.
func many(n int) []string {
	fields := []string{":status", "200", "content-type", "application/grpc"}
	for n := range n {
		fields = append(fields, fmt.Sprintf("name-%d", n), strings.Repeat("x", 100))
	}
	return fields
}

// TestHostileAnswers is that each ends in an error, soon, and says what was wrong.
func TestHostileAnswers(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	for name, test := range map[string]struct {
		answer func(p *peer, id uint32)
		code   Code
		text   string
	}{
		"endless headers": {func(p *peer, id uint32) {
			p.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: nil})
			for p.WriteContinuation(id, false, []byte(long[:16<<10])) == nil {
			}
		}, Unavailable, "connection was lost"},
		"many headers": {func(p *peer, id uint32) { p.headers(id, false, many(20_000)...) }, Unavailable, "connection was lost"},
		"many trailers": {func(p *peer, id uint32) {
			p.head(id)
			p.headers(id, true, many(20_000)[4:]...)
		}, Unavailable, "connection was lost"},
		"informational headers without end": {func(p *peer, id uint32) {
			for n := 0; n < 1000; n++ {
				p.headers(id, false, ":status", "103", "link", long[:15<<10])
			}
		}, Internal, "header list"},
		"long trailers": {func(p *peer, id uint32) {
			p.head(id)
			p.headers(id, true, "grpc-message", long, "grpc-status", "7")
		}, Unavailable, "connection was lost"},
		"no status code": {func(p *peer, id uint32) {
			p.headers(id, true, "content-type", "application/grpc", "grpc-status", "0")
		}, Internal, "missing status"},
		"an announced length of 4 GiB": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 1<<32-1, "x"))
		}, ResourceExhausted, "larger than max (4294967295 vs. 4194304)"},
		"less than announced": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 4, "x"))
			p.headers(id, true, "grpc-status", "0")
		}, Internal, "ends within a message"},
		"less than announced, and a reason": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 4, "x"))
			p.headers(id, true, "grpc-status", "7", "grpc-message", "no")
		}, PermissionDenied, "no"},
		"a part of the five bytes": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, true, []byte{0, 0})
		}, Internal, "without a status"},
		"more than announced": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 1, "xy"))
			p.headers(id, true, "grpc-status", "0")
		}, Internal, "ends within a message"},
		"compressed": {func(p *peer, id uint32) {
			p.headers(id, false, ":status", "200", "content-type", "application/grpc", "grpc-encoding", "gzip")
			p.WriteData(id, false, message(1, -1, "x"))
		}, Internal, "compressed"},
		"another flag": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(2, -1, "x"))
		}, Internal, "unknown flag 2"},
		"two answers": {func(p *peer, id uint32) { p.answer(id, "0", "", "a", "b") }, Internal, "second answer"},
		"no answer":   {func(p *peer, id uint32) { p.answer(id, "0", "") }, Internal, "no answer"},
		"no trailers": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, true, message(0, -1, "x"))
		}, Internal, "without a status"},
		"a status in the head, and an answer": {func(p *peer, id uint32) {
			p.headers(id, false, ":status", "200", "content-type", "application/grpc", "grpc-status", "0")
			p.WriteData(id, true, message(0, -1, "x"))
		}, Internal, "without a status"},
		"nothing but a head": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "200", "content-type", "application/grpc")
		}, Internal, "without a status"},
		"trailers without a status": {func(p *peer, id uint32) {
			p.head(id)
			p.headers(id, true, "x", "y")
		}, Internal, "without a status"},
		"data after the end": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, -1, "x"))
			p.headers(id, true, "grpc-status", "5", "grpc-message", "not there")
			p.WriteData(id, false, message(0, -1, "y"))
		}, NotFound, "not there"},
		"headers in the middle": {func(p *peer, id uint32) {
			p.head(id)
			p.headers(id, false, "grpc-status", "0")
		}, Unavailable, "connection was lost"},
		"data before the head": {func(p *peer, id uint32) { p.WriteData(id, false, message(0, -1, "x")) }, Internal, "error code 1"},
		"announced trailers that stand in the head": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "200", "content-type", "application/grpc", "trailer", "Grpc-Status", "grpc-status", "7", "grpc-message", "no")
		}, PermissionDenied, "no"},
		"a status that is none":       {func(p *peer, id uint32) { p.answer(id, "seven", "") }, Unknown, `malformed status "seven"`},
		"a negative status":           {func(p *peer, id uint32) { p.answer(id, "-7", "") }, Unknown, `malformed status "-7"`},
		"a status with a sign":        {func(p *peer, id uint32) { p.answer(id, "+0", "", "x") }, Unknown, `malformed status "+0"`},
		"a status beyond all numbers": {func(p *peer, id uint32) { p.answer(id, strings.Repeat("9", 1000), "") }, Unknown, `malformed status "99999999999999999999"`},
		"an unknown status":           {func(p *peer, id uint32) { p.answer(id, "17", "") }, Unknown, "unknown status 17"},
		"an unknown status with text": {func(p *peer, id uint32) { p.answer(id, "4294967295", "words") }, Unknown, "words"},
		"bad percent-encoding":        {func(p *peer, id uint32) { p.answer(id, "7", "a%zz%4%41%ff%") }, PermissionDenied, "a%zz%4A\uFFFD%"},
		"HTML": {func(p *peer, id uint32) {
			p.headers(id, false, ":status", "200", "content-type", "text/html")
			p.WriteData(id, true, []byte("<html>"))
		}, Unknown, `HTTP status 200, content type "text/html"`},
		"a long content type": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "200", "content-type", long[:100_000])
		}, Unknown, "xxx"},
		"a type that begins alike": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "200", "content-type", "application/grpcx", "grpc-status", "0")
		}, Unknown, "application/grpcx"},
		"no type":                  {func(p *peer, id uint32) { p.headers(id, true, ":status", "404") }, Unimplemented, "HTTP status 404"},
		"a gateway without server": {func(p *peer, id uint32) { p.headers(id, true, ":status", "502") }, Unavailable, "HTTP status 502"},
		"HTTP's status alone": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "403", "content-type", "application/grpc")
		}, PermissionDenied, "403"},
		"gRPC's status is the better one": {func(p *peer, id uint32) {
			p.headers(id, true, ":status", "415", "content-type", "application/grpc", "grpc-status", "3", "grpc-message", "type")
		}, InvalidArgument, "type"},
		"reset":              {func(p *peer, id uint32) { p.WriteRSTStream(id, http2.ErrCodeInternal) }, Internal, "error code 2"},
		"reset as too much":  {func(p *peer, id uint32) { p.WriteRSTStream(id, http2.ErrCodeEnhanceYourCalm) }, ResourceExhausted, "error code 11"},
		"reset as cancelled": {func(p *peer, id uint32) { p.WriteRSTStream(id, http2.ErrCodeCancel) }, Canceled, "error code 8"},
		"reset within the answer": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 100, "x"))
			p.WriteRSTStream(id, http2.ErrCodeInternal)
		}, Internal, "error code 2"},
		"cut off": {func(p *peer, id uint32) { p.Close() }, Unavailable, "connection was lost"},
		"cut off within the answer": {func(p *peer, id uint32) {
			p.head(id)
			p.WriteData(id, false, message(0, 100, "x"))
			p.Close()
		}, Unavailable, "connection was lost"},
		"gone in anger": {func(p *peer, id uint32) {
			p.WriteGoAway(id, http2.ErrCodeEnhanceYourCalm, []byte("too_many_pings"))
			p.Close()
		}, Unavailable, "too_many_pings"},
		"a frame beyond the bound": {func(p *peer, id uint32) {
			p.Write(append([]byte{0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1}, long...))
		}, Unavailable, "connection was lost"},
		"a promise": {func(p *peer, id uint32) {
			p.WritePushPromise(http2.PushPromiseParam{StreamID: id, PromiseID: 2, EndHeaders: true})
		}, Unavailable, "connection was lost"},
	} {
		t.Run(name, func(t *testing.T) {
			c := startPeer(t, func(p *peer) {
				if id := p.request(); id != 0 {
					test.answer(p, id)
					p.untilGone()
				}
			})
			began := time.Now()
			_, err := unary(testContext(t), c, "x")
			e := wantError(t, err, test.code)
			if !strings.Contains(e.Message, test.text) || len(e.Message) > 1000 {
				t.Errorf("text of %d bytes, %.200q; want %q", len(e.Message), e.Message, test.text)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

// TestNotHTTP2 is what answers in place of the server after the handshake.
func TestNotHTTP2(t *testing.T) {
	for name, test := range map[string]struct{ says, text string }{
		"HTTP/1.1":        {"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n<html>", `begins with "HTTP/1.1 "`},
		"a short word":    {"no", "the connection was closed"},
		"nothing":         {"", "the connection was closed"},
		"another frame":   {"\x00\x00\x04\x08\x00\x00\x00\x00\x00\x00\x00\x00\x01", "does not speak HTTP/2"},
		"an ack":          {"\x00\x00\x00\x04\x01\x00\x00\x00\x00", "does not speak HTTP/2"},
		"broken settings": {"\x00\x00\x05\x04\x00\x00\x00\x00\x00", "does not speak HTTP/2"},
		"long settings":   {"\x7f\xff\xfe\x04\x00\x00\x00\x00\x00", "does not speak HTTP/2"},
	} {
		t.Run(name, func(t *testing.T) {
			c := startRaw(t, func(c net.Conn) {
				io.ReadFull(c, make([]byte, len(http2.ClientPreface)))
				for _, b := range []byte(test.says) { // piece by piece
					c.Write([]byte{b})
				}
				c.(*net.TCPConn).CloseWrite()
				io.Copy(io.Discard, c)
			})
			_, err := unary(testContext(t), c, "x")
			if e := wantError(t, err, Unavailable); !strings.Contains(e.Message, test.text) {
				t.Errorf("text %q; want %q", e.Message, test.text)
			}
		})
	}
}

// TestSentAgain is a call that the server has not looked at: it is made on another
// connection or stream, and only then.
func TestSentAgain(t *testing.T) {
	for name, test := range map[string]struct {
		refuse func(p *peer, id uint32)
		again  bool
	}{
		"refused":             {func(p *peer, id uint32) { p.WriteRSTStream(id, http2.ErrCodeRefusedStream) }, true},
		"gone away before it": {func(p *peer, id uint32) { p.WriteGoAway(0, http2.ErrCodeNo, nil) }, true},
		"gone away after it": {func(p *peer, id uint32) {
			p.WriteGoAway(id, http2.ErrCodeNo, nil)
			p.Close()
		}, false},
		"gone without a word": {func(p *peer, id uint32) { p.Close() }, false},
		"a protocol error":    {func(p *peer, id uint32) { p.WriteRSTStream(id, http2.ErrCodeProtocol) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			c := startPeer(t, func(p *peer) {
				for id := p.request(); id != 0; id = p.request() {
					if requests.Add(1) == 1 {
						test.refuse(p, id)
						continue
					}
					p.answer(id, "0", "", "done")
				}
			})
			got, err := unary(testContext(t), c, "x")
			if (err == nil && got == "done") != test.again || (requests.Load() == 2) != test.again {
				t.Errorf("%q, %v after %d requests", got, err, requests.Load())
			}
		})
	}
	t.Run("refused for ever", func(t *testing.T) {
		var requests atomic.Int32
		c := startPeer(t, func(p *peer) {
			for id := p.request(); id != 0; id = p.request() {
				requests.Add(1)
				p.WriteRSTStream(id, http2.ErrCodeRefusedStream)
			}
		})
		_, err := unary(testContext(t), c, "x")
		wantError(t, err, Unavailable)
		if requests.Load() != maxAttempts {
			t.Errorf("%d requests", requests.Load())
		}
	})
}

// TestGoneAwayBesideACall is a server that goes away and has looked at one of two
// calls: that one ends well, the other is made on a connection of its own.
func TestGoneAwayBesideACall(t *testing.T) {
	var conns atomic.Int32
	begun, over := make(chan struct{}), make(chan struct{})
	c := startPeer(t, func(p *peer) {
		if conns.Add(1) > 1 {
			p.answer(p.request(), "0", "", "second")
			p.untilGone()
			return
		}
		first := p.request()
		close(begun)
		p.request()
		p.WriteGoAway(first, http2.ErrCodeNo, nil)
		<-over
		p.answer(first, "0", "", "first")
		p.untilGone()
	})
	var all sync.WaitGroup
	all.Go(func() {
		if got, err := unary(testContext(t), c, "x"); err != nil || got != "first" {
			t.Errorf("the first call: %q, %v", got, err)
		}
	})
	<-begun
	got, err := unary(testContext(t), c, "x")
	close(over)
	all.Wait()
	if err != nil || got != "second" || conns.Load() != 2 {
		t.Errorf("%q, %v over %d connections", got, err, conns.Load())
	}
}

// TestAnnouncedIsNotBelieved is that a length costs no memory before the bytes come.
func TestAnnouncedIsNotBelieved(t *testing.T) {
	got := make(chan struct{})
	c := startPeer(t, func(p *peer) {
		for id := p.request(); id != 0; id = p.request() {
			p.head(id)
			p.WriteData(id, false, message(0, maxMessage, "x"))
			got <- struct{}{}
		}
	})
	ctx, cancel := context.WithCancel(testContext(t))
	defer cancel()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	const calls = 20
	for range calls {
		go unary(ctx, c, "x")
	}
	for range calls {
		<-got
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > calls*maxMessage/2 {
		t.Errorf("%d bytes for %d answers that did not come", grown, calls)
	}
	cancel()
	c.Close()
}

// TestHTTPCodes is gRPC's table for answers that have HTTP's status alone.
func TestHTTPCodes(t *testing.T) {
	for status, want := range map[int]Code{
		200: Unknown, 302: Unknown, 400: Internal, 401: Unauthenticated, 403: PermissionDenied, 404: Unimplemented, 407: Unknown,
		429: Unavailable, 500: Unknown, 502: Unavailable, 503: Unavailable, 504: Unavailable,
	} {
		if got := CodeOf(notGRPC(&http.Response{StatusCode: status})); got != want {
			t.Errorf("%d: %v; want %v", status, got, want)
		}
	}
}
