// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestClose is calls in flight, and one that comes later.
func TestClose(t *testing.T) {
	begun := make(chan struct{}, 2)
	_, c := startGRPC(t, func(c *call) error {
		begun <- struct{}{}
		<-c.Context().Done()
		return nil
	})
	var all sync.WaitGroup
	for range 2 {
		all.Go(func() {
			_, err := unary(testContext(t), c, "x")
			wantError(t, err, Canceled)
		})
	}
	<-begun
	<-begun
	c.Close()
	all.Wait()
	_, err := unary(testContext(t), c, "x")
	wantError(t, err, Canceled)
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

// TestCloseWhileConnecting is the end of a Conn that is still dialling.
func TestCloseWhileConnecting(t *testing.T) {
	dialling := make(chan struct{})
	c := &Conn{Timeout: time.Minute, Dial: func(ctx context.Context) (net.Conn, error) {
		close(dialling)
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	go func() {
		<-dialling
		c.Close()
	}()
	_, err := unary(testContext(t), c, "x")
	wantError(t, err, Canceled)
}

// TestDialFails is the error of the dialler, which is not called again at once.
func TestDialFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("no way")
		var dials atomic.Int32
		c := &Conn{Timeout: time.Minute, Dial: func(context.Context) (net.Conn, error) {
			dials.Add(1)
			return nil, broken
		}}
		call := func(after time.Duration, want int32) {
			time.Sleep(after)
			_, err := unary(t.Context(), c, "x")
			if e := wantError(t, err, Unavailable); !errors.Is(e, broken) || !strings.HasSuffix(e.Message, "no way") {
				t.Errorf("error %v", e)
			}
			if dials.Load() != want {
				t.Errorf("after %v: dialled %d times; want %d", after, dials.Load(), want)
			}
		}
		call(0, 1)
		call(firstDelay/2, 1)
		call(firstDelay/2, 2)
		call(firstDelay, 2)
		call(firstDelay, 3)
		for n := range int32(10) {
			call(maxDelay, 4+n)
		}
		call(maxDelay-1, 13)
		call(1, 14)
	})
}

// TestSilentServer is one that never says anything: the call has its own end, the
// connecting another.
func TestSilentServer(t *testing.T) {
	c := startRaw(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := unary(ctx, c, "x")
	wantError(t, err, DeadlineExceeded)

	c = startRaw(t, func(c net.Conn) { io.Copy(io.Discard, c) })
	c.Timeout = 20 * time.Millisecond
	_, err = unary(testContext(t), c, "x")
	if e := wantError(t, err, Unavailable); !strings.Contains(e.Message, "the server did not begin to speak HTTP/2 within ") {
		t.Errorf("error %v", e)
	}
}

// TestReconnects is a call after the server has ended the connection.
func TestReconnects(t *testing.T) {
	var conns atomic.Int32
	gone := make(chan struct{})
	c := startPeer(t, func(p *peer) {
		if conns.Add(1) == 1 {
			p.answer(p.request(), "0", "", "one")
			p.Close()
			close(gone)
			return
		}
		for id := p.request(); id != 0; id = p.request() {
			p.answer(id, "0", "", "two")
		}
	})
	if got, err := unary(testContext(t), c, "x"); err != nil || got != "one" {
		t.Fatalf("%q, %v", got, err)
	}
	<-gone
	for {
		got, err := unary(testContext(t), c, "x")
		if err == nil && got == "two" {
			break
		}
		wantError(t, err, Unavailable) // it was sent before the end was seen
	}
}
