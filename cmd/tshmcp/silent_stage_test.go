// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a machine that is there and falls silent at a step of the way to a cluster.

package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/logintest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// The steps at which it falls silent.
const (
	silentHello      = "TLS hello"
	silentConnect    = "CONNECT"
	silentTunnel     = "TLS behind CONNECT"
	silentProxyHello = "TLS of the network's proxy"
	silentSOCKS      = "SOCKS greeting"
	silentSOCKSReply = "SOCKS reply"
	silentHead       = "HTTP head"
	silentBody       = "HTTP body"
	silentGreeting   = "HTTP/2 greeting"
	silentHeaders    = "gRPC headers"
	silentMessage    = "gRPC message"
)

// mute is the machine. It must be asked for its address as the way to a cluster wants
// it: as the cluster's, or as the network's proxy.
type mute struct {
	step    string
	addr    string
	cluster string
	ca      []byte
	pair    tls.Certificate
	end     chan struct{}
	wg      sync.WaitGroup

	mu    sync.Mutex
	conns []net.Conn
}

// startMute starts it for a cluster of that name.
func startMute(t *testing.T, step, cluster string) *mute {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mute{step: step, addr: l.Addr().String(), cluster: cluster, end: make(chan struct{})}
	m.certify(t)
	srv := &http.Server{Handler: m, ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0), TLSConfig: m.tls()}
	m.wg.Go(func() {
		if slices.Contains([]string{silentHead, silentBody, silentHeaders, silentMessage}, step) {
			_ = srv.ServeTLS(l, "", "")
			return
		}
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			m.mu.Lock()
			m.conns = append(m.conns, conn)
			m.mu.Unlock()
			m.wg.Go(func() { m.greet(conn) })
		}
	})
	t.Cleanup(func() {
		close(m.end)
		l.Close()
		srv.Close()
		m.mu.Lock()
		for _, c := range m.conns {
			c.Close()
		}
		m.mu.Unlock()
		m.wg.Wait()
	})
	return m
}

// certify makes its certificate, which is one for the web and for the auth service.
func (m *mute) certify(t *testing.T) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	one := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: m.cluster, Organization: []string{m.cluster}},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{hex.EncodeToString([]byte(m.cluster)) + ".teleport.cluster.local"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, one, one, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	m.pair = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	m.ca = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (m *mute) tls() *tls.Config {
	return &tls.Config{
		Certificates: []tls.Certificate{m.pair}, ClientAuth: tls.RequestClientCert,
		GetConfigForClient: func(hello *tls.ClientHelloInfo) (*tls.Config, error) {
			cfg := &tls.Config{Certificates: []tls.Certificate{m.pair}, ClientAuth: tls.RequestClientCert, NextProtos: []string{"teleport-reversetunnel", "http/1.1"}}
			if slices.Contains(hello.SupportedProtos, "h2") {
				cfg.NextProtos = []string{"h2"}
			}
			return cfg, nil
		},
	}
}

// greet says what comes before the step, on a connection that is no HTTP.
func (m *mute) greet(conn net.Conn) {
	switch m.step {
	case silentHello:
		_, _ = conn.Read(make([]byte, 1))
	case silentConnect, silentSOCKS:
		_, _ = conn.Read(make([]byte, 1<<10))
	case silentTunnel:
		_, _ = conn.Read(make([]byte, 1<<10))
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
	case silentSOCKSReply:
		_, _ = conn.Read(make([]byte, 1<<10))
		_, _ = conn.Write([]byte{5, 0})
	case silentGreeting:
		_ = tls.Server(conn, m.tls()).Handshake()
	}
	_, _ = io.Copy(io.Discard, conn)
}

func (m *mute) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch grpc := strings.HasPrefix(r.Header.Get("Content-Type"), "application/grpc"); {
	case m.step == silentBody:
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"cluster_name":`)
		_ = http.NewResponseController(w).Flush()
	case m.step == silentMessage && grpc:
		w.Header().Set("Content-Type", "application/grpc")
		_ = http.NewResponseController(w).Flush()
	}
	<-m.end // whatever its client does
}

// settings is what leads to it: the address of the cluster, and variables.
func (m *mute) settings() (proxy string, environ []string) {
	const far = "teleport.example.test:443"
	switch m.step {
	case silentConnect, silentTunnel:
		return far, []string{"HTTPS_PROXY=http://" + m.addr}
	case silentProxyHello:
		return far, []string{"HTTPS_PROXY=https://" + m.addr}
	case silentSOCKS, silentSOCKSReply:
		return far, []string{"HTTPS_PROXY=" + (&url.URL{Scheme: "socks5h", Host: m.addr}).String()}
	}
	return m.addr, nil
}

// keepLogin leaves a login in the state folder that leads to it.
func (m *mute) keepLogin(ctx context.Context, t *testing.T, cluster *testcluster.Cluster, state string) {
	t.Helper()
	profile, pair, err := logintest.Issue(cluster, demo.Users()[0].Name, time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	profile.Proxy, _ = m.settings()
	profile.HostCAs, profile.WebCA = []string{string(m.ca)}, string(m.ca)
	if err := (&creds.Store{Dir: state}).SaveLogin(ctx, profile, pair); err != nil {
		t.Fatal(err)
	}
}
