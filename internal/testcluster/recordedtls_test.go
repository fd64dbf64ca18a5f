// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: tls.json, handshakes on the proxy's port.

package testcluster

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// tlsExtra is what a recorded handshake showed.
type tlsExtra struct {
	Asked       bool   `json:"client_certificate_asked"`
	Handshake   string `json:"handshake"` // "ok" or the client's error
	Negotiated  string `json:"negotiated"`
	Certificate string `json:"server_certificate"`
	Version     string `json:"version"`
	Read        string `json:"read"`
	ReadError   string `json:"read_error"`
}

type tlsRequest struct {
	ALPN       string `json:"alpn"`
	ServerName string `json:"server_name"`
	Sends      string `json:"then_sends"`
}

// TestRecordedTLS replays handshakes on the proxy's port: of 18.0 and, where the
// recorded server knew more, of the newest.
func TestRecordedTLS(t *testing.T) {
	rigs := map[string]*tlsRig{"R": startTLSRig(t, "18.0.0"), "G": startTLSRig(t, NewestVersion)}
	replayFile(t, "tls.json", nil, func(t *testing.T, e recorded) {
		r := rigs[e.Mark]
		var want tlsExtra
		if err := json.Unmarshal(e.Extra, &want); err != nil {
			t.Fatal(err)
		}
		got := r.handshake(t, e)
		for _, field := range []struct{ name, got, want string }{
			{"handshake", got.Handshake, want.Handshake},
			{"negotiated", got.Negotiated, want.Negotiated},
			{"certificate", got.Certificate, want.Certificate},
			{"version", got.Version, want.Version},
			{"read", got.Read, want.Read},
			{"read error", got.ReadError, want.ReadError},
		} {
			if !matchText(field.want, field.got, r.words) {
				t.Errorf("%s: %q, want %q", field.name, field.got, field.want)
			}
		}
		if got.Asked != want.Asked {
			t.Errorf("asked for a certificate: %v, want %v", got.Asked, want.Asked)
		}
	})
}

type tlsRig struct{ *rig }

func startTLSRig(t *testing.T, version string) *tlsRig {
	t.Helper()
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") })
	r := &tlsRig{rig: startRig(t, hello, func(cfg *Config) {
		cfg.Version, cfg.NoWebUI = version, true
		cfg.WebNames = []string{
			"mcpdemo.cluster.example", "echoplain.cluster.example", "deadapp.cluster.example", "hidden.cluster.example", "*.localhost",
		}
	})}
	r.words = strings.NewReplacer(".cluster.example", ".cluster.example", "cluster.example", rpID)
	return r
}

// TestTLSBeforeRawApps holds that a proxy that is too old for raw apps hangs up.
func TestTLSBeforeRawApps(t *testing.T) {
	for version, want := range map[string]string{"18.0.0": "EOF", "18.1.0": ""} {
		c := startTLSRig(t, version)
		_, err := tryRaw(t, c.Cluster, &tls.Certificate{})
		if got := fmt.Sprint(err); got != want && !(err == nil && want == "") {
			t.Errorf("%s: %v, want %q", version, err, want)
		}
	}
}

// handshake makes a recorded handshake, sends what was sent then and reads.
func (r *tlsRig) handshake(t *testing.T, e recorded) (got tlsExtra) {
	var req tlsRequest
	if err := json.Unmarshal(e.Request.Body, &req); err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{RootCAs: r.roots(t, e, req), MinVersion: tls.VersionTLS10, ServerName: r.serverName(req.ServerName)}
	if list := strings.Trim(req.ALPN, "[]"); list != req.ALPN {
		config.NextProtos = strings.Split(list, ", ")
	}
	cert := r.clientCert(t, e)
	config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		got.Asked = true
		return &cert, nil
	}
	switch {
	case strings.Contains(e.Given, "TLS 1.2"):
		config.MaxVersion = tls.VersionTLS12
	case strings.Contains(e.Given, "TLS 1.1"):
		config.MaxVersion = tls.VersionTLS11
	}
	raw, err := net.Dial("tcp", r.Addr())
	if err != nil {
		t.Fatal(err)
	}
	conn := tls.Client(raw, config)
	defer conn.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := conn.HandshakeContext(ctx); err != nil {
		return tlsExtra{Handshake: err.Error()}
	}
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	state := conn.ConnectionState()
	got.Handshake, got.Negotiated, got.Version = "ok", state.NegotiatedProtocol, tls.VersionName(state.Version)
	got.Certificate = r.certificateWords(state.PeerCertificates[0])
	if req.Sends != "" {
		got.Read, got.ReadError = sendAndRead(conn, req.Sends)
	}
	return got
}

// serverName maps a recorded name: the proxy is localhost here as it was there.
func (r *tlsRig) serverName(name string) string {
	switch name {
	case "cluster.example":
		return rpID
	case "web.cluster.example":
		return "web." + rpID
	}
	return name
}

func (r *tlsRig) roots(t *testing.T, e recorded, req tlsRequest) *x509.CertPool {
	web := x509.NewCertPool()
	if !web.AppendCertsFromPEM(r.WebCA()) {
		t.Fatal("no web CA")
	}
	host := r.host.ca().pool()
	switch {
	case strings.Contains(e.Given, "the host CA alone"):
		return host
	case strings.HasPrefix(e.Name, "auth-") && e.Name != "auth-web-roots" && e.Name != "auth-second":
		return host
	}
	return web
}

// clientCert is the certificate that the given words mean.
func (r *tlsRig) clientCert(t *testing.T, e recorded) tls.Certificate {
	t.Helper()
	given := strings.ToLower(e.Given)
	if e.Name == "foreign-cert-tls12" || e.Name == "expired-cert-tls12" {
		given = map[string]string{"foreign-cert-tls12": "unknown ca", "expired-cert-tls12": "expired app"}[e.Name]
	}
	if strings.Contains(given, "no client certificate") {
		return tls.Certificate{}
	}
	user, _ := r.user("bob")
	id := r.loginIdentity(user, time.Now().Add(time.Hour))
	if strings.Contains(given, "expired") {
		id.Expires = time.Now().Add(-time.Minute)
	}
	if strings.Contains(given, "app certificate") || strings.Contains(given, "expired") || given == "the same" {
		name := "web"
		if e.Mark == "G" && !strings.Contains(given, "web") {
			name = "mcp1"
		}
		id.Usage, id.AppName, id.AppPublicAddr, id.AppCluster = []string{usageApps}, name, name+".cluster.example", r.Name()
		id.SessionID = r.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	}
	by := r.issuer
	if strings.Contains(given, "unknown ca") {
		by = &issuer{userCA: must(newAuthority("other"))}
	}
	key := must(newKey())
	return keyPair(t, must(by.issueUserCert(id, key.Public())), key)
}

// certificateWords describes a server's certificate as the recordings do.
func (r *tlsRig) certificateWords(cert *x509.Certificate) string {
	if bytes.Equal(cert.Raw, r.webTLS.Certificates[0].Certificate[0]) {
		return "the web certificate"
	}
	return cert.Subject.String() + ", DNS " + strings.Join(cert.DNSNames, " ")
}

// sendAndRead sends the first line of a request and shows what comes back: the
// status line and the body of an HTTP answer, or how the connection ended.
func sendAndRead(conn *tls.Conn, line string) (read, readError string) {
	if !strings.HasPrefix(line, "GET") {
		_, _ = io.WriteString(conn, line)
		data := make([]byte, 1)
		return endOf(conn.Read(data))
	}
	_, _ = io.WriteString(conn, line+"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
	data, err := io.ReadAll(conn)
	if err != nil {
		return endOf(len(data), err)
	}
	head, body, _ := strings.Cut(string(data), "\r\n\r\n")
	status, _, _ := strings.Cut(head, "\r\n")
	return status + " ... " + strings.TrimSuffix(body, "\n"), ""
}

func endOf(n int, err error) (read, readError string) {
	switch {
	case n > 0:
		return "something", ""
	case errors.Is(err, io.EOF):
		return "EOF", ""
	}
	return `""`, err.Error()
}
