// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: calls to servers of grpc-go.

package rpc

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	grpcpeer "google.golang.org/grpc/peer"
	"google.golang.org/grpc/status"
)

func echo(c *call) error { return c.send("answer to " + c.request) }

func TestUnary(t *testing.T) {
	_, c := startGRPC(t, echo)
	for _, request := range []string{"", "one", strings.Repeat("x", 3<<20)} {
		if got, err := unary(testContext(t), c, request); err != nil || got != "answer to "+request {
			t.Errorf("request of %d bytes: answer of %d bytes, %v", len(request), len(got), err)
		}
	}
}

// TestWhatIsSent is what a server sees of a call.
func TestWhatIsSent(t *testing.T) {
	var saw metadata.MD
	var limit time.Duration
	var method string
	_, c := startGRPC(t, func(c *call) error {
		saw, _ = metadata.FromIncomingContext(c.Context())
		deadline, _ := c.Context().Deadline()
		limit, method = time.Until(deadline), c.method
		return echo(c)
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := unary(ctx, c, "x"); err != nil {
		t.Fatal(err)
	}
	if limit <= 50*time.Second || limit > time.Minute {
		t.Errorf("the server has %v", limit)
	}
	if method != "/test.Service/Method" {
		t.Errorf("method %q", method)
	}
	want := map[string]string{":authority": "auth", "content-type": "application/grpc", "user-agent": "test/1"}
	for name, value := range want {
		if got := saw.Get(name); !slices.Equal(got, []string{value}) {
			t.Errorf("%s is %q; want %q", name, got, value)
		}
	}
	if len(saw) != len(want) { // no version, above all (protocol.md 6.2)
		t.Errorf("metadata %v", saw)
	}
}

func TestServerStream(t *testing.T) {
	_, c := startGRPC(t, func(c *call) error {
		for _, answer := range []string{"a", "", strings.Repeat("x", 200_000), "b"} {
			if err := c.send(answer); err != nil {
				return err
			}
		}
		return nil
	})
	got, err := stream(testContext(t), c, "x")
	if want := []string{"a", "", strings.Repeat("x", 200_000), "b"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("%d answers, %v", len(got), err)
	}
}

// TestEmptyStream and a stream that fails at once have an answer of headers alone.
func TestEmptyStream(t *testing.T) {
	_, c := startGRPC(t, func(*call) error { return nil })
	if got, err := stream(testContext(t), c, "x"); err != nil || len(got) != 0 {
		t.Errorf("%q, %v", got, err)
	}
	_, err := unary(testContext(t), c, "x")
	wantError(t, err, Internal)
}

// TestErrors is every code and what may be in messages, before any answer and after
// one.
func TestErrors(t *testing.T) {
	messages := []string{"", "plain", "100% of it", "%41", "%", "two\nlines\r\t", "Grüße, 世界", "\x00\x7f", strings.Repeat("long ", 2000)}
	_, c := startGRPC(t, func(c *call) error {
		var code codes.Code
		var n int
		var after bool
		fmt.Sscan(c.request, (*uint32)(&code), &n, &after)
		if after {
			c.send("first")
		}
		return status.Error(code, messages[n])
	})
	for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
		for n, message := range messages {
			for _, after := range []bool{false, true} {
				got, err := stream(testContext(t), c, fmt.Sprint(uint32(code), n, after))
				e := wantError(t, err, Code(code))
				if e.Message != message || e.Code.String() != code.String() {
					t.Errorf("%v %q: %v", code, message, e)
				}
				if (len(got) == 1) != after {
					t.Errorf("%v: answers %q", code, got)
				}
			}
		}
	}
}

// TestTooLarge is an answer beyond the bound, which makes lists ask for less.
func TestTooLarge(t *testing.T) {
	_, c := startGRPC(t, func(c *call) error { return c.send(strings.Repeat("x", len(c.request)+1)) })
	if _, err := unary(testContext(t), c, strings.Repeat("x", maxMessage-1)); err != nil {
		t.Errorf("at the bound: %v", err)
	}
	_, err := stream(testContext(t), c, strings.Repeat("x", maxMessage/2)+strings.Repeat("x", maxMessage/2-1))
	if err != nil {
		t.Errorf("at the bound: %v", err)
	}
	_, big := startGRPC(t, func(c *call) error { return c.send(strings.Repeat("x", maxMessage+1)) })
	_, err = unary(testContext(t), big, "x")
	wantError(t, err, ResourceExhausted)
}

// TestGivenUp is the end of a caller's patience, before the answer and within it.
func TestGivenUp(t *testing.T) {
	ended := make(chan error, 10)
	_, c := startGRPC(t, func(c *call) error {
		c.send("first")
		<-c.Context().Done()
		ended <- c.Context().Err()
		return c.Context().Err()
	})
	for patience, heard := 50*time.Millisecond, false; !heard; patience *= 4 {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		_, err := unary(ctx, c, "x")
		cancel()
		if e := wantError(t, err, DeadlineExceeded); !errors.Is(e, context.DeadlineExceeded) {
			t.Errorf("error %v", e)
		}
		select {
		case <-ended:
			heard = true
		case <-time.After(5 * time.Second): // the machine was so busy that the call never left
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := c.ServerStream(ctx, "/test.Service/Stream", nil, func([]byte) error { cancel(); return nil })
	if e := wantError(t, err, Canceled); !errors.Is(e, context.Canceled) {
		t.Errorf("error %v", e)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the server's call ends with %v", err)
	}
	if _, err := unary(ctx, c, "x"); CodeOf(err) != Canceled {
		t.Errorf("a call after it: %v", err)
	}
}

// TestReaderGivesUp is an error of whoever reads the answers: the server's call ends.
func TestReaderGivesUp(t *testing.T) {
	ended := make(chan error, 10)
	_, c := startGRPC(t, func(c *call) error {
		c.send("first")
		<-c.Context().Done()
		ended <- nil
		return nil
	})
	err := c.ServerStream(testContext(t), "/test.Service/Stream", nil, func([]byte) error { return errors.New("no message") })
	if e := wantError(t, err, Internal); !strings.HasSuffix(e.Message, "no message") {
		t.Errorf("error %v", e)
	}
	<-ended
}

// TestServerStops is a connection that ends within a call, and one between calls.
func TestServerStops(t *testing.T) {
	server, c := startGRPC(t, func(c *call) error {
		c.send("first")
		<-c.Context().Done()
		return nil
	})
	err := c.ServerStream(testContext(t), "/test.Service/Stream", nil, func([]byte) error {
		go server.Stop()
		return nil
	})
	wantError(t, err, Unavailable)
	_, err = unary(testContext(t), c, "x")
	wantError(t, err, Unavailable)
}

// TestGoesAway is a server that says so: what is in flight ends well, and the calls
// after it take another connection.
func TestGoesAway(t *testing.T) {
	finish := make(chan struct{})
	server, c := startGRPC(t, func(c *call) error {
		c.send(c.request)
		if c.request == "slow" {
			<-finish
		}
		return nil
	})
	_, next := startGRPC(t, echo)
	var dials atomic.Int32
	first := c.Dial
	c.Dial = func(ctx context.Context) (net.Conn, error) {
		if dials.Add(1) > 1 {
			return next.Dial(ctx)
		}
		return first(ctx)
	}
	var all sync.WaitGroup
	defer all.Wait()
	answers := 0
	err := c.ServerStream(testContext(t), "/test.Service/Stream", []byte("slow"), func([]byte) error {
		answers++
		all.Go(server.GracefulStop)
		for { // until the client has heard of it
			got, err := unary(testContext(t), c, "next")
			if err != nil {
				t.Errorf("a call beside it: %v", err)
			}
			if err != nil || got == "answer to next" {
				close(finish)
				return nil
			}
		}
	})
	if err != nil || answers != 1 {
		t.Errorf("the call in flight: %v, %d answers", err, answers)
	}
}

// TestOneConnection is many calls at once, the first ones too.
func TestOneConnection(t *testing.T) {
	var mu sync.Mutex
	peers := map[string]bool{}
	_, c := startGRPC(t, func(c *call) error {
		p, _ := grpcpeer.FromContext(c.Context())
		mu.Lock()
		peers[p.Addr.String()] = true
		mu.Unlock()
		return echo(c)
	})
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			request := fmt.Sprint(n)
			if got, err := unary(testContext(t), c, request); err != nil || got != "answer to "+request {
				t.Errorf("call %d: %q, %v", n, got, err)
			}
		})
	}
	all.Wait()
	if len(peers) != 1 {
		t.Errorf("%d connections", len(peers))
	}
}

// TestLimitedStreams is more calls than the server takes at once: they wait, on the
// same connection.
func TestLimitedStreams(t *testing.T) {
	_, c := startGRPC(t, echo, grpc.MaxConcurrentStreams(1))
	var dials atomic.Int32
	dialled := c.Dial
	c.Dial = func(ctx context.Context) (net.Conn, error) { dials.Add(1); return dialled(ctx) }
	for range 10 {
		var all sync.WaitGroup
		for n := range 10 {
			all.Go(func() {
				request := fmt.Sprint(n)
				if got, err := unary(testContext(t), c, request); err != nil || got != "answer to "+request {
					t.Errorf("call %d: %q, %v", n, got, err)
				}
			})
		}
		all.Wait()
	}
	if dials.Load() != 1 {
		t.Errorf("%d connections", dials.Load())
	}
}

// TestManyGivenUp is what a client says of calls that were cancelled: net/http asks
// with a ping whether the server is there, and servers of gRPC count those.
func TestManyGivenUp(t *testing.T) {
	begun := make(chan struct{}, 100)
	_, c := startGRPC(t, func(c *call) error {
		if c.request == "well" {
			return echo(c)
		}
		begun <- struct{}{}
		<-c.Context().Done()
		return nil
	}, grpc.WaitForHandlers(true))
	var dials atomic.Int32
	dialled := c.Dial
	c.Dial = func(ctx context.Context) (net.Conn, error) { dials.Add(1); return dialled(ctx) }
	for range 20 {
		ctx, cancel := context.WithCancel(testContext(t))
		go func() { <-begun; cancel() }()
		_, err := unary(ctx, c, "x")
		wantError(t, err, Canceled)
	}
	if _, err := unary(testContext(t), c, "well"); err != nil || dials.Load() != 1 {
		t.Errorf("%v; %d connections", err, dials.Load())
	}
}
