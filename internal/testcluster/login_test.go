// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a login, walked through step by step.

package testcluster_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const (
	secret   = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	callback = "http://127.0.0.1:41234/callback?secret_key=" + secret

	blurred     = "Failed to login. Please check Teleport's log for more details."
	badCallback = "Failed to login due to a disallowed callback URL. Please check Teleport's log for more details."
)

// loginRequest is the body by which a client begins a login.
func loginRequest(t *testing.T) object {
	return object{
		"redirect_url":   callback,
		"tls_pub_key":    publicPEM(t, newKey(t).Public()), // base64 in JSON
		"cert_ttl":       int64(8 * time.Hour),
		"connector_id":   "demo-idp",
		"compatibility":  "",
		"client_version": "18.3.0",
		"PKCEVerifier":   "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
	}
}

// journey walks through a login step by step, as a browser without scripts.
type journey struct {
	t       *testing.T
	cluster *testcluster.Cluster
	client  *http.Client
	typ     string
}

func newJourney(t *testing.T, cluster *testcluster.Cluster) *journey {
	return &journey{t, cluster, webClient(t, webConfig(t, cluster)), "github"}
}

// begin begins a login and returns where the browser must go.
func (j *journey) begin(request object) *url.URL {
	j.t.Helper()
	got := do(j.t, j.client, "POST", j.cluster.URL()+"/webapi/"+j.typ+"/login/console", request)
	answer := decode(j.t, got.body)
	if got.StatusCode != 200 || answer["post_form"] != "" {
		j.t.Fatalf("login/console: %s %s", got.Status, got.body)
	}
	u, err := url.Parse(answer["redirect_url"].(string))
	if err != nil {
		j.t.Fatal(err)
	}
	return u
}

// choose presses a button of the identity provider and returns the address
// that it leads back to.
func (j *journey) choose(authorize *url.URL, user, action string) string {
	j.t.Helper()
	page := do(j.t, j.client, "GET", authorize.String(), nil)
	if page.StatusCode != 200 {
		j.t.Fatalf("authorize: %s %s", page.Status, page.body)
	}
	form := url.Values{"state": {authorize.Query().Get("state") + authorize.Query().Get("RelayState")}, "user": {user}, "action": {action}}
	request, err := http.NewRequest("POST", j.cluster.IdP()+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		j.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got := send(j.t, j.client, request)
	if got.StatusCode != http.StatusSeeOther {
		j.t.Fatalf("sign-in: %s %s", got.Status, got.body)
	}
	return got.Header.Get("Location")
}

var refresh = regexp.MustCompile(`<meta http-equiv="refresh" content="0;URL='([^']*)'"`)

// land loads the proxy's callback and returns where its page sends the browser.
func (j *journey) land(address string) *url.URL {
	j.t.Helper()
	got := do(j.t, j.client, "GET", address, nil)
	target := refresh.FindStringSubmatch(got.body)
	if got.StatusCode != 200 || target == nil {
		j.t.Fatalf("callback: %s %s", got.Status, got.body)
	}
	u, err := url.Parse(html.UnescapeString(target[1]))
	if err != nil {
		j.t.Fatal(err)
	}
	return u
}

// login is a whole journey; it returns the client's callback.
func (j *journey) login(request object, user string) *url.URL {
	j.t.Helper()
	return j.land(j.choose(j.begin(request), user, "sign-in"))
}

// open decrypts the answer in a client's callback (protocol.md 2.4).
func open(t *testing.T, back *url.URL) object {
	t.Helper()
	query := back.Query()
	if back.Scheme+"://"+back.Host+back.Path != "http://127.0.0.1:41234/callback" || len(query) != 1 {
		t.Fatalf("callback %s with the parameters %v", back.Path, slices.Collect(maps.Keys(query)))
	}
	var sealed struct{ Ciphertext, Nonce string }
	if err := json.Unmarshal([]byte(query.Get("response")), &sealed); err != nil {
		t.Fatal(err)
	}
	nonce, err := base64.StdEncoding.DecodeString(sealed.Nonce)
	if err != nil || len(nonce) != 12 {
		t.Fatalf("nonce %q, %v", sealed.Nonce, err)
	}
	ciphertext, err := base64.StdEncoding.DecodeString(sealed.Ciphertext)
	if err != nil {
		t.Fatal(err)
	}
	key, _ := hex.DecodeString(secret)
	block, _ := aes.NewCipher(key)
	aead, _ := cipher.NewGCM(block)
	plaintext, err := aead.Open(nil, nonce, ciphertext, nil)
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(plaintext))
}

// tlsCert is the certificate of a login's answer.
func tlsCert(t *testing.T, answer object) *x509.Certificate {
	t.Helper()
	data, err := base64.StdEncoding.DecodeString(answer["tls_cert"].(string))
	if err != nil {
		t.Fatal(err)
	}
	return parseCert(t, data)
}

func TestLogin(t *testing.T) {
	cluster := start(t)
	key := newKey(t)
	request := loginRequest(t)
	request["tls_pub_key"] = publicPEM(t, key.Public())
	answer := open(t, newJourney(t, cluster).login(request, "alice"))

	keys := slices.Sorted(maps.Keys(answer))
	if want := []string{"cert", "host_signers", "mfa_token", "samlSingleLogoutEnabled", "tls_cert", "username"}; !slices.Equal(keys, want) {
		t.Errorf("keys %v, want %v", keys, want)
	}
	if answer["username"] != "alice" || answer["cert"] != nil {
		t.Errorf("username %v, cert %v", answer["username"], answer["cert"])
	}
	cert := tlsCert(t, answer)
	if !key.PublicKey.Equal(cert.PublicKey) {
		t.Error("the certificate is for another key")
	}
	if ttl := time.Until(cert.NotAfter); !about(cert.NotAfter, time.Now().Add(8*time.Hour)) {
		t.Errorf("lives %v", ttl)
	}
	if ip := attribute(t, cert, "1.3.9999.1.9"); ip != "127.0.0.1" {
		t.Errorf("login IP %q", ip)
	}
	signer := answer["host_signers"].([]any)[0].(object)
	ca, err := base64.StdEncoding.DecodeString(signer["tls_certs"].([]any)[0].(string))
	_, _, hostCA, _ := cluster.Issue("alice", time.Hour)
	if err != nil || signer["domain_name"] != clusterName || string(ca) != string(hostCA) {
		t.Errorf("host signer %v", signer)
	}
	if cluster.LoginCount() != 1 {
		t.Errorf("%d logins", cluster.LoginCount())
	}
}

func TestLoginTTL(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) {
		c.SessionTTL = 10 * time.Hour
		c.Roles[0].MaxSessionTTL = 9 * time.Hour
	})
	for asked, want := range map[time.Duration]time.Duration{
		time.Minute: time.Minute, 20 * time.Hour: 9 * time.Hour, 30 * time.Hour: 9 * time.Hour,
	} {
		request := loginRequest(t)
		request["cert_ttl"] = int64(asked)
		cert := tlsCert(t, open(t, newJourney(t, cluster).login(request, "alice")))
		if !about(cert.NotAfter, time.Now().Add(want)) {
			t.Errorf("asked for %v, lives %v, want %v", asked, time.Until(cert.NotAfter), want)
		}
	}
}

// Keys are read by type, not by the cluster's suite (protocol.md 4).
func TestLoginKeys(t *testing.T) {
	cluster := start(t)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	edKey, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs1 := pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&rsaKey.PublicKey)})
	for name, key := range map[string][]byte{
		"RSA PKIX": publicPEM(t, rsaKey.Public()), "RSA PKCS#1": pkcs1, "Ed25519": publicPEM(t, edKey), "P-256": publicPEM(t, newKey(t).Public()),
	} {
		t.Run(name, func(t *testing.T) {
			request := loginRequest(t)
			request["tls_pub_key"] = key
			tlsCert(t, open(t, newJourney(t, cluster).login(request, "alice")))
		})
	}
	t.Run("SSH only", func(t *testing.T) {
		request := loginRequest(t)
		delete(request, "tls_pub_key")
		request["ssh_pub_key"] = []byte(sshKey("one"))
		answer := open(t, newJourney(t, cluster).login(request, "alice"))
		if answer["cert"] == nil || answer["tls_cert"] != nil {
			t.Errorf("certificates %v %v", answer["cert"], answer["tls_cert"])
		}
	})
}

func TestLoginRefused(t *testing.T) {
	cluster := start(t)
	client := webClient(t, webConfig(t, cluster))
	for name, test := range map[string]struct {
		change  object
		message string
	}{
		"unknown connector": {object{"connector_id": "other"}, blurred},
		"no connector":      {object{"connector_id": ""}, blurred},
		"no key":            {object{"tls_pub_key": nil}, blurred},
		"bad ttl":           {object{"cert_ttl": "8h"}, blurred},
		"foreign host":      {object{"redirect_url": "http://evil.example/callback?secret_key=" + secret}, badCallback},
		"https":             {object{"redirect_url": "https://localhost:9/callback?secret_key=" + secret}, badCallback},
	} {
		t.Run(name, func(t *testing.T) {
			request := loginRequest(t)
			maps.Copy(request, test.change)
			got := do(t, client, "POST", cluster.URL()+"/webapi/github/login/console", request)
			message := decode(t, got.body)["error"].(object)["message"]
			if got.StatusCode != 403 || message != test.message {
				t.Errorf("%s %q, want 403 %q", got.Status, message, test.message)
			}
		})
	}
}

// A failure that the client can be told about reaches its callback, with the
// secret still in it (protocol.md 2.4).
func TestLoginErrors(t *testing.T) {
	cluster := start(t)
	j := newJourney(t, cluster)
	wantErr := func(back *url.URL, text string) {
		t.Helper()
		query := back.Query()
		if back.Path != "/callback" || query.Get("secret_key") != secret || !strings.Contains(query.Get("err"), text) || query.Has("response") {
			t.Errorf("callback %s, err %q, want %q", back.Path, query.Get("err"), text)
		}
	}
	wantErr(j.land(j.choose(j.begin(loginRequest(t)), "alice", "deny")), "access_denied")
	wantErr(j.login(loginRequest(t), "bob"), "\n\tlist of user teams is empty, did you grant access?")
	cluster.DenyLogin("private key policy not met: hardware_key_touch")
	wantErr(j.login(loginRequest(t), "alice"), "private key policy not met: hardware_key_touch")
	cluster.DenyLogin("")

	back := j.choose(j.begin(loginRequest(t)), "alice", "sign-in")
	open(t, j.land(back))
	wantErr(j.land(back), "invalid_grant") // a code is good for once
	request := loginRequest(t)
	request["tls_pub_key"] = []byte("key") // is not looked at before
	wantErr(j.login(request, "alice"), "failed to decode public key PEM block")
	if cluster.LoginCount() != 1 {
		t.Errorf("%d logins", cluster.LoginCount())
	}
}

// A login without a usable callback ends on a page of the proxy.
func TestLoginWithoutCallback(t *testing.T) {
	cluster := start(t)
	j := newJourney(t, cluster)
	for name, redirect := range map[string]string{
		"secret too short": "http://localhost/callback?secret_key=0011",
		"secret not hex":   "http://[::1]:80/callback?secret_key=" + strings.Repeat("x", 64),
	} {
		t.Run(name, func(t *testing.T) {
			request := loginRequest(t)
			request["redirect_url"] = redirect
			if back := j.login(request, "alice"); back.String() != "/web/msg/error/login/callback" {
				t.Errorf("sent to %s", back)
			}
		})
	}
	t.Run("unknown state", func(t *testing.T) {
		if back := j.land(cluster.URL() + "/webapi/github/callback?code=x&state=y"); back.Path != "/web/msg/error/login/callback" {
			t.Errorf("sent to %s", back)
		}
	})
	if cluster.LoginCount() != 0 {
		t.Errorf("%d logins", cluster.LoginCount())
	}
}

func TestIdPPage(t *testing.T) {
	cluster := start(t, func(c *testcluster.Config) { c.Users[1].Name = `<b>"bob"` })
	j := newJourney(t, cluster)
	authorize := j.begin(loginRequest(t))
	if got := authorize.Scheme + "://" + authorize.Host; got != cluster.IdP() {
		t.Errorf("sent to %s", got)
	}
	page := do(t, j.client, "GET", authorize.String(), nil)
	for _, part := range []string{
		`<h1>Sign in to rig-cluster</h1>`, `id="user"`, `<option value="alice">alice</option>`,
		`<option value="&lt;b&gt;&#34;bob&#34;">`, `<button id="sign-in"`, `<button id="deny"`,
	} {
		if !strings.Contains(page.body, part) {
			t.Errorf("%s is not on the page", part)
		}
	}
	for _, address := range []string{cluster.IdP() + "/authorize?state=nosuch", cluster.IdP() + "/login/oauth/authorize"} {
		if got := do(t, j.client, "GET", address, nil); got.StatusCode != 400 {
			t.Errorf("%s: %s", address, got.Status)
		}
	}
}
