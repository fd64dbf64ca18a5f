// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: logins through the browser, by kind of connector.

package testcluster_test

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func TestOtherConnectors(t *testing.T) {
	for _, typ := range []string{"oidc", "saml"} {
		t.Run(typ, func(t *testing.T) {
			cluster := start(t, func(c *testcluster.Config) { c.Connector = testcluster.Connector{Type: typ} })
			j := newJourney(t, cluster)
			j.typ = typ
			tlsCert(t, open(t, j.login(loginRequest(t), "alice")))
			path := map[string]string{"oidc": "/v1/webapi/oidc/callback", "saml": "/v1/webapi/saml/acs"}[typ]
			if back := j.choose(j.begin(loginRequest(t)), "alice", "sign-in"); !strings.HasPrefix(back, cluster.URL()+path+"?") {
				t.Errorf("the identity provider leads to %s", back)
			}
		})
	}
}

// A SAML connector with post binding gives a form, to clients that know about
// it (protocol.md 2.1).
func TestPostForm(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.Connector = testcluster.Connector{Type: "saml", PostForm: true} })
	j := newJourney(t, cluster)
	j.typ = "saml"
	old := loginRequest(t)
	delete(old, "client_version")
	tlsCert(t, open(t, j.login(old, "alice")))

	got := do(t, j.client, "POST", cluster.URL()+"/webapi/saml/login/console", loginRequest(t))
	answer := decode(t, got.body)
	form, err := base64.StdEncoding.DecodeString(answer["post_form"].(string))
	if err != nil || answer["redirect_url"] != "" {
		t.Fatalf("answer %s", got.body)
	}
	for _, part := range []string{
		`<form method="post" action="` + cluster.IdP() + `/authorize">`, `name="SAMLRequest"`, `name="RelayState"`, `document.forms[0].submit()`,
	} {
		if !strings.Contains(string(form), part) {
			t.Errorf("%s is not in the form %s", part, form)
		}
	}
}

// clientPage plays the listener of a client: it serves the link that the
// person opens, and sends on what comes back.
func clientPage(t *testing.T, link func(http.ResponseWriter, *http.Request)) (*httptest.Server, chan url.Values) {
	back := make(chan url.Values, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /link", link)
	mux.HandleFunc("GET /callback", func(w http.ResponseWriter, r *http.Request) { back <- r.URL.Query() })
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server, back
}

// SignIn finds its way through redirects, forms and refreshes.
func TestSignIn(t *testing.T) {
	for name, connector := range map[string]testcluster.Connector{
		"github": {}, "oidc": {Type: "oidc"}, "saml": {Type: "saml"}, "saml with a form": {Type: "saml", PostForm: true},
	} {
		t.Run(name, func(t *testing.T) {
			cluster := start(t, func(c *testcluster.Config) { c.Connector = connector })
			typ := connector.Type
			if typ == "" {
				typ = "github"
			}
			request := loginRequest(t)
			var answer object
			server, back := clientPage(t, func(w http.ResponseWriter, r *http.Request) {
				if form := answer["post_form"].(string); form != "" {
					page, _ := base64.StdEncoding.DecodeString(form)
					w.Write(page)
					return
				}
				http.Redirect(w, r, answer["redirect_url"].(string), http.StatusFound)
			})
			request["redirect_url"] = server.URL + "/callback?secret_key=" + secret
			client := webClient(t, webConfig(t, cluster))
			answer = decode(t, do(t, client, "POST", cluster.URL()+"/webapi/"+typ+"/login/console", request).body)
			if err := cluster.SignIn(t.Context(), server.URL+"/link", "alice"); err != nil {
				t.Fatal(err)
			}
			if got := <-back; !got.Has("response") {
				t.Errorf("callback with %v", got)
			}
			if err := cluster.SignIn(t.Context(), server.URL+"/link", ""); err != nil {
				t.Fatal(err)
			}
			if got := <-back; !strings.Contains(got.Get("err"), "access_denied") {
				t.Errorf("callback with %v", got)
			}
			wantError(t, cluster.SignIn(t.Context(), server.URL+"/link", "nobody"), "400 Bad Request")
			wantError(t, cluster.SignIn(t.Context(), server.URL+"/nothing", "alice"), "404 Not Found")
		})
	}
}

// A login that is held does not end until it is released.
func TestHoldLogin(t *testing.T) {
	cluster := start(t)
	j := newJourney(t, cluster)
	release := cluster.HoldLogin()
	back := j.choose(j.begin(loginRequest(t)), "alice", "sign-in")

	ended := make(chan error, 1)
	go func() {
		response, err := j.client.Get(back)
		if err == nil {
			err = response.Body.Close()
		}
		ended <- err
	}()
	select {
	case err := <-ended:
		t.Fatalf("a login that is held ends: %v", err)
	case <-time.After(100 * time.Millisecond): // far longer than a login takes
	}
	release()
	release()
	if err := <-ended; err != nil || cluster.LoginCount() != 1 {
		t.Errorf("released: %v, %d logins", err, cluster.LoginCount())
	}
	open(t, j.login(loginRequest(t), "alice"))
}

// Closing the cluster ends a login that is held.
func TestCloseWhileHeld(t *testing.T) {
	cluster := start(t)
	j := newJourney(t, cluster)
	cluster.HoldLogin()
	back := j.choose(j.begin(loginRequest(t)), "alice", "sign-in")
	held := make(chan error)
	go func() {
		response, err := j.client.Get(back)
		if err == nil {
			response.Body.Close()
		}
		held <- err
	}()
	if err := cluster.Close(); err != nil {
		t.Error(err)
	}
	if err := <-held; err == nil {
		t.Error("a login that was cut off looks complete")
	}
}
