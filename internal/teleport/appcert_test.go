// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"crypto/ecdsa"
	"errors"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

var grafana = App{Name: "grafana-mcp", URI: "mcp+http://10.0.0.5:8000/mcp", PublicAddr: "grafana-mcp.demo.example.com"}

func TestIssueAppCert(t *testing.T) {
	s := startAuth(t)
	a := s.dial()
	first := must(a.IssueAppCert(testContext(t), AppCertRequest{App: grafana}))(t)
	req := s.issued

	if first.Leaf == nil || !first.Leaf.NotAfter.Equal(a.id.Expires()) {
		t.Errorf("certificate until %v; want the login's end %v", first.Leaf.NotAfter, a.id.Expires())
	}
	if !first.PrivateKey.(*ecdsa.PrivateKey).PublicKey.Equal(first.Leaf.PublicKey) {
		t.Error("the key is not that of the certificate")
	}
	want := &wirepb.UserCertsRequest{
		Username: "alice@example.com", Expires: req.GetExpires(), RouteToCluster: "demo-cluster",
		Usage: 4, RequesterName: 4, TlsPublicKey: req.GetTlsPublicKey(),
		RouteToApp: &wirepb.RouteToApp{Name: grafana.Name, PublicAddr: grafana.PublicAddr, ClusterName: "demo-cluster", Uri: grafana.URI},
	}
	if !bytes.Equal(req.AppendWire(nil), want.AppendWire(nil)) {
		t.Errorf("request %v\nwant    %v", req, want)
	}
	second := must(a.IssueAppCert(testContext(t), AppCertRequest{App: grafana}))(t)
	if first.PrivateKey.(*ecdsa.PrivateKey).Equal(second.PrivateKey) {
		t.Error("two certificates share a key")
	}
}

func TestAppCertExpiry(t *testing.T) {
	s := startAuth(t)
	a := s.dial()
	login := a.id.Expires()
	for name, tc := range map[string]struct{ asked, want time.Time }{
		"nothing asked":  {time.Time{}, login},
		"sooner":         {login.Add(-30 * time.Minute), login.Add(-30 * time.Minute)},
		"the login's":    {login, login},
		"after it":       {login.Add(time.Second), login},
		"far in the sky": {login.Add(90 * time.Hour), login},
	} {
		if _, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana, Expires: tc.asked}); err != nil {
			t.Fatal(err)
		}
		if got := s.issued.GetExpires().AsTime(); !got.Equal(tc.want) {
			t.Errorf("%s: asked for %v; want %v", name, got, tc.want)
		}
	}
}

func TestAppCertOfALeafCluster(t *testing.T) {
	s := startAuth(t)
	app := grafana
	app.Cluster = "leaf"
	if _, err := s.dial().IssueAppCert(testContext(t), AppCertRequest{App: app}); err != nil {
		t.Fatal(err)
	}
	if s.issued.GetRouteToCluster() != "leaf" || s.issued.GetRouteToApp().GetClusterName() != "leaf" {
		t.Errorf("routed to %q, %q; want leaf", s.issued.GetRouteToCluster(), s.issued.GetRouteToApp().GetClusterName())
	}
}

func TestAppCertThatIsNotOne(t *testing.T) {
	s := startAuth(t)
	a := s.dial()
	other := must(NewKey())(t)
	for name, certs := range map[string]func(*wirepb.UserCertsRequest) (*wirepb.Certs, error){
		"empty": func(*wirepb.UserCertsRequest) (*wirepb.Certs, error) { return &wirepb.Certs{}, nil },
		"for another key": func(req *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
			req = wire.Clone(req)
			req.TlsPublicKey, _ = PublicKeyPEM(other.Public())
			return &wirepb.Certs{Tls: s.sign(req, time.Now().Add(time.Hour))}, nil
		},
	} {
		s.certs = certs
		if cert, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana}); err == nil {
			t.Errorf("%s: got %v", name, cert)
		}
	}
	s.certs = func(*wirepb.UserCertsRequest) (*wirepb.Certs, error) {
		return nil, status.Error(codes.InvalidArgument, "must provide a public key")
	}
	_, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana})
	var e *AuthError
	if !errors.As(err, &e) || e.Message != "must provide a public key" || e.Denied() {
		t.Errorf("error %v", err)
	}
}
