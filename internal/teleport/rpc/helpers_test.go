// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: servers of grpc-go, and servers that say what a test tells them to.

package rpc

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/net/http2"
	"google.golang.org/grpc"

	"github.com/tshmcp/tshmcp/internal/grpctest"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	goleak.VerifyTestMain(m)
}

// call is one call at a server of grpc-go.
type call struct {
	grpc.ServerStream
	method  string
	request string
}

func (c *call) send(answer string) error {
	b := []byte(answer)
	return c.SendMsg(&b)
}

// startGRPC starts a server of grpc-go whose calls handle answers.
func startGRPC(t *testing.T, handle func(*call) error, options ...grpc.ServerOption) (*grpc.Server, *Conn) {
	t.Helper()
	server := grpc.NewServer(append([]grpc.ServerOption{
		grpc.ForceServerCodec(grpctest.Raw{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			var request []byte
			if err := stream.RecvMsg(&request); err != nil {
				return err
			}
			method, _ := grpc.MethodFromServerStream(stream)
			return handle(&call{stream, method, string(request)})
		}),
	}, options...)...)
	l := listen(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		server.Serve(l)
	}()
	t.Cleanup(func() { server.Stop(); <-done })
	return server, dial(t, l.Addr().String())
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// dial returns a connection to addr.
func dial(t *testing.T, addr string) *Conn {
	c := &Conn{
		Dial: func(ctx context.Context) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", addr)
		},
		UserAgent: "test/1", Timeout: 10 * time.Second,
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// peer is the server's end of an HTTP/2 connection, frame by frame.
type peer struct {
	*http2.Framer
	net.Conn
	t *testing.T
}

// startPeer has script serve each connection, after the beginning: prefaces are
// exchanged. The connection ends with it.
func startPeer(t *testing.T, script func(*peer)) *Conn {
	t.Helper()
	return startRaw(t, func(c net.Conn) {
		preface := make([]byte, len(http2.ClientPreface))
		if _, err := io.ReadFull(c, preface); err != nil || string(preface) != http2.ClientPreface {
			return
		}
		p := &peer{http2.NewFramer(c, c), c, t}
		p.WriteSettings()
		script(p)
	})
}

// startRaw has serve answer each connection, which ends with it.
func startRaw(t *testing.T, serve func(net.Conn)) *Conn {
	t.Helper()
	l := listen(t)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			c.SetDeadline(time.Now().Add(20 * time.Second))
			all.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	conn := dial(t, l.Addr().String())
	t.Cleanup(func() { conn.Close(); l.Close(); all.Wait() })
	return conn
}

// request waits until a request is complete, and returns its stream; 0: the client
// has gone.
func (p *peer) request() uint32 {
	for {
		f, err := p.ReadFrame()
		if err != nil {
			return 0
		}
		switch f := f.(type) {
		case *http2.SettingsFrame:
			if !f.IsAck() {
				p.WriteSettingsAck()
			}
		case *http2.PingFrame:
			if !f.IsAck() {
				p.WritePing(true, f.Data)
			}
		case *http2.DataFrame:
			if f.StreamEnded() {
				return f.StreamID
			}
		}
	}
}

// untilGone waits until the client has gone.
func (p *peer) untilGone() {
	for p.request() != 0 {
	}
}

// testContext is the bound of a test's calls.
func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// unary makes a call and returns the answer.
func unary(ctx context.Context, c *Conn, request string) (answer string, err error) {
	err = c.Unary(ctx, "/test.Service/Method", []byte(request), func(b []byte) error {
		answer = string(b)
		return nil
	})
	return answer, err
}

// stream makes a call and returns the answers.
func stream(ctx context.Context, c *Conn, request string) (answers []string, err error) {
	err = c.ServerStream(ctx, "/test.Service/Stream", []byte(request), func(b []byte) error {
		answers = append(answers, string(b))
		return nil
	})
	return answers, err
}

// wantError checks the code and returns the error.
func wantError(t *testing.T, err error, code Code) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code {
		t.Fatalf("error %v; want %v", err, code)
	}
	return e
}
