// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: clients that share no code with the cluster.

package testcluster_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"github.com/tshmcp/tshmcp/internal/grpctest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// The clients of these tests share no code with the cluster: the names below
// are written out, not derived.
const (
	clusterName = "rig-cluster"
	authServer  = "7269672d636c7573746572.teleport.cluster.local"
	authALPN    = "teleport-auth@" + authServer
)

// start starts a cluster with a user alice (roles access and editor) and a
// user bob without any, and changes to it.
func start(t *testing.T, change ...func(*testcluster.Config)) *testcluster.Cluster {
	t.Helper()
	cfg := testcluster.Config{
		Name: clusterName,
		Users: []testcluster.User{
			{Name: "alice", Roles: []string{"access", "editor"}, Traits: map[string][]string{"team": {"dev"}, "logins": {"root", "ubuntu"}}},
			{Name: "bob"},
		},
		Roles: []testcluster.Role{
			{Name: "access", AllowAppLabels: map[string][]string{"env": {"dev"}}, AllowTools: []string{"get_*"}},
			{Name: "editor", DenyTools: []string{"^delete_.*$"}},
		},
	}
	for _, f := range change {
		f(&cfg)
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	return cluster
}

// issue returns a login certificate and the pool with the host CA.
func issue(t *testing.T, cluster *testcluster.Cluster, user string, ttl time.Duration) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, cert, hostCA, err := cluster.Issue(user, ttl)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair, poolOf(t, hostCA)
}

func poolOf(t *testing.T, ca []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(ca) {
		t.Fatal("no certificate in the PEM")
	}
	return pool
}

// webConfig is the TLS of a client of the web port.
func webConfig(t *testing.T, cluster *testcluster.Cluster) *tls.Config {
	return &tls.Config{RootCAs: poolOf(t, cluster.WebCA()), ServerName: "127.0.0.1"}
}

// always sends a certificate whatever the server says it wants.
func always(cert tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &cert, nil }
}

// webClient is a client of the web port that follows no redirects.
func webClient(t *testing.T, config *tls.Config) *http.Client {
	transport := &http.Transport{TLSClientConfig: config}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// answer is a response whose body has been read.
type answer struct {
	*http.Response
	body string
}

func do(t *testing.T, client *http.Client, method, url string, body any) answer {
	t.Helper()
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		reader = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	return send(t, client, request)
}

func send(t *testing.T, client *http.Client, request *http.Request) answer {
	t.Helper()
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response, string(data)}
}

// authConfig is the TLS of a client of the auth service, without "h2", which
// gRPC adds.
func authConfig(cert tls.Certificate, hostCA *x509.CertPool) *tls.Config {
	return &tls.Config{
		RootCAs:              hostCA,
		ServerName:           authServer,
		NextProtos:           []string{authALPN},
		GetClientCertificate: always(cert),
	}
}

// dialAuth returns a gRPC connection to the auth service.
func dialAuth(t *testing.T, cluster *testcluster.Cluster, config *tls.Config) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///auth",
		grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", cluster.Addr())
		}),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(grpctest.Codec{})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// dialAs returns a gRPC connection with a login certificate of an hour.
func dialAs(t *testing.T, cluster *testcluster.Cluster, user string) *grpc.ClientConn {
	t.Helper()
	return dialAuth(t, cluster, authConfig(issue(t, cluster, user, time.Hour)))
}

// call makes a unary call that must succeed.
func call[T any, A interface {
	*T
	wire.Message
}](t *testing.T, conn *grpc.ClientConn, method string, request wire.Message) A {
	t.Helper()
	response := A(new(T))
	if err := conn.Invoke(t.Context(), method, request, response); err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	return response
}

// handshake dials the proxy, completes a TLS handshake and reads until the
// server says something, which it does only to complain.
func handshake(t *testing.T, cluster *testcluster.Cluster, config *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	raw, err := net.Dial("tcp", cluster.Addr())
	if err != nil {
		t.Fatal(err)
	}
	conn := tls.Client(raw, config)
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		return tls.ConnectionState{}, err
	}
	return conn.ConnectionState(), nil
}

// complaint is what the server of a completed handshake says first.
func complaint(t *testing.T, cluster *testcluster.Cluster, config *tls.Config) error {
	t.Helper()
	conn, err := tls.Dial("tcp", cluster.Addr(), config)
	if err != nil {
		t.Fatalf("handshake: %v", err)
	}
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	_, err = conn.Read(make([]byte, 1))
	return err
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("error %v, want %q", err, text)
	}
}

func wantEOF(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, io.EOF) {
		t.Errorf("error %v, want EOF", err)
	}
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// publicPEM is the form in which a client sends its public key.
func publicPEM(t *testing.T, pub any) []byte {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
}

func parseCert(t *testing.T, data []byte) *x509.Certificate {
	t.Helper()
	block, rest := pem.Decode(data)
	if block == nil || block.Type != "CERTIFICATE" || len(rest) > 0 {
		t.Fatalf("not one certificate in PEM: %q", data)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// attribute returns the value of an attribute of a subject, "" if it is absent.
func attribute(t *testing.T, cert *x509.Certificate, oid string) string {
	t.Helper()
	for _, attr := range cert.Subject.Names {
		if attr.Type.String() == oid {
			return attr.Value.(string)
		}
	}
	return ""
}

// about reports whether two times are the same to a few seconds.
func about(a, b time.Time) bool { return a.Sub(b).Abs() < 5*time.Second }
