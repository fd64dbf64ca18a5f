// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what the web address tells before a login.

package testcluster_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

type object = map[string]any

func decode(t *testing.T, text string) object {
	t.Helper()
	var v object
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

func wantJSON(t *testing.T, got, want object) {
	t.Helper()
	a, _ := json.MarshalIndent(got, "", " ")
	b, _ := json.MarshalIndent(want, "", " ")
	if string(a) != string(b) {
		t.Errorf("got %s\nwant %s", a, b)
	}
}

// What OIDC and SAML connectors look like, which no recording shows.
func TestPing(t *testing.T) {
	for _, connector := range []string{"oidc", "saml"} {
		t.Run(connector, func(t *testing.T) {
			cluster := start(t, func(c *testcluster.Config) {
				c.Connector = testcluster.Connector{Type: connector, Name: "corp", Display: "Corp"}
			})
			client := webClient(t, webConfig(t, cluster))
			want := map[string]object{
				"oidc": {"name": "corp", "display": "Corp", "IssuerURL": cluster.IdP()},
				"saml": {"name": "corp", "display": "Corp", "singleLogoutEnabled": false, "SSO": cluster.IdP() + "/authorize"},
			}[connector]
			for path, edition := range map[string]string{"/webapi/ping": "ent", "/webapi/ping/corp": ""} {
				got := decode(t, do(t, client, "GET", cluster.URL()+path, nil).body)
				auth := got["auth"].(object)
				wantJSON(t, auth[connector].(object), want)
				if auth["type"] != connector || got["edition"] != edition {
					t.Errorf("%s: type %v, edition %v", path, auth["type"], got["edition"])
				}
			}
		})
	}
}

// What a release before 18 tells, and has, that no recording shows.
func TestBefore18(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.Version = "17.7.0" })
	client := webClient(t, webConfig(t, cluster))
	for _, path := range []string{"/webapi/ping", "/webapi/find", "/webapi/ping/local"} {
		got := decode(t, do(t, client, "GET", cluster.URL()+path, nil).body)
		if _, has := got["auth"].(object)["piv_pin_cache_ttl"]; has || got["server_version"] != "17.7.0" || got["min_client_version"] != "16.0.0-aa" {
			t.Errorf("%s: %v", path, got)
		}
	}
	if got := do(t, client, "POST", cluster.URL()+"/webapi/ssh/certs", object{"user": "nobody", "password": "x", "tls_pub_key": "eA=="}); got.Status != "403 Forbidden" || !strings.Contains(got.body, "invalid username or password") {
		t.Errorf("login in one step: %s %s", got.Status, got.body)
	}
}

// TestOtherMethods: a path that is served is unknown with another method, as it is
// recorded of POST; that goes for HEAD too.
func TestOtherMethods(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	for _, path := range []string{"/webapi/ping", "/webapi/find", "/v1/webapi/ping", "/webapi/motd", "/webapi/connectionupgrade"} {
		for _, method := range []string{"HEAD", "POST", "PUT", "DELETE", "PATCH"} {
			if got := do(t, client, method, cluster.URL()+path, nil); got.StatusCode != http.StatusNotFound {
				t.Errorf("%s %s: %s", method, path, got.Status)
			}
		}
	}
}

func TestMOTD(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.MOTD = "be nice" })
	client := webClient(t, webConfig(t, cluster))
	if got := do(t, client, "GET", cluster.URL()+"/webapi/motd", nil); strings.TrimSpace(got.body) != `{"Text":"be nice"}` {
		t.Errorf("motd %s", got.body)
	}
	if auth := decode(t, do(t, client, "GET", cluster.URL()+"/webapi/ping", nil).body)["auth"].(object); auth["has_motd"] != true {
		t.Errorf("has_motd %v", auth["has_motd"])
	}
}

func TestWebConfig(t *testing.T) {
	cluster := start(t)
	script := do(t, webClient(t, webConfig(t, cluster)), "GET", cluster.URL()+"/web/config.js", nil).body
	text, isConfig := strings.CutPrefix(script, "var GRV_CONFIG = ")
	text, ends := strings.CutSuffix(text, ";")
	if !isConfig || !ends {
		t.Fatalf("config.js: %s", script)
	}
	provider := decode(t, text)["auth"].(object)["providers"].([]any)[0].(object)
	if provider["type"] != "github" || provider["name"] != "demo-idp" || provider["displayName"] != "demo-idp" {
		t.Errorf("provider %v", provider)
	}
}

// Unlike the recorded proxy, one with a web UI answers with an error's JSON where
// nothing is served.
func TestWebErrors(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	for _, test := range []struct {
		method, path string
		status       int
		message      string
	}{
		{"GET", "/nothing", 404, "path not found"},
		{"GET", "/v1/nothing", 404, "path not found"},
		{"POST", "/webapi/oidc/login/console", 404, "path not found"},
		{"POST", "/webapi/saml/login/console", 404, "path not found"},
		{"POST", "/webapi/ssh/certs", 404, "path not found"},
	} {
		t.Run(test.path, func(t *testing.T) {
			got := do(t, client, test.method, cluster.URL()+test.path, nil)
			want := "{\n    \"error\": {\n        \"message\": \"" + test.message + "\"\n    }\n}"
			if got.StatusCode != test.status || got.body != want || got.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %q %q, want %d %q", got.Status, got.Header.Get("Content-Type"), got.body, test.status, want)
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	statuses := func() map[string]int {
		return map[string]int{
			"ping":  do(t, client, "GET", cluster.URL()+"/webapi/ping/demo-idp", nil).StatusCode,
			"login": do(t, client, "POST", cluster.URL()+"/webapi/github/login/console", loginRequest(t)).StatusCode,
			"find":  do(t, client, "GET", cluster.URL()+"/webapi/find", nil).StatusCode,
		}
	}
	cluster.LimitRate(true)
	if got := statuses(); !maps.Equal(got, map[string]int{"ping": 429, "login": 429, "find": 200}) {
		t.Errorf("limited: %v", got)
	}
	cluster.LimitRate(false)
	if got := statuses(); !maps.Equal(got, map[string]int{"ping": 200, "login": 200, "find": 200}) {
		t.Errorf("not limited: %v", got)
	}
}

// The pages on which a login ends exist, and they are pages.
func TestMessagePages(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	for _, path := range []string{
		"/web/msg/info/login_success", "/web/msg/error/login", "/web/msg/info/login_terminal", "/web/msg/info/login_close",
		"/web/msg/error/login/callback", "/web/msg/error/login/auth",
	} {
		got := do(t, client, "GET", cluster.URL()+path, nil)
		if got.StatusCode != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %s %s", path, got.Status, got.Header.Get("Content-Type"))
		}
	}
}

// Without a certificate an app's host leads to the page that launches it
// (protocol.md 8.4).
func TestAppHostWithoutCertificate(t *testing.T) {
	cluster := start(t, withApps)
	for _, host := range []string{"files.example.com", "files.example.com:443"} {
		request, err := http.NewRequestWithContext(t.Context(), "GET", cluster.URL()+"/webapi/ping", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = host
		got := send(t, webClient(t, webConfig(t, cluster)), request)
		want := cluster.URL() + "/web/launch/files.example.com?path=%2Fwebapi%2Fping"
		if got.StatusCode != 302 || got.Header.Get("Location") != want {
			t.Errorf("%s: %s to %q, want %q", host, got.Status, got.Header.Get("Location"), want)
		}
	}
}

// A login certificate on the web port is refused, whatever the path
// (protocol.md 8.4, 12).
func TestLoginCertificateOnWebPort(t *testing.T) {
	cluster := start(t)
	cert, _ := issue(t, cluster, "alice", 3600e9)
	config := webConfig(t, cluster)
	config.GetClientCertificate = always(cert)
	for _, path := range []string{"/", "/webapi/ping"} {
		got := do(t, webClient(t, config), "GET", cluster.URL()+path, nil)
		if got.StatusCode != 403 || got.body != "Forbidden\n" || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/plain") {
			t.Errorf("%s: %s %q", path, got.Status, got.body)
		}
	}
}

// The web port speaks HTTP/2 to those who offer nothing else.
func TestWebHTTP2(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	client.Transport.(*http.Transport).Protocols = new(http.Protocols)
	client.Transport.(*http.Transport).Protocols.SetHTTP2(true)
	got := do(t, client, "GET", cluster.URL()+"/webapi/ping", nil)
	if got.ProtoMajor != 2 || got.StatusCode != 200 {
		t.Errorf("%s %s", got.Proto, got.Status)
	}
}

func TestJWKS(t *testing.T) {
	cluster := start(t)
	got := decode(t, do(t, webClient(t, webConfig(t, cluster)), "GET", cluster.URL()+"/.well-known/jwks.json", nil).body)
	if keys := slices.Collect(maps.Keys(got)); !slices.Equal(keys, []string{"keys"}) {
		t.Errorf("jwks %v", got)
	}
}
