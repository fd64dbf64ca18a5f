// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const totpSecret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

// totp is the code of now, and of steps of 30 s from now (RFC 6238).
func totp(secret string, steps int) string {
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, uint64(time.Now().Unix()/30+int64(steps)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1e6)
}

// localUsers has a local user of each kind.
func localUsers(c *testcluster.Config) {
	c.Version = "18.8.0"
	roles := []string{"access"}
	c.Users = append(c.Users,
		testcluster.User{Name: "tina", Roles: roles, Password: "tina's", TOTPSecret: totpSecret},
		testcluster.User{Name: "paul", Roles: roles, Password: "paul's", Passkey: true},
		testcluster.User{Name: "nora", Roles: roles, Password: "nora's"},
	)
}

// local speaks the web API of local logins.
type local struct {
	t       *testing.T
	cluster *testcluster.Cluster
	client  *http.Client
}

func newLocal(t *testing.T, change ...func(*testcluster.Config)) *local {
	cluster := start(t, append([]func(*testcluster.Config){localUsers}, change...)...)
	return &local{t, cluster, webClient(t, webConfig(t, cluster))}
}

func (l *local) begin(user, pass string) answer {
	return do(l.t, l.client, "POST", l.cluster.URL()+"/webapi/mfa/login/begin",
		object{"user": user, "pass": pass, "passwordless": false, "browser_mfa_tsh_redirect_url": callback})
}

func (l *local) finish(user, pass string, more object) answer {
	request := object{"user": user, "password": pass, "tls_pub_key": publicPEM(l.t, newKey(l.t).Public()), "ttl": int64(time.Hour)}
	for name, value := range more {
		request[name] = value
	}
	return do(l.t, l.client, "POST", l.cluster.URL()+"/webapi/mfa/login/finish", request)
}

func (l *local) refused(got answer, status int, message string) {
	l.t.Helper()
	if want := fmt.Sprintf("{\n    \"error\": {\n        \"message\": %q\n    }\n}", message); got.StatusCode != status || got.body != want {
		l.t.Errorf("%s %s, want %d %q", got.Status, got.body, status, message)
	}
}

func TestTOTPLogin(t *testing.T) {
	l := newLocal(t)
	if got := l.begin("tina", "tina's"); got.body != `{"webauthn_challenge":null,"totp_challenge":true,"sso_challenge":null}` {
		t.Errorf("begin: %s %s", got.Status, got.body)
	}
	code := totp(totpSecret, 0)
	cert := tlsCert(t, decode(t, l.finish("tina", "tina's", object{"totp_code": code}).body))
	if cert.Subject.CommonName != "tina" || attribute(t, cert, "1.3.9999.1.20") != "local" || !about(cert.NotAfter, time.Now().Add(time.Hour)) {
		t.Errorf("certificate of %s until %s", cert.Subject, cert.NotAfter)
	}
	const wrong = "invalid username, password or second factor"
	l.refused(l.finish("tina", "tina's", object{"totp_code": code}), 403, wrong)                 // used
	l.refused(l.finish("tina", "tina's", object{"totp_code": totp(totpSecret, 5)}), 403, wrong)  // of another time
	l.refused(l.finish("tina", "nora's", object{"totp_code": totp(totpSecret, 1)}), 403, wrong)  // wrong password
	l.refused(l.finish("ghost", "tina's", object{"totp_code": totp(totpSecret, 1)}), 403, wrong) // unknown
	l.refused(l.finish("tina", "tina's", nil), 403, "missing second factor authentication")
	if got := l.finish("tina", "tina's", object{"totp_code": totp(totpSecret, 1)}); got.StatusCode != 200 {
		t.Errorf("the next code: %s %s", got.Status, got.body)
	}
	if l.cluster.LoginCount() != 2 {
		t.Errorf("%d logins, want 2", l.cluster.LoginCount())
	}
}

func TestPasswordRefusals(t *testing.T) {
	l := newLocal(t)
	for _, user := range []string{"tina", "ghost", "alice"} { // alice is the identity provider's
		l.refused(l.begin(user, "wrong"), 403, "invalid credentials")
	}
	l.refused(l.begin("alice", ""), 403, "invalid credentials")
	l.cluster.LimitRate(true)
	l.refused(l.begin("tina", "tina's"), 429, "rate limit exceeded, try again in 3s")
	l.refused(l.finish("tina", "tina's", nil), 429, "rate limit exceeded, try again in 3s")
}

func TestLockout(t *testing.T) {
	l := newLocal(t, func(c *testcluster.Config) { c.LocalAuth.MaxAttempts = 3 })
	const locked = "too many incorrect attempts, please try again later"
	l.refused(l.begin("tina", "wrong"), 403, "invalid credentials")
	l.begin("tina", "tina's") // a good one starts anew
	for range 2 {
		l.refused(l.begin("tina", "wrong"), 403, "invalid credentials")
	}
	l.refused(l.begin("tina", "wrong"), 403, "invalid credentials")
	l.refused(l.begin("tina", "tina's"), 403, "invalid credentials")
	l.refused(l.finish("tina", "tina's", object{"totp_code": totp(totpSecret, 0)}), 403, locked)
	if got := l.begin("nora", "nora's"); got.StatusCode != 200 {
		t.Errorf("another user: %s %s", got.Status, got.body)
	}
	l.cluster.Unlock("tina")
	if got := l.begin("tina", "tina's"); got.StatusCode != 200 {
		t.Errorf("unlocked: %s %s", got.Status, got.body)
	}
}

func TestPasswordOnly(t *testing.T) {
	const missing = "missing second factor authentication"
	for _, test := range []struct {
		secondFactor, user, pass string
		refusal                  string // "": passes
	}{
		{"on", "nora", "nora's", missing},
		{"optional", "nora", "nora's", ""},
		{"optional", "nora", "wrong", "invalid username or password"},
		{"optional", "tina", "tina's", missing},
		{"optional", "paul", "paul's", missing},
		{"off", "nora", "nora's", ""},
		{"off", "tina", "tina's", ""},
	} {
		l := newLocal(t, func(c *testcluster.Config) { c.LocalAuth.SecondFactor = test.secondFactor })
		got := l.finish(test.user, test.pass, nil)
		if test.refusal != "" {
			l.refused(got, 403, test.refusal)
		} else if got.StatusCode != 200 {
			t.Errorf("%+v: %s %s", test, got.Status, got.body)
		}
	}
}

// confirm presses a button of a page for a passkey.
func (l *local) confirm(page, user, action string) answer {
	l.t.Helper()
	if got := do(l.t, l.client, "GET", page, nil); got.StatusCode != 200 || !strings.Contains(got.body, `id="sign-in"`) {
		l.t.Fatalf("page: %s %s", got.Status, got.body)
	}
	form := url.Values{"user": {user}, "action": {action}}
	request, err := http.NewRequest("POST", page, strings.NewReader(form.Encode()))
	if err != nil {
		l.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return send(l.t, l.client, request)
}

// landing is where the page sends the browser.
func (l *local) landing(got answer) *url.URL {
	l.t.Helper()
	target := refresh.FindStringSubmatch(got.body)
	if got.StatusCode != 200 || target == nil {
		l.t.Fatalf("%s %s", got.Status, got.body)
	}
	u, err := url.Parse(strings.ReplaceAll(target[1], "&amp;", "&"))
	if err != nil {
		l.t.Fatal(err)
	}
	return u
}

func TestBrowserMFA(t *testing.T) {
	l := newLocal(t)
	page := func() string {
		challenge := decode(t, l.begin("paul", "paul's").body)
		if challenge["webauthn_challenge"] == nil || challenge["totp_challenge"] != false {
			t.Fatalf("challenge %v", challenge)
		}
		return l.cluster.URL() + "/web/mfa/browser/" + challenge["browser_challenge"].(object)["requestId"].(string)
	}
	first := page()
	answer := open(t, l.landing(l.confirm(first, "paul", "sign-in")))
	assertion := answer["browser_mfa_webauthn_response"].(object)
	if got := do(t, l.client, "GET", first, nil); got.StatusCode != 404 {
		t.Errorf("a used request: %s", got.Status)
	}
	l.refused(l.finish("tina", "tina's", object{"webauthn_challenge_response": assertion}), 403, "invalid credentials")
	l.refused(l.finish("paul", "paul's", object{"webauthn_challenge_response": assertion}), 403, "invalid credentials") // used up

	answer = open(t, l.landing(l.confirm(page(), "paul", "sign-in")))
	assertion = answer["browser_mfa_webauthn_response"].(object)
	got := l.finish("paul", "paul's", object{"webauthn_challenge_response": assertion})
	if cert := tlsCert(t, decode(t, got.body)); cert.Subject.CommonName != "paul" {
		t.Errorf("certificate of %s", cert.Subject)
	}

	response := object{"clientDataJSON": "", "authenticatorData": "", "signature": ""}
	l.refused(l.finish("paul", "paul's", object{"webauthn_challenge_response": object{"rawId": "", "response": response}}), 403, "invalid credentials")
	if got := l.confirm(page(), "tina", "sign-in"); got.StatusCode != 404 {
		t.Errorf("somebody else confirms: %s", got.Status)
	}
	if back := l.landing(l.confirm(page(), "paul", "deny")); back.Query().Get("secret_key") != secret || back.Query().Get("err") == "" {
		t.Errorf("denied: %s", back)
	}
}

// A forged signature is what the cluster's verification is for.
func TestForgedAssertion(t *testing.T) {
	l := newLocal(t)
	challenge := decode(t, l.begin("paul", "paul's").body)
	page := l.cluster.URL() + "/web/mfa/browser/" + challenge["browser_challenge"].(object)["requestId"].(string)
	assertion := open(t, l.landing(l.confirm(page, "paul", "sign-in")))["browser_mfa_webauthn_response"].(object)
	assertion["response"].(object)["authenticatorData"] = "AAAA"
	l.refused(l.finish("paul", "paul's", object{"webauthn_challenge_response": assertion}), 403, "invalid credentials")
}

func TestBrowserMFAIsNotOffered(t *testing.T) {
	for name, change := range map[string]func(*testcluster.Config){
		"old":      func(c *testcluster.Config) { c.Version = "18.7.9" },
		"disabled": func(c *testcluster.Config) { c.LocalAuth.NoBrowserMFA = true },
	} {
		challenge := decode(t, newLocal(t, change).begin("paul", "paul's").body)
		if _, offered := challenge["browser_challenge"]; offered || challenge["webauthn_challenge"] == nil {
			t.Errorf("%s: challenge %v", name, challenge)
		}
	}
}

// headless starts a headless login; its answer arrives on the channel.
func (l *local) headless(user, name string) (page string, done <-chan answer) {
	sshKey := sshKey(name)
	id := headlessID(sshKey)
	answers := make(chan answer, 1)
	body := object{"user": user, "headless_id": id, "ssh_pub_key": []byte(sshKey),
		"tls_pub_key": publicPEM(l.t, newKey(l.t).Public()), "ttl": int64(time.Hour)}
	go func() { answers <- do(l.t, l.client, "POST", l.cluster.URL()+"/webapi/headless/login", body) }()
	return l.cluster.URL() + "/web/headless/" + id, answers
}

// sshKey is a line of authorized_keys with a key that name stands for.
func sshKey(name string) string {
	const kind = "ssh-ed25519"
	public := sha256.Sum256([]byte(name))
	blob := slices.Concat([]byte{0, 0, 0, byte(len(kind))}, []byte(kind), []byte{0, 0, 0, 32}, public[:])
	return kind + " " + base64.StdEncoding.EncodeToString(blob) + "\n"
}

func TestHeadless(t *testing.T) {
	l := newLocal(t)
	page, done := l.headless("paul", "one")
	if got := l.confirm(page, "tina", "sign-in"); got.StatusCode != 404 {
		t.Errorf("somebody else approves: %s", got.Status)
	}
	l.confirm(page, "paul", "sign-in")
	cert := tlsCert(t, decode(t, (<-done).body))
	if cert.Subject.CommonName != "paul" || !about(cert.NotAfter, time.Now().Add(time.Minute)) {
		t.Errorf("certificate of %s until %s", cert.Subject, cert.NotAfter)
	}
	page, done = l.headless("paul", "two")
	l.confirm(page, "paul", "deny")
	l.refused(<-done, 403, "headless authentication denied")
	page, done = l.headless("tina", "three")
	if got := l.confirm(page, "tina", "sign-in"); got.StatusCode != 403 {
		t.Errorf("approved without a passkey: %s", got.Status)
	}
	l.confirm(page, "tina", "deny")
	<-done
}

// Nobody approves the login.
func TestHeadlessTime(t *testing.T) {
	l := newLocal(t, func(c *testcluster.Config) { c.LocalAuth.HeadlessTime = 50 * time.Millisecond })
	_, done := l.headless("paul", "one")
	l.refused(<-done, 403, "headless authentication failed")
}

// TestHeadlessEndsWithTheCluster is a login that waits while the cluster stops.
func TestHeadlessEndsWithTheCluster(t *testing.T) {
	l := newLocal(t)
	body, err := json.Marshal(object{"user": "paul", "headless_id": headlessID(sshKey("one")), "ssh_pub_key": []byte(sshKey("one"))})
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		response, err := l.client.Post(l.cluster.URL()+"/webapi/headless/login", "application/json", bytes.NewReader(body))
		if err == nil {
			response.Body.Close()
		}
	}()
	if got := do(t, l.client, "GET", l.cluster.URL()+"/web/headless/"+headlessID(sshKey("one")), nil); got.StatusCode != 200 {
		t.Fatalf("page: %s", got.Status)
	}
	l.cluster.Close() // returns
	<-ended
}

func TestConnectorsByName(t *testing.T) {
	cluster := start(t, localUsers, func(c *testcluster.Config) {
		c.LocalAuth.Default = true
		c.Connectors = []testcluster.Connector{{Type: "saml", Name: "adfs"}, {Type: "oidc", Name: "okta", CallbackHosts: []string{"login.example.com"}, CallbackCIDRs: []string{"10.0.0.0/8"}}}
	})
	client := webClient(t, webConfig(t, cluster))
	types := map[string]string{"": "local", "/demo-idp": "github", "/adfs": "saml", "/okta": "oidc", "/local": "local", "/headless": "local"}
	for path, want := range types {
		auth := decode(t, do(t, client, "GET", cluster.URL()+"/webapi/ping"+path, nil).body)["auth"].(object)
		if auth["type"] != want {
			t.Errorf("ping%s: type %v, want %s", path, auth["type"], want)
		}
	}
	j := newJourney(t, cluster)
	j.typ = "saml"
	request := loginRequest(t)
	request["connector_id"] = "adfs"
	tlsCert(t, open(t, j.login(request, "alice")))
	for redirect, allowed := range map[string]bool{
		"https://login.example.com/callback?secret_key=" + secret: true,
		"http://10.1.2.3:8080/callback?secret_key=" + secret:      true,
		"http://login.example.com/callback?secret_key=" + secret:  false,
		"http://11.1.2.3:8080/callback?secret_key=" + secret:      false,
	} {
		request["connector_id"], request["redirect_url"] = "okta", redirect
		got := do(t, client, "POST", cluster.URL()+"/webapi/oidc/login/console", request)
		if allowed != (got.StatusCode == 200) {
			t.Errorf("callback %s: %s %s", redirect, got.Status, got.body)
		}
	}
}

// A cluster that wants hardware keys says so, and refuses everybody.
func TestKeyPolicy(t *testing.T) {
	l := newLocal(t, func(c *testcluster.Config) { c.KeyPolicy, c.LocalAuth.SecondFactor = "hardware_key_touch", "off" })
	auth := decode(t, do(t, l.client, "GET", l.cluster.URL()+"/webapi/ping", nil).body)["auth"].(object)
	if auth["private_key_policy"] != "hardware_key_touch" || auth["second_factor"] != "off" {
		t.Errorf("ping: %v", auth)
	}
	l.refused(l.finish("nora", "nora's", nil), 403, "private key policy not met: hardware_key_touch")
}

// headlessID is the UUID of protocol.md 3.4.
func headlessID(sshKey string) string {
	id := sha256.Sum256([]byte(strings.Repeat("\x00", 16) + sshKey))
	id[6], id[8] = id[6]&15|5<<4, id[8]&63|128
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
}
