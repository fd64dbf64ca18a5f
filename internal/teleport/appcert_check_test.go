// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: answers to a request for an app certificate that are refused, or are of no use.

package teleport

import (
	"errors"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// A login that is over is told apart from every other refusal: by the server's
// words, and by a certificate that ends with it and so is over when it comes.
func TestAppCertOfALoginThatIsOver(t *testing.T) {
	for name, certs := range map[string]func(*authServer, *wirepb.UserCertsRequest) (*wirepb.Certs, error){
		"refused": func(*authServer, *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
			return nil, status.Error(codes.PermissionDenied, "access denied: client credentials have expired, please relogin.")
		},
		"issued all the same": func(s *authServer, req *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
			return &wirepb.Certs{Tls: s.sign(req, s.ends)}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := startAuth(t)
			s.certs = func(req *wirepb.UserCertsRequest) (*wirepb.Certs, error) { return certs(s, req) }
			s.user = &wirepb.UserV2{}
			var a *RootAuth
			for life := time.Second; ; life *= 2 { // a busy machine does not come to ask within a second
				id := s.userCA.login(time.Now().Add(life), s.hostCA)
				s.ends = id.Expires()
				a = dialAuth(t, s.addr, id)
				var late *ExpiredError
				_, err := a.User(testContext(t)) // the connection stays open
				if err == nil {
					break
				}
				if !errors.As(err, &late) || life > time.Minute {
					t.Fatal(err)
				}
			}
			<-time.After(time.Until(s.ends))
			cert, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana})
			var over *ExpiredError
			if cert != nil || !errors.As(err, &over) || !over.Expires.Equal(s.ends) {
				t.Errorf("got %v, %v; want *ExpiredError", cert, err)
			}
		})
	}
}

// What comes back is looked at before it is used.
func TestAppCertForSomethingElse(t *testing.T) {
	s := startAuth(t)
	a := s.dial()
	for name, change := range map[string]func(req *wirepb.UserCertsRequest, end *time.Time){
		"another user":       func(req *wirepb.UserCertsRequest, _ *time.Time) { req.Username = "mallory" },
		"another app":        func(req *wirepb.UserCertsRequest, _ *time.Time) { req.RouteToApp.Name = "payroll" },
		"another address":    func(req *wirepb.UserCertsRequest, _ *time.Time) { req.RouteToApp.PublicAddr = "payroll.example.com" },
		"another cluster":    func(req *wirepb.UserCertsRequest, _ *time.Time) { req.RouteToApp.ClusterName = "east" },
		"a time that is up":  func(_ *wirepb.UserCertsRequest, end *time.Time) { *end = time.Now().Add(-time.Second) },
		"no app, as a login": func(req *wirepb.UserCertsRequest, _ *time.Time) { req.RouteToApp = nil },
	} {
		s.certs = func(req *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
			req = wire.Clone(req)
			end := req.GetExpires().AsTime()
			change(req, &end)
			return &wirepb.Certs{Tls: s.sign(req, end)}, nil
		}
		cert, err := a.IssueAppCert(testContext(t), AppCertRequest{App: grafana})
		var (
			wrong *WrongCertError
			over  *ExpiredError
		)
		if cert != nil || !errors.As(err, &wrong) || errors.As(err, &over) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got %v, %v; want *WrongCertError", name, cert, err)
		}
	}
}
