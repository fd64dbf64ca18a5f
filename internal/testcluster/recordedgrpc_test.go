// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: grpc.json, calls to the auth service.

package testcluster

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/grpctest"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
	"github.com/tshmcp/tshmcp/internal/wiretest"
)

// TestRecordedGRPC replays the calls to the auth service. What was recorded with
// the apps of newer releases meets a cluster of such a release.
func TestRecordedGRPC(t *testing.T) {
	t.Parallel() // it waits
	rigs := map[string]*grpcRig{"R": newGRPCRig(t, "18.0.0"), "G": newGRPCRig(t, "18.3.0")}
	replayFile(t, "grpc.json", nil, func(t *testing.T, e recorded) {
		r := rigs[e.Mark]
		if prepare := grpcStates[e.Name]; prepare != nil {
			prepare(t, r)
		}
		if e.Request.Method == http.MethodGet {
			r.getApp(t, e)
			return
		}
		r.call(t, e)
	})
}

// grpcRig is the recorded cluster with its leaf, and its users' logins.
type grpcRig struct {
	*rig
	logins map[string]tls.Certificate
	kept   map[string]*grpc.ClientConn // connections by user
	issued tls.Certificate             // the last app certificate
}

const rigLeaf = "rig-leaf"

func newGRPCRig(t *testing.T, version string) *grpcRig {
	answer := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, "<answer of the app>")
	})
	r := &grpcRig{
		rig: startRig(t, answer, func(cfg *Config) {
			cfg.Version = version
			for i := range cfg.Apps {
				app := &cfg.Apps[i]
				switch app.Name {
				case "deadapp":
					app.Description = "nothing listens there"
				case "mcpdemo": // of the unmodified server: an ordinary app
					app.URI = "http://127.0.0.1:1"
				}
			}
			cfg.Leaves = []Leaf{rigLeafConfig(cfg.Apps[0].URI)}
		}),
		logins: map[string]tls.Certificate{}, kept: map[string]*grpc.ClientConn{},
	}
	r.words = strings.NewReplacer(
		"leaf.example:<port>", "proxy."+rigLeaf+".test:443", "leafmcp.cluster.example", "leafmcp.cluster.example",
		"cluster.example:<port>", r.Addr(), "18.0.0", version)
	t.Cleanup(func() {
		for _, conn := range r.kept {
			conn.Close()
		}
	})
	r.DeleteApp("webgone")
	r.SetLeafOnline(rigLeaf, false)
	r.SetLeafReachable(rigLeaf, false)
	return r
}

func rigLeafConfig(uri string) Leaf {
	return Leaf{
		Name:    rigLeaf,
		Roles:   []Role{{Name: "leaf-apps", AllowAppLabels: map[string][]string{"env": {"rig"}}}},
		RoleMap: []RoleMapping{{Remote: "rig-user", Local: []string{"leaf-apps"}}},
		Apps: []App{{
			Name: "leafmcp", Description: "mcp server in the leaf cluster", URI: uri, PublicAddr: "leafmcp.cluster.example",
			Labels:  map[string]string{"env": "rig", "teleport.dev/origin": "config-file"},
			Rewrite: []Header{{"Authorization", "Bearer {{internal.jwt}}"}},
		}},
	}
}

// grpcStates are what entries are given that differs from the state before.
var grpcStates = map[string]func(*testing.T, *grpcRig){
	"short-login-before-end": func(t *testing.T, r *grpcRig) {
		r.logins["erin"] = r.login(t, r.issuer, "erin", 8*time.Second) // for the calls up to its end, on a busy machine
		if old := r.kept["erin"]; old != nil {
			old.Close()
		}
		delete(r.kept, "erin")
	},
	"locked-ping":           func(_ *testing.T, r *grpcRig) { r.LockUser("erin") },
	"unlocked-list":         func(_ *testing.T, r *grpcRig) { r.UnlockUser("erin") },
	"short-login-after-end": func(_ *testing.T, r *grpcRig) { <-time.After(time.Until(r.logins["erin"].Leaf.NotAfter)) },
	"certs-leaf-route": func(_ *testing.T, r *grpcRig) {
		r.SetLeafOnline(rigLeaf, true)
		r.SetLeafReachable(rigLeaf, true)
	},
}

// grpcCaller is who calls, and how; the zero value is bob on the connection that
// is kept for him.
type grpcCaller struct {
	user     string
	new      bool   // on a connection of its own
	cert     string // in place of the login: "app", "foreign" or "none"
	leaf     bool   // the leaf's auth service
	sni      string // cluster that SNI names, in place of the root
	rootOnly bool   // trusts no host CA but the root's
}

func callerOf(e recorded) grpcCaller {
	c := grpcCaller{user: "bob"}
	for _, user := range []string{"carol", "erin"} {
		if strings.HasPrefix(e.Given, user) || strings.HasSuffix(e.Given, user) {
			c.user = user
		}
	}
	if strings.HasPrefix(e.Name, "locked-") || strings.HasPrefix(e.Name, "unlocked-") || strings.HasPrefix(e.Name, "short-login-") {
		c.user = "erin"
	}
	c.new = strings.HasPrefix(e.Name, "ping-version") || strings.HasSuffix(e.Name, "-new-connection")
	c.leaf = strings.HasPrefix(e.Name, "leaf-") || e.Name == "certs-asked-at-leaf"
	switch e.Name {
	case "app-cert-as-login", "foreign-cert-as-login", "no-cert":
		c.new, c.cert = true, strings.TrimSuffix(strings.TrimSuffix(e.Name, "-cert-as-login"), "-cert")
		c.cert = strings.Replace(c.cert, "no", "none", 1)
	case "leaf-ping-sni-leaf":
		c.sni = rigLeaf
	case "leaf-ping-root-ca":
		c.rootOnly = true
	}
	return c
}

// conn returns a connection to the auth service.
func (r *grpcRig) conn(t *testing.T, c grpcCaller) *grpc.ClientConn {
	t.Helper()
	if conn := r.kept[c.user]; conn != nil && !c.new && !c.leaf {
		return conn
	}
	config := &tls.Config{
		ServerName: serverName(firstOf(c.sni, r.Name())), RootCAs: r.host.ca().pool(),
		NextProtos: []string{authProtocol(r.Name()), alpnHTTP2},
	}
	if c.leaf {
		config.NextProtos[0] = authProtocol(rigLeaf)
	}
	if c.leaf && !c.rootOnly {
		config.RootCAs.AddCert(r.leaves.find(rigLeaf).host.ca().cert)
	}
	if cert := r.cert(t, c); c.cert != "none" {
		config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
	}
	conn, err := grpc.NewClient("passthrough:///"+r.Addr(), grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(grpctest.Codec{})))
	if err != nil {
		t.Fatal(err)
	}
	if c.new || c.leaf {
		t.Cleanup(func() { conn.Close() })
		return conn
	}
	r.kept[c.user] = conn
	return conn
}

func (r *grpcRig) cert(t *testing.T, c grpcCaller) tls.Certificate {
	switch c.cert {
	case "app":
		return r.issued
	case "foreign":
		other, err := newAuthority("other")
		if err != nil {
			t.Fatal(err)
		}
		return r.login(t, &issuer{userCA: other}, c.user, time.Hour)
	}
	if _, ok := r.logins[c.user]; !ok {
		r.logins[c.user] = r.login(t, r.issuer, c.user, 11*time.Hour)
	}
	return r.logins[c.user]
}

// login makes the certificate of a local login, signed by the user CA of by.
func (r *grpcRig) login(t *testing.T, by *issuer, user string, ttl time.Duration) tls.Certificate {
	t.Helper()
	account, _ := r.user(user)
	id := r.loginIdentity(account, time.Now().Add(ttl))
	id.UserType, id.LoginIP = "local", "127.0.0.1"
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	text, err := by.issueUserCert(id, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return keyPair(t, text, key)
}

func keyPair(t *testing.T, text []byte, key any) tls.Certificate {
	t.Helper()
	block, _ := pem.Decode(text)
	if block == nil {
		t.Fatalf("no PEM: %q", text)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

// call makes a recorded call and compares what comes back.
func (r *grpcRig) call(t *testing.T, e recorded) {
	caller := callerOf(e)
	conn := r.conn(t, caller)
	in, out := messagesOf(t, e.Request.Path)
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	r.fillRequest(t, e, caller, key, in)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for name, value := range e.Request.Headers {
		ctx = metadata.AppendToOutgoingContext(ctx, name, value)
	}
	var header, trailer metadata.MD
	var answers []wire.Message
	if strings.HasSuffix(e.Request.Method, "stream") {
		answers, err = receiveAll(ctx, conn, e.Request.Path, in, out)
	} else if err = conn.Invoke(ctx, e.Request.Path, in, out, grpc.Header(&header), grpc.Trailer(&trailer)); err == nil {
		answers = []wire.Message{out}
	}
	r.wantStatus(t, e, err)
	if len(e.Response.Headers) > 0 {
		r.wantMetadata(t, e, header, trailer)
	}
	if len(e.Response.Body) > 0 && err == nil {
		r.wantMessages(t, e, answers)
	}
	if certs, ok := out.(*wirepb.Certs); ok && err == nil {
		r.issued = keyPair(t, certs.GetTls(), key)
		r.wantCertificate(t, e, caller)
	}
}

func receiveAll(ctx context.Context, conn *grpc.ClientConn, method string, in, out wire.Message) ([]wire.Message, error) {
	stream, err := conn.NewStream(ctx, &grpc.StreamDesc{ServerStreams: true}, method)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(stream.SendMsg(in), stream.CloseSend()); err != nil {
		return nil, err
	}
	var all []wire.Message
	for {
		message := wiretest.New(out)
		if err := stream.RecvMsg(message); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, err
		}
		all = append(all, message)
	}
}

func (r *grpcRig) wantStatus(t *testing.T, e recorded, err error) {
	t.Helper()
	got := status.Convert(err)
	if got.Code().String() != e.Response.Code || !matchText(e.Response.Message, got.Message(), r.words) {
		t.Fatalf("status %s %q, want %s %q", got.Code(), got.Message(), e.Response.Code, e.Response.Message)
	}
}

func (r *grpcRig) wantMetadata(t *testing.T, e recorded, header, trailer metadata.MD) {
	t.Helper()
	for name, want := range e.Response.Headers {
		got := strings.Join(header.Get(name), ", ")
		if name == "trailer" {
			data, err := json.Marshal(trailer)
			if err != nil {
				t.Fatal(err)
			}
			got, want = string(data), strings.ReplaceAll(want, ": ", ":")
		}
		if !matchText(want, got, r.words) {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
}

// getApp sends a request to the app of the last certificate.
func (r *grpcRig) getApp(t *testing.T, e recorded) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(r.WebCA())
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{
		RootCAs: roots, Certificates: []tls.Certificate{r.issued}, NextProtos: []string{alpnHTTP1},
	}}}
	defer client.CloseIdleConnections()
	resp, err := client.Get(r.URL() + e.Request.Path)
	if err != nil {
		t.Fatal(err)
	}
	want := *e.Response
	want.Layout = "of the app"
	wantRecorded(t, want, resp, true, r.words)
}
