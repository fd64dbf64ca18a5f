// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

const generateUserCerts = "/proto.AuthService/GenerateUserCerts"

// certsRequest is a request for an app certificate as a client makes it.
func certsRequest(t *testing.T, app string, pub any) *wirepb.UserCertsRequest {
	return &wirepb.UserCertsRequest{
		Username:       "alice",
		Expires:        wire.NewTimestamp(time.Now().Add(time.Hour)),
		RouteToCluster: clusterName,
		Usage:          wirepb.CertUsage_CERT_USAGE_APP,
		RouteToApp:     &wirepb.RouteToApp{Name: app, PublicAddr: app + "." + clusterName + ".test", ClusterName: clusterName},
		RequesterName:  wirepb.Requester_REQUESTER_APP_LOCAL_PROXY,
		TlsPublicKey:   publicPEM(t, pub),
	}
}

// appCert returns alice's certificate for an app, which need not exist.
func appCert(t *testing.T, cluster *testcluster.Cluster, app string) tls.Certificate {
	t.Helper()
	key := newKey(t)
	certs := call[wirepb.Certs](t, dialAs(t, cluster, "alice"), generateUserCerts, certsRequest(t, app, key.Public()))
	cert := parseCert(t, certs.GetTls())
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}
}

func TestAppCertificate(t *testing.T) {
	cluster := start(t)
	cert := appCert(t, cluster, "grafana-mcp").Leaf
	subject := cert.Subject
	if subject.CommonName != "alice" || !slices.Equal(subject.Organization, []string{"access", "editor"}) ||
		!slices.Equal(subject.OrganizationalUnit, []string{"usage:apps"}) {
		t.Errorf("subject %v", subject)
	}
	for oid, want := range map[string]string{
		"1.3.9999.1.6":  "grafana-mcp.rig-cluster.test",
		"1.3.9999.1.5":  clusterName,
		"1.3.9999.1.10": "grafana-mcp",
		"1.3.9999.1.7":  clusterName,
		"1.3.9999.1.20": "sso",
		"1.3.9999.2.12": "",
	} {
		if got := attribute(t, cert, oid); got != want {
			t.Errorf("%s is %q, want %q", oid, got, want)
		}
	}
	sessions := cluster.Sessions()
	id := attribute(t, cert, "1.3.9999.1.4")
	if len(id) != 64 || len(sessions) != 1 || sessions[0].ID != id {
		t.Fatalf("session %q in the certificate, the cluster has %v", id, sessions)
	}
	if s := sessions[0]; s.User != "alice" || s.App != "grafana-mcp" || !about(s.Expires, cert.NotAfter) {
		t.Errorf("session %+v", s)
	}
	if again := attribute(t, appCert(t, cluster, "grafana-mcp").Leaf, "1.3.9999.1.4"); again == id {
		t.Error("two certificates share a session")
	}
}

// When a requested certificate ends (protocol.md 7.4).
func TestAppCertificateExpiry(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) {
		c.SessionTTL = 12 * time.Hour
		c.Roles[1].MaxSessionTTL = 8 * time.Hour
	})
	conn := dialAs(t, cluster, "alice") // a login of an hour
	const (
		plain      = wirepb.Requester_REQUESTER_UNSPECIFIED
		localProxy = wirepb.Requester_REQUESTER_APP_LOCAL_PROXY
		multi      = wirepb.CertPurpose_CERT_PURPOSE_UNSPECIFIED
		single     = wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS
	)
	for name, test := range map[string]struct {
		asked     time.Duration
		requester wirepb.Requester
		purpose   wirepb.CertPurpose
		want      time.Duration
	}{
		"shorter than the login":           {10 * time.Minute, plain, multi, 10 * time.Minute},
		"bounded by the login":             {20 * time.Hour, plain, multi, time.Hour},
		"local proxy outlives the login":   {2 * time.Hour, localProxy, multi, 2 * time.Hour},
		"local proxy bounded by the role":  {90 * time.Hour, localProxy, multi, 8 * time.Hour},
		"single use is a minute":           {time.Hour, plain, single, time.Minute},
		"single use of local proxy is not": {30 * time.Minute, localProxy, single, 30 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			req := certsRequest(t, "app", newKey(t).Public())
			req.Expires = wire.NewTimestamp(time.Now().Add(test.asked))
			req.RequesterName, req.Purpose = test.requester, test.purpose
			cert := parseCert(t, call[wirepb.Certs](t, conn, generateUserCerts, req).GetTls())
			if got := time.Until(cert.NotAfter); !about(cert.NotAfter, time.Now().Add(test.want)) {
				t.Errorf("lives %v, want %v", got, test.want)
			}
			previous, err := time.Parse(time.RFC3339, attribute(t, cert, "1.3.9999.2.12"))
			if single := test.purpose == single; single != (err == nil) || single && !about(previous, time.Now().Add(time.Hour)) {
				t.Errorf("previous expiry %v, %v", previous, err)
			}
		})
	}
}

func TestCertsRefused(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	for name, test := range map[string]struct {
		change  func(*wirepb.UserCertsRequest)
		code    codes.Code
		message string
	}{
		"other user": {func(r *wirepb.UserCertsRequest) { r.Username = "bob" },
			codes.PermissionDenied, "impersonation is not allowed"},
		"expired": {func(r *wirepb.UserCertsRequest) { r.Expires = wire.NewTimestamp(time.Now().Add(-time.Second)) },
			codes.PermissionDenied, "client credentials have expired, please relogin."},
		"no expiry": {func(r *wirepb.UserCertsRequest) { r.Expires = nil },
			codes.PermissionDenied, "client credentials have expired, please relogin."},
		"no app":    {func(r *wirepb.UserCertsRequest) { r.RouteToApp = nil }, codes.InvalidArgument, ""},
		"no key":    {func(r *wirepb.UserCertsRequest) { r.TlsPublicKey = nil }, codes.InvalidArgument, ""},
		"bad key":   {func(r *wirepb.UserCertsRequest) { r.TlsPublicKey = []byte("key") }, codes.InvalidArgument, ""},
		"requester": {func(r *wirepb.UserCertsRequest) { r.RequesterName = 5 }, codes.InvalidArgument, ""},
		"request":   {func(r *wirepb.UserCertsRequest) { r.AccessRequests = []string{"x"} }, codes.NotFound, ""},
		"database":  {func(r *wirepb.UserCertsRequest) { r.Usage = 3 }, codes.Unimplemented, ""},
	} {
		t.Run(name, func(t *testing.T) {
			req := certsRequest(t, "app", newKey(t).Public())
			test.change(req)
			err := conn.Invoke(t.Context(), generateUserCerts, req, &wirepb.Certs{})
			if status.Code(err) != test.code || !strings.Contains(status.Convert(err).Message(), test.message) {
				t.Errorf("%v, want %v %q", err, test.code, test.message)
			}
		})
	}
	if sessions := cluster.Sessions(); len(sessions) > 0 {
		t.Errorf("refused requests have made sessions: %v", sessions)
	}
}

// A login certificate can be issued anew; only an SSH key gives no certificate.
func TestOtherCerts(t *testing.T) {
	cluster := start(t)
	conn := dialAs(t, cluster, "alice")
	req := certsRequest(t, "", newKey(t).Public())
	req.Usage, req.RouteToApp = wirepb.CertUsage_CERT_USAGE_ALL, nil
	cert := parseCert(t, call[wirepb.Certs](t, conn, generateUserCerts, req).GetTls())
	if cert.Subject.OrganizationalUnit != nil || attribute(t, cert, "1.3.9999.1.4") != "" {
		t.Errorf("a login certificate with the subject %v", cert.Subject)
	}
	req.TlsPublicKey, req.SshPublicKey = nil, []byte("ssh-ed25519 AAAA")
	certs := call[wirepb.Certs](t, conn, generateUserCerts, req)
	if certs.GetTls() != nil || certs.GetSsh() != nil || len(certs.GetTlsCaCerts()) != 1 {
		t.Errorf("certs %v", certs)
	}
}

func TestSetCertTTL(t *testing.T) {
	cluster := start(t)
	cluster.SetCertTTL(90 * time.Second)
	if cert := appCert(t, cluster, "app").Leaf; !about(cert.NotAfter, time.Now().Add(90*time.Second)) {
		t.Errorf("ends at %v", cert.NotAfter)
	}
	cluster.SetCertTTL(0)
	if cert := appCert(t, cluster, "app").Leaf; !about(cert.NotAfter, time.Now().Add(time.Hour)) {
		t.Errorf("ends at %v", cert.NotAfter)
	}
}

// A certificate from here opens the app on the web port, and DeleteAppSession
// closes it again.
func TestAppSession(t *testing.T) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte("hello from the app"))
	}))
	defer upstream.Close()
	cluster := start(t, func(c *testcluster.Config) {
		c.Apps = []testcluster.App{{Name: "web", URI: upstream.URL, Labels: map[string]string{"env": "dev"}}}
	})
	cert := appCert(t, cluster, "web")
	config := webConfig(t, cluster)
	config.GetClientCertificate = always(cert)
	client := webClient(t, config)
	if got := do(t, client, "GET", cluster.URL()+"/", nil); got.StatusCode != 200 || got.body != "hello from the app" {
		t.Fatalf("%s %q", got.Status, got.body)
	}
	conn := dialAs(t, cluster, "alice")
	id := &wirepb.DeleteAppSessionRequest{SessionId: attribute(t, cert.Leaf, "1.3.9999.1.4")}
	call[wire.Empty](t, conn, "/proto.AuthService/DeleteAppSession", id)
	if got := do(t, client, "GET", cluster.URL()+"/", nil); got.StatusCode != 403 || got.body != "Forbidden\n" {
		t.Errorf("after the session's end: %s %q", got.Status, got.body)
	}
	err := conn.Invoke(t.Context(), "/proto.AuthService/DeleteAppSession", id, &wire.Empty{})
	if status.Code(err) != codes.NotFound {
		t.Errorf("deleting it again: %v", err)
	}
}

func TestDeleteSessionOfAnother(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.Users[1].Roles = []string{"access"} })
	cert := appCert(t, cluster, "web").Leaf
	err := dialAs(t, cluster, "bob").Invoke(t.Context(), "/proto.AuthService/DeleteAppSession",
		&wirepb.DeleteAppSessionRequest{SessionId: attribute(t, cert, "1.3.9999.1.4")}, &wire.Empty{})
	if status.Code(err) != codes.PermissionDenied || len(cluster.Sessions()) != 1 {
		t.Errorf("%v, sessions %v", err, cluster.Sessions())
	}
}
