// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: connect, with a network that does not let it through to the cluster.

package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// barrier is a server at a loopback address that answers everything with one
// status, and counts.
func barrier(t *testing.T, status int) (addr string, met *atomic.Int64) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	met = new(atomic.Int64)
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		met.Add(1)
		w.WriteHeader(status)
	})}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { srv.Close(); <-done })
	return l.Addr().String(), met
}

// tlsBarrier is a server with TLS that answers everything with one status.
func tlsBarrier(t *testing.T, status int) (addr string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.StartTLS()
	t.Cleanup(srv.Close)
	return srv.Listener.Addr().String()
}

// askThrough sends one request through a bridge to a cluster at addr, by way of
// the network's proxy via unless that is empty, and returns the error's data.
func askThrough(t *testing.T, p *teleport.Proxy, via string) (data struct {
	Kind, Executed string
	Retryable      bool
	Attempts       int
}) {
	t.Helper()
	p.UserAgent = "test"
	if via != "" {
		p.Dial = (&teleport.Egress{Find: func(*url.URL) (*url.URL, error) { return &url.URL{Scheme: "http", Host: via}, nil }}).Dial
	}
	tr := p.AppTransport(func(context.Context) (*tls.Certificate, error) {
		return &tls.Certificate{Certificate: [][]byte{{1}}}, nil
	})
	in, w := io.Pipe()
	r, out := io.Pipe()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer out.Close()
		done <- bridge.Run(ctx, bridge.Config{Transport: tr, URL: "https://localhost/", In: in, Out: out})
	}()
	fmt.Fprintln(w, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x"}}`)
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	var answer struct {
		Error struct {
			Message string
			Data    json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(line), &answer); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(answer.Error.Data, &data); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if !strings.HasPrefix(answer.Error.Message, "tshmcp: ") {
		t.Error(line)
	}
	return data
}

// A request that the network keeps from the cluster was not sent, is not the
// certificate's fault, and is tried again if the refusal may pass.
func TestNetworkInTheWay(t *testing.T) {
	t.Parallel()
	const cluster = "cluster.invalid:443"
	for status, passes := range map[int]bool{407: false, 403: false, 502: true, 503: true, 504: true} {
		t.Run(fmt.Sprint("the network's proxy answers ", status), func(t *testing.T) {
			t.Parallel()
			via, met := barrier(t, status)
			got := askThrough(t, &teleport.Proxy{Addr: cluster}, via)
			if got.Kind != "upstream_unreachable" || got.Executed != "no" || got.Retryable != passes {
				t.Errorf("%+v", got)
			}
			if n := met.Load(); n > 1 != passes || got.Attempts > 1 != passes {
				t.Errorf("asked %d times, %d attempts", n, got.Attempts)
			}
		})
	}
	for status, passes := range map[int]bool{200: false, 404: false, 503: true} {
		t.Run(fmt.Sprint("the upgrade is answered ", status), func(t *testing.T) {
			t.Parallel()
			srv := tlsBarrier(t, status)
			got := askThrough(t, &teleport.Proxy{
				Addr: srv, Insecure: true, HostCAs: x509.NewCertPool(), Upgrade: teleport.NewUpgrade(teleport.UpgradeAlways),
			}, "")
			if got.Kind != "upstream_unreachable" || got.Executed != "no" || got.Retryable != passes || got.Attempts > 1 != passes {
				t.Errorf("%+v", got)
			}
		})
	}
	t.Run("the certificate is not asked for", func(t *testing.T) {
		got := askThrough(t, &teleport.Proxy{Addr: tlsBarrier(t, 200), Insecure: true}, "")
		if got.Kind != "upstream_unreachable" || got.Executed != "no" || got.Retryable {
			t.Errorf("%+v", got)
		}
	})
	t.Run("plain HTTP behind the port", func(t *testing.T) {
		addr, _ := barrier(t, 200)
		got := askThrough(t, &teleport.Proxy{Addr: addr}, "")
		if got.Kind != "upstream_unreachable" || got.Executed != "no" || got.Retryable {
			t.Errorf("%+v", got)
		}
	})
}
