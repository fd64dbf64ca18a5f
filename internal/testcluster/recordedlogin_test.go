// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: login-github-console.json, logins through the browser.

package testcluster

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestRecordedConsole(t *testing.T) {
	r := startRig(t, nil, func(cfg *Config) { cfg.NoWebUI = true })
	r.limitLogins()
	replayFile(t, "login-github-console.json", nil, func(t *testing.T, e recorded) {
		if len(e.Then) > 0 {
			r.replayFlow(t, e)
			return
		}
		if e.Name == "rate-limit" { // "the 29th request of this recording within a short time"; then the recorder waited
			defer r.UnlimitLogins()
		}
		r.wantWeb(t, *e.Response, r.web(t, e.Request, loginWords(t)))
	})
}

// flowSecret is the secret of the client in a recorded flow.
const flowSecret = "abababababababababababababababababababababababababababababababab"

// replayFlow signs a user in through the identity provider. Its first step, the
// page of GitHub, is a double in the recording and here, and looks different.
func (r *rig) replayFlow(t *testing.T, e recorded) {
	ttl := 12 * time.Hour
	if strings.Contains(e.Given, "30 h") {
		ttl = 30 * time.Hour
	}
	answer := r.beginFlow(t, ttl)
	if !matchText(r.words.Replace(e.Request.Path), answer, nil) {
		t.Errorf("sent to %s, want %s", answer, e.Request.Path)
	}
	user := strings.Split(e.Name, "-")[1]
	back := r.atGitHub(t, answer, user)
	if want := e.Then[0].Headers["Location"]; !matchText(want, back, r.words) {
		t.Errorf("GitHub leads to %s, want %s", back, want)
	}
	client := tlsClient(t, r.Cluster, tls.Certificate{})
	resp := do(t, client, r.Cluster, http.MethodGet, strings.TrimPrefix(back, r.URL()), "")
	landing, tag := refreshOf(t, resp)
	resp.Body = io.NopCloser(strings.NewReader(tag)) // all that the recording shows of the page
	wantRecorded(t, e.Then[1], resp, false, r.words)

	var extra struct {
		Keys    []string `json:"callback_query_keys"`
		Request string   `json:"callback_request"`
		Error   string   `json:"err"`
		Login   recordedLogin
		Plain   json.RawMessage `json:"plaintext"`
	}
	if err := json.Unmarshal(e.Extra, &extra); err != nil {
		t.Fatal(err)
	}
	query := landing.Query()
	if keys := slices.Sorted(maps.Keys(query)); !slices.Equal(keys, extra.Keys) {
		t.Errorf("callback with %q, want %q", keys, extra.Keys)
	}
	if !matchText(extra.Request, "GET "+landing.RequestURI(), nil) || query.Get("err") != extra.Error {
		t.Errorf("callback %s with the error %q, want %s", landing.RequestURI(), query.Get("err"), extra.Request)
	}
	if extra.Plain != nil {
		plain := unseal(t, query.Get("response"))
		if diff := diffBody(extra.Plain, "", plain, r.words); diff != "" {
			t.Error(diff)
		}
		wantLogin(t, extra.Login, plain)
	}
}

// beginFlow begins a login and returns where the browser must go.
func (r *rig) beginFlow(t *testing.T, ttl time.Duration) string {
	t.Helper()
	body, err := json.Marshal(map[string]any{
		"redirect_url": "http://127.0.0.1:41234/callback?secret_key=" + flowSecret, "tls_pub_key": newPublicKey(t),
		"cert_ttl": ttl, "connector_id": "github", "client_version": "18.0.0",
	})
	if err != nil {
		t.Fatal(err)
	}
	resp := do(t, tlsClient(t, r.Cluster, tls.Certificate{}), r.Cluster, http.MethodPost, "/webapi/github/login/console", string(body), "Content-Type", "application/json")
	var answer consoleAnswer
	if err := json.Unmarshal([]byte(readAll(t, resp)), &answer); err != nil || answer.RedirectURL == "" {
		t.Fatalf("status %d, %v", resp.StatusCode, err)
	}
	return answer.RedirectURL
}

// atGitHub presses a button of the identity provider and returns where it leads.
func (r *rig) atGitHub(t *testing.T, authorize, user string) string {
	t.Helper()
	u, err := url.Parse(authorize)
	if err != nil {
		t.Fatal(err)
	}
	form := url.Values{"state": {u.Query().Get("state")}, "user": {user}, "action": {"sign-in"}}
	if user == "denied" {
		form.Set("action", "deny")
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.PostForm(r.IdP()+signInPath, form)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	client.CloseIdleConnections()
	return resp.Header.Get("Location")
}

var refreshTag = regexp.MustCompile(`<meta http-equiv="refresh" content="0;URL='([^']*)'" />`)

// refreshOf is where a page sends the browser, and the tag that does it with its
// entities decoded.
func refreshOf(t *testing.T, resp *http.Response) (*url.URL, string) {
	t.Helper()
	body := readAll(t, resp)
	tag := refreshTag.FindStringSubmatch(body)
	if tag == nil {
		t.Fatalf("no refresh in %d %s", resp.StatusCode, body)
	}
	u, err := url.Parse(html.UnescapeString(tag[1]))
	if err != nil {
		t.Fatal(err)
	}
	return u, html.UnescapeString(tag[0])
}

// unseal opens the answer in a callback (protocol.md 2.4).
func unseal(t *testing.T, response string) []byte {
	t.Helper()
	var sealed struct{ Ciphertext, Nonce []byte }
	if err := json.Unmarshal([]byte(response), &sealed); err != nil || len(sealed.Nonce) != 12 {
		t.Fatalf("response %q: %v", response, err)
	}
	key, err := hex.DecodeString(flowSecret)
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, sealed.Nonce, sealed.Ciphertext, nil)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(plain)
}
