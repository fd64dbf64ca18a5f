// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package httpproxy is an HTTP proxy of the kind that stands at the edge of a
// company's network, between clients and a test cluster: it knows CONNECT and
// nothing else.
package httpproxy

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// headerTimeout bounds how long a client may take over a request.
const headerTimeout = 10 * time.Second

// Config describes a Proxy. The zero value works.
type Config struct {
	// Resolve gives the address to dial for the host:port that a client asks
	// for: such a proxy resolves names itself. nil means the same address.
	Resolve        func(addr string) string
	User, Password string      // asked of clients if User is set
	Status         int         // answer of every CONNECT, if set
	TLS            *tls.Config // if set, the proxy itself is reached over TLS
}

// A Proxy is a running proxy.
type Proxy struct {
	cfg      Config
	listener net.Listener
	server   *http.Server

	ctx   context.Context // ends when Close begins
	stop  context.CancelFunc
	wg    sync.WaitGroup // every goroutine and every request
	mu    sync.Mutex     // orders new requests and Close
	asked []string

	dead atomic.Bool // the way behind it
}

// Start starts a proxy on a free port of 127.0.0.1. The caller must Close
// it.
func Start(cfg Config) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if cfg.TLS != nil {
		listener = tls.NewListener(listener, cfg.TLS)
	}
	p := &Proxy{cfg: cfg, listener: listener}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.server = &http.Server{
		Handler:           http.HandlerFunc(p.serve),
		ReadHeaderTimeout: headerTimeout,
		ErrorLog:          log.New(io.Discard, "", 0), // or it prints to stderr
	}
	p.wg.Go(func() { p.server.Serve(listener) })
	return p, nil
}

// URL is what HTTPS_PROXY is set to, with user and password if there are any.
func (p *Proxy) URL() string {
	u := url.URL{Scheme: "http", Host: p.listener.Addr().String()}
	if p.cfg.TLS != nil {
		u.Scheme = "https"
	}
	if p.cfg.User != "" {
		u.User = url.UserPassword(p.cfg.User, p.cfg.Password)
	}
	return u.String()
}

// Asked returns the addresses that clients asked for, in order.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// LoseWay makes the way behind the proxy dead: it goes on taking what clients send and
// ask for, and nothing of that arrives or comes back.
func (p *Proxy) LoseWay() { p.dead.Store(true) }

// carry copies until either side ends. Where the way is dead nothing arrives.
func (p *Proxy) carry(to io.Writer, from io.Reader) {
	for buf := make([]byte, 32<<10); ; {
		n, err := from.Read(buf)
		if n > 0 && !p.dead.Load() {
			if _, err := to.Write(buf[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// Close cuts all connections and waits.
func (p *Proxy) Close() error {
	p.mu.Lock()
	p.stop()
	p.mu.Unlock()
	err := p.server.Close()
	p.wg.Wait()
	return err
}

// begin counts a request; it reports false once Close has begun.
func (p *Proxy) begin(r *http.Request) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ctx.Err() != nil {
		return false
	}
	p.asked = append(p.asked, r.Host)
	p.wg.Add(1)
	return true
}

func (p *Proxy) serve(w http.ResponseWriter, r *http.Request) {
	if !p.begin(r) {
		panic(http.ErrAbortHandler)
	}
	defer p.wg.Done()
	switch {
	case r.Method != http.MethodConnect:
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
	case p.cfg.User != "" && !p.knows(r):
		w.Header().Set("Proxy-Authenticate", `Basic realm="proxy"`)
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	case p.cfg.Status != 0:
		http.Error(w, "no", p.cfg.Status)
	default:
		p.connect(w, r.Host)
	}
}

func (p *Proxy) knows(r *http.Request) bool {
	// The header has the form of Authorization.
	user, password, ok := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
	return ok && user == p.cfg.User && password == p.cfg.Password
}

// connect dials and carries bytes until either side ends.
func (p *Proxy) connect(w http.ResponseWriter, addr string) {
	if p.cfg.Resolve != nil {
		addr = p.cfg.Resolve(addr)
	}
	if p.dead.Load() {
		<-p.ctx.Done() // clients give up before
		panic(http.ErrAbortHandler)
	}
	upstream, err := new(net.Dialer).DialContext(p.ctx, "tcp", addr)
	if err != nil {
		http.Error(w, "cannot connect", http.StatusBadGateway)
		return
	}
	defer upstream.Close()
	client, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // HTTP/1.1 can always be taken over
	}
	defer client.Close()
	defer context.AfterFunc(p.ctx, func() { client.Close(); upstream.Close() })()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		p.carry(client, upstream)
		client.Close()
	})
	p.carry(upstream, client)
	upstream.Close()
	back.Wait()
}
