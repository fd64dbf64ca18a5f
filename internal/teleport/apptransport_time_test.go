// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the times of an app transport, with a clock of the test's own.

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener within the process, so that time can be the test's own.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	// Between two pipes each direction holds one write back, as a socket does:
	// in a handshake both sides may write at once.
	client, a := net.Pipe()
	b, server := net.Pipe()
	relay := func(dst, src net.Conn) {
		io.Copy(dst, src)
		dst.Close()
		src.Close()
	}
	go relay(a, b)
	go relay(b, a)
	select {
	case p.conns <- server:
		return client, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// A dial does not end with a request that was answered over another connection.
func TestDialOutlivesAnsweredRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		p := startApp(t, l, l.dial)
		cert, dials, more := p.cert("app"), 0, make(chan struct{})
		var over error
		tr := appTransport(t, p.proxy, func(dial context.Context) (*tls.Certificate, error) {
			if dials++; dials > 1 {
				<-more
				over = dial.Err()
			}
			return cert, nil
		})
		client := &http.Client{Transport: tr}
		first := must(client.Get("https://localhost/"))(t) // has the connection until its body is read
		ctx, cancel := context.WithCancel(t.Context())
		second := make(chan error)
		go func() {
			_, err := get(ctx, tr, "https://localhost/")
			second <- err
		}()
		synctest.Wait() // it dials
		if _, err := io.Copy(io.Discard, first.Body); err != nil {
			t.Fatal(err)
		}
		first.Body.Close()
		if err := <-second; err != nil || dials != 2 {
			t.Fatalf("%d dials, %v", dials, err)
		}
		cancel()
		synctest.Wait()
		close(more)
		synctest.Wait()
		if over != nil || len(p.hellos) != 2 {
			t.Errorf("it has ended: %v, %d handshakes", over, len(p.hellos))
		}
	})
}

func TestIdleConnections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		p := startApp(t, l, l.dial)
		source := &certSource{cert: p.cert("app")}
		tr := appTransport(t, p.proxy, source.get)
		for _, step := range []struct {
			idle time.Duration
			want int // connections so far
		}{{0, 1}, {24 * time.Second, 1}, {26 * time.Second, 2}, {24 * time.Second, 2}} {
			time.Sleep(step.idle)
			if _, err := get(context.Background(), tr, "https://localhost/"); err != nil {
				t.Fatal(err)
			}
			if len(p.hellos) != step.want {
				t.Errorf("after %v idle: %d connections; want %d", step.idle, len(p.hellos), step.want)
			}
		}
	})
}

// As many connections are kept as a client has calls in flight.
func TestParallelRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		p := startApp(t, l, l.dial)
		p.delay = time.Second
		source := &certSource{cert: p.cert("app")}
		tr := appTransport(t, p.proxy, source.get)
		for range 2 {
			var calls sync.WaitGroup
			for range 8 {
				calls.Go(func() {
					if _, err := get(context.Background(), tr, "https://localhost/"); err != nil {
						t.Error(err)
					}
				})
			}
			calls.Wait()
			synctest.Wait() // until the connections are idle
		}
		if len(p.hellos) != 8 {
			t.Errorf("%d connections for two times 8 requests; want 8", len(p.hellos))
		}
	})
}

// The 15 s are for a server that takes the connection and says nothing.
func TestHandshakeIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca := newAuthority(t, "demo-cluster")
		source := &certSource{cert: ca.pair(&x509.Certificate{})}
		var peers []net.Conn
		silent := &Proxy{Addr: "127.0.0.1:443", Dial: func(context.Context, string, string) (net.Conn, error) {
			client, server := net.Pipe()
			peers = append(peers, server)
			return client, nil
		}}
		start := time.Now()
		_, err := get(context.Background(), appTransport(t, silent, source.get), "https://localhost/")
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != connectTimeout {
			t.Errorf("error %v after %v; want a timeout after %v", err, time.Since(start), connectTimeout)
		}
		for _, c := range peers {
			c.Close()
		}
	})
}

// There is no limit on the time an app takes to answer.
func TestSlowAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newPipes()
		p := startApp(t, l, l.dial)
		p.delay = 24 * time.Hour
		source := &certSource{cert: p.cert("app")}
		tr := appTransport(t, p.proxy, source.get)
		if got := must(get(context.Background(), tr, "https://localhost/"))(t); got != "app" {
			t.Errorf("the answer is %q", got)
		}
	})
}
