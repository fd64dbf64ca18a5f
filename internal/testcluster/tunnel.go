// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

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
)

// TunnelConfig describes a Tunnel. The zero value works.
type TunnelConfig struct {
	// Resolve gives the address to dial for the host:port that a client asks
	// for: such a proxy resolves names itself. nil means the same address.
	Resolve        func(addr string) string
	User, Password string      // asked of clients if User is set
	Status         int         // answer of every CONNECT, if set
	TLS            *tls.Config // if set, the proxy itself is reached over TLS
}

// A Tunnel is an HTTP proxy of the kind that stands at the edge of a company's
// network: it knows CONNECT and nothing else.
type Tunnel struct {
	cfg      TunnelConfig
	listener net.Listener
	server   *http.Server

	ctx   context.Context // ends when Close begins
	stop  context.CancelFunc
	wg    sync.WaitGroup // every goroutine and every request
	mu    sync.Mutex     // orders new requests and Close
	asked []string
}

// StartTunnel starts a proxy on a free port of 127.0.0.1. The caller must Close
// it.
func StartTunnel(cfg TunnelConfig) (*Tunnel, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if cfg.TLS != nil {
		listener = tls.NewListener(listener, cfg.TLS)
	}
	t := &Tunnel{cfg: cfg, listener: listener}
	t.ctx, t.stop = context.WithCancel(context.Background())
	t.server = &http.Server{
		Handler:           http.HandlerFunc(t.serve),
		ReadHeaderTimeout: handshakeTimeout,
		ErrorLog:          log.New(io.Discard, "", 0), // or it prints to stderr
	}
	t.wg.Go(func() { t.server.Serve(listener) })
	return t, nil
}

// URL is what HTTPS_PROXY is set to, with user and password if there are any.
func (t *Tunnel) URL() string {
	u := url.URL{Scheme: "http", Host: t.listener.Addr().String()}
	if t.cfg.TLS != nil {
		u.Scheme = "https"
	}
	if t.cfg.User != "" {
		u.User = url.UserPassword(t.cfg.User, t.cfg.Password)
	}
	return u.String()
}

// Asked returns the addresses that clients asked for, in order.
func (t *Tunnel) Asked() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.asked)
}

// Close cuts all connections and waits.
func (t *Tunnel) Close() error {
	t.mu.Lock()
	t.stop()
	t.mu.Unlock()
	err := t.server.Close()
	t.wg.Wait()
	return err
}

// begin counts a request; it reports false once Close has begun.
func (t *Tunnel) begin(r *http.Request) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.ctx.Err() != nil {
		return false
	}
	t.asked = append(t.asked, r.Host)
	t.wg.Add(1)
	return true
}

func (t *Tunnel) serve(w http.ResponseWriter, r *http.Request) {
	if !t.begin(r) {
		panic(http.ErrAbortHandler)
	}
	defer t.wg.Done()
	switch {
	case r.Method != http.MethodConnect:
		http.Error(w, "only CONNECT", http.StatusMethodNotAllowed)
	case t.cfg.User != "" && !t.knows(r):
		w.Header().Set("Proxy-Authenticate", `Basic realm="tunnel"`)
		http.Error(w, "who are you?", http.StatusProxyAuthRequired)
	case t.cfg.Status != 0:
		http.Error(w, "no", t.cfg.Status)
	default:
		t.connect(w, r.Host)
	}
}

func (t *Tunnel) knows(r *http.Request) bool {
	// The header has the form of Authorization.
	user, password, ok := (&http.Request{Header: http.Header{"Authorization": r.Header["Proxy-Authorization"]}}).BasicAuth()
	return ok && user == t.cfg.User && password == t.cfg.Password
}

// connect dials and carries bytes until either side ends.
func (t *Tunnel) connect(w http.ResponseWriter, addr string) {
	if t.cfg.Resolve != nil {
		addr = t.cfg.Resolve(addr)
	}
	upstream, err := new(net.Dialer).DialContext(t.ctx, "tcp", addr)
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
	defer context.AfterFunc(t.ctx, func() { client.Close(); upstream.Close() })()
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		return
	}
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(client, upstream)
		client.Close()
	})
	io.Copy(upstream, client)
	upstream.Close()
	back.Wait()
}
