// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the states and times of recorded apps.

package testcluster

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// pass makes a cluster believe that d has passed, where it counts time by when
// something was: for idle connections to the app service and for deleted apps.
func pass(c *Cluster, d time.Duration) {
	c.sessions.mu.Lock()
	for _, sess := range c.sessions.byID {
		for _, link := range sess.links {
			link.idle = link.idle.Add(-d)
		}
	}
	c.sessions.mu.Unlock()
	c.registry.mu.Lock()
	defer c.registry.mu.Unlock()
	for addr, gone := range c.registry.gone {
		gone.at = gone.at.Add(-d)
		c.registry.gone[addr] = gone
	}
}

var inSeconds = regexp.MustCompile(`(\d+) s\b`)

// seconds returns the first time that a text names.
func seconds(t *testing.T, text string) time.Duration {
	t.Helper()
	m := inSeconds.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("%q names no time", text)
	}
	n, _ := strconv.Atoi(m[1])
	return time.Duration(n) * time.Second
}

// newConnection sends the request over a connection of its own.
func (r *webRig) newConnection(t *testing.T, e recorded) {
	r.client(t, r.uses[e.Name]).CloseIdleConnections()
	r.once(t, e)
}

func (r *webRig) sessionDeleted(t *testing.T, e recorded) {
	r.KillSession(r.client(t, r.uses[e.Name]).session)
	r.once(t, e)
}

// then sends the request of an entry once more and compares a later answer. What
// is 200 is answered by the app.
func (r *webRig) then(t *testing.T, e recorded, want recordedAnswer) {
	t.Helper()
	step := e
	step.Upstream = &recordedUpstream{}
	if want.Status == http.StatusOK {
		step.Upstream = &recordedUpstream{Calls: 1, Answers: &want}
	}
	r.app.play(step)
	wantRecorded(t, want, r.ask(t, r.client(t, r.uses[e.Name]).Client, e), true, r.words)
	r.app.check(t, step)
}

func (r *webRig) appDeleted(t *testing.T, e recorded) {
	r.DeleteApp(r.uses[e.Name].app)
	var now time.Duration
	for _, want := range e.Then {
		at := seconds(t, want.Step)
		pass(r.Cluster, at-now)
		now = at
		r.then(t, e, want)
	}
}

// open asks for a stream that is held, and reads the first events of it.
func (r *webRig) open(t *testing.T, e recorded, stream *heldStream) *http.Response {
	t.Helper()
	r.app.playBy(stream.serve)
	resp := r.ask(t, r.client(t, r.uses[e.Name]).Client, e)
	first := strings.Join(stream.parts[:stream.first], "")
	got := make([]byte, len(first))
	if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != first {
		t.Fatalf("stream begins with %q, %v", got, err)
	}
	resp.Body = readBack{io.MultiReader(strings.NewReader(first), resp.Body), resp.Body}
	return resp
}

// readBack is a body of which something was read already.
type readBack struct {
	io.Reader
	io.Closer
}

// expired also opens the stream that goes on behind the end of the certificate.
func (r *webRig) expired(t *testing.T, e recorded) {
	r.held = &heldStream{parts: strings.SplitAfter("data: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\ndata: end\n\n", "\n\n"), first: 2, ends: true, goOn: make(chan struct{})}
	r.stream = r.open(r.t, e, r.held)
	r.then(t, e, e.Then[0])
	end := r.identityOf(t, r.client(t, r.uses[e.Name])).Expires
	<-time.After(time.Until(end.Add(r.cfg.AppTimes.Expired)))
	r.then(t, e, e.Then[1])
}

func (r *webRig) expiredNewConnection(t *testing.T, e recorded) {
	client := r.client(t, r.uses[e.Name])
	client.CloseIdleConnections()
	resp, err := client.Get(r.URL() + e.Request.Path)
	if err == nil {
		resp.Body.Close()
		t.Fatalf("status = %d", resp.StatusCode)
	}
	if !strings.HasSuffix(err.Error(), e.Response.Error) {
		t.Errorf("error = %v, want %s", err, e.Response.Error)
	}
}

func (r *webRig) expiredStream(t *testing.T, e recorded) {
	close(r.held.goOn)
	wantRecorded(t, *e.Response, r.stream, true, r.words)
}

// idle has a cluster that closes idle connections soon.
func (r *webRig) idle(t *testing.T, e recorded) {
	if got, want := r.cfg.AppTimes.ClientIdle, seconds(t, e.Response.End); got != want {
		t.Errorf("idle connections live %v, want %v", got, want)
	}
	r = startWebRig(t, func(cfg *Config) { cfg.AppTimes.ClientIdle = 50 * time.Millisecond })
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(r.WebCA())
	conn, err := tls.Dial("tcp", r.Addr(), &tls.Config{
		RootCAs: roots, Certificates: []tls.Certificate{*r.client(t, webUse{}).cert}, NextProtos: []string{alpnHTTP1},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(limit))
	r.app.playBy(hello)
	io.WriteString(conn, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
	reader := bufio.NewReader(conn)
	resp, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	if body := readAll(t, resp); resp.StatusCode != 200 || body != "hello" {
		t.Errorf("answer = %d %q", resp.StatusCode, body)
	}
	if b, err := reader.ReadByte(); err != io.EOF {
		t.Errorf("the idle connection reads %q, %v", b, err)
	}
}

func (r *webRig) idleStream(t *testing.T, e recorded) {
	r.SetStreamIdleTimeout(200 * time.Millisecond)
	defer r.SetStreamIdleTimeout(0)
	wantRecorded(t, *e.Response, r.open(t, e, holding(t, e, 3, false)), true, r.words)
	r.then(t, e, e.Then[0])
}

func (r *webRig) disconnected(t *testing.T, e recorded) {
	r = startWebRig(t, func(cfg *Config) { cfg.AppTimes.Expired = limit }) // nothing is noticed before the next request
	r.SetEndStreamsAtExpiry(true)
	wantRecorded(t, *e.Response, r.open(t, e, holding(t, e, 4, false)), true, r.words)
	r.then(t, e, e.Then[0])
}

func (r *webRig) lockedStream(t *testing.T, e recorded) {
	resp := r.open(t, e, holding(t, e, 2, false))
	r.LockUser("dave")
	wantRecorded(t, *e.Response, resp, true, r.words)
	r.then(t, e, e.Then[0])
}

func (r *webRig) lockedIssue(t *testing.T, e recorded) {
	g := &grpcRig{rig: r.rig, logins: map[string]tls.Certificate{}, kept: map[string]*grpc.ClientConn{}}
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	pub, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	err = g.conn(t, grpcCaller{user: "dave", new: true}).Invoke(ctx, "/proto.AuthService/GenerateUserCerts", &wirepb.UserCertsRequest{
		Username: "dave", Expires: wire.NewTimestamp(time.Now().Add(time.Hour)), Usage: wirepb.CertUsage_CERT_USAGE_APP,
		TlsPublicKey: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pub}),
		RouteToApp:   &wirepb.RouteToApp{Name: "web", PublicAddr: "web.cluster.example", ClusterName: r.Name()},
	}, &wirepb.Certs{})
	g.wantStatus(t, e, err)
}

func (r *webRig) unlocked(t *testing.T, e recorded) {
	r.UnlockUser("dave")
	r.once(t, e)
}

func (r *webRig) roleLost(t *testing.T, e recorded) {
	stream := holding(t, e, 2, true)
	resp := r.open(t, e, stream)
	r.SetRole(Role{Name: "rig-notools", AllowAppLabels: map[string][]string{"env": {"other"}}})
	close(stream.goOn)
	wantRecorded(t, *e.Response, resp, true, r.words)
	r.then(t, e, e.Then[0])
}

func (r *webRig) roleBack(t *testing.T, e recorded) {
	r.SetRole(Role{Name: "rig-notools", AllowAppLabels: map[string][]string{"env": {"rig"}}})
	r.once(t, e)
}
