// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the requests of a login as they are on the wire.

package login

import (
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// recorded is a proxy with canned answers that keeps what it is sent.
type recorded struct {
	*fakeProxy
	answers map[string]string // by path
	status  int               // of all answers; 0: 200
	got     map[string]string // bodies, by path
}

func record(t *testing.T, answers map[string]string) *recorded {
	t.Helper()
	r := &recorded{fakeProxy: newFakeProxy(t), answers: answers, got: map[string]string{}}
	r.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		var body json.RawMessage
		if err := json.NewDecoder(req.Body).Decode(&body); err != nil {
			t.Errorf("%s: %v", req.URL.Path, err)
		}
		r.got[req.URL.Path] = string(body)
		if r.status != 0 {
			w.WriteHeader(r.status)
		}
		w.Write([]byte(answers[req.URL.Path]))
	})
	return r
}

// sent is a recorded body without what differs each time.
func (r *recorded) sent(t *testing.T, path string, random ...string) map[string]any {
	t.Helper()
	var body map[string]any
	if err := json.Unmarshal([]byte(r.got[path]), &body); err != nil {
		t.Fatalf("%s: %v in %q", path, err, r.got[path])
	}
	for _, name := range random {
		if text, _ := body[name].(string); text == "" {
			t.Errorf("%s: no %s", path, name)
		}
		delete(body, name)
	}
	return body
}

// answering answers every prompt with text.
func answering(text string) func(context.Context, Prompt) (string, error) {
	return func(context.Context, Prompt) (string, error) { return text, nil }
}

const (
	beginPath  = "/webapi/mfa/login/begin"
	finishPath = "/webapi/mfa/login/finish"
	totpAnswer = `{"webauthn_challenge":null,"totp_challenge":true,"sso_challenge":null}` // as recorded
)

// TestLocalRequests compares the two requests with protocol.md 3.1.
func TestLocalRequests(t *testing.T) {
	r := record(t, map[string]string{beginPath: totpAnswer, finishPath: "{}"})
	local := &Local{Proxy: r.proxy(), User: "alice", Ask: answering("123456"), TTL: time.Hour}
	if _, err := local.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "has no TLS certificate") {
		t.Errorf("error %v", err)
	}
	got := r.sent(t, beginPath, "browser_mfa_tsh_redirect_url")
	if want := map[string]any{"user": "alice", "pass": "123456", "passwordless": false}; !reflect.DeepEqual(got, want) {
		t.Errorf("begin: %v, want %v", got, want)
	}
	got = r.sent(t, finishPath, "tls_pub_key")
	if want := map[string]any{"user": "alice", "password": "123456", "totp_code": "123456", "ttl": 3.6e12}; !reflect.DeepEqual(got, want) {
		t.Errorf("finish: %v, want %v", got, want)
	}
}

// TestBrowserRequests holds that the proof of the passkey goes back as it came,
// in whatever form the cluster writes it.
func TestBrowserRequests(t *testing.T) {
	const assertion = `{"id":"aGk","rawId":"aGk=","type":"public-key","response":{"clientDataJSON":"e30","signature":"AA=="},"unknown":[1.50]}`
	for _, challenge := range []string{`{"requestId":"a b"}`, `{"request_id":"a b"}`} {
		r := record(t, map[string]string{
			beginPath:  `{"webauthn_challenge":{"publicKey":{}},"totp_challenge":false,"browser_challenge":` + challenge + `}`,
			finishPath: "{}",
		})
		local := &Local{Proxy: r.proxy(), User: "alice", Ask: answering("pw")}
		local.Open = func(link string) error {
			first, err := browser.RoundTrip(httpGet(link))
			if err != nil {
				return err
			}
			first.Body.Close()
			if got, want := first.Header.Get("Location"), "https://"+r.proxy().Addr+"/web/mfa/browser/a%20b"; got != want {
				t.Errorf("the link leads to %s, want %s", got, want)
			}
			back, err := url.Parse(r.sent(t, beginPath)["browser_mfa_tsh_redirect_url"].(string))
			if err != nil {
				return err
			}
			secret := decodeHex(t, back.Query().Get("secret_key"))
			plain := `{"username":"","tls_cert":null,"browser_mfa_webauthn_response":` + assertion + `}`
			back.RawQuery = url.Values{"response": {seal(t, secret, []byte(plain))}}.Encode()
			answer := (&run{fakeProxy: r.fakeProxy, t: t}).visit(back.String())
			checkPage(t, answer, http.StatusOK, "You have confirmed that it is you", "continues there")
			return nil
		}
		if _, err := local.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "has no TLS certificate") {
			t.Errorf("error %v", err)
		}
		if !strings.Contains(r.got[finishPath], `"webauthn_challenge_response":`+assertion) {
			t.Errorf("finish: %s", r.got[finishPath])
		}
		if _, code := r.sent(t, finishPath)["totp_code"]; code {
			t.Error("a code was sent as well")
		}
	}
}

func decodeHex(t *testing.T, text string) []byte {
	t.Helper()
	f := &fakeProxy{request: map[string]any{"redirect_url": "http://x/?secret_key=" + text}}
	_, secret := f.callback(t)
	return secret
}

func TestReadAssertion(t *testing.T) {
	for _, plain := range []string{``, `{}`, `[]`, `{"browser_mfa_webauthn_response":null}`, `{"browser_mfa_webauthn_response":"x"}`, `{"username":"alice"}`} {
		if out := readAssertion([]byte(plain)); out.err == nil || out.assertion != nil {
			t.Errorf("%s: %+v", plain, out)
		}
	}
}

// TestHeadlessRequest compares with protocol.md 3.4.
func TestHeadlessRequest(t *testing.T) {
	const path = "/webapi/headless/login"
	r := record(t, map[string]string{path: "{}"})
	var link string
	h := &Headless{Proxy: r.proxy(), User: "alice", Show: func(l string) { link = l }}
	if _, err := h.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "has no TLS certificate") {
		t.Errorf("error %v", err)
	}
	got := r.sent(t, path, "tls_pub_key")
	line, err := base64.StdEncoding.DecodeString(got["ssh_pub_key"].(string))
	if err != nil || !strings.HasPrefix(string(line), "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI") || line[len(line)-1] != '\n' || len(line) != 12+68+1 {
		t.Errorf("ssh_pub_key %q, %v", line, err)
	}
	if id := headlessID(line); got["headless_id"] != id || link != "https://"+r.proxy().Addr+"/web/headless/"+id {
		t.Errorf("headless_id %v and link %s", got["headless_id"], link)
	}
	if got["user"] != "alice" || got["ttl"] != 6e10 || len(got) != 4 {
		t.Errorf("request %v", got)
	}
}

// TestHeadlessID compares with an id that was computed elsewhere by the rule of
// protocol.md 3.4.
func TestHeadlessID(t *testing.T) {
	if id := headlessID([]byte("ssh-ed25519 AAAA\n")); id != "efc726f8-822d-57c9-9e82-9240bb4cc418" {
		t.Errorf("got %s", id)
	}
}

// TestRefused covers texts that the test cluster does not give.
func TestRefused(t *testing.T) {
	for _, test := range []struct {
		status  int
		message string
		want    Reason // 0: not a refusal, the error stays as it is
	}{
		{403, "alice exceeds 5 failed login attempts, locked until Mon Jan 2", LockedOut},
		{403, "missing second factor", NoDevice},
		{403, "", WrongCode},
		{429, "", RateLimited},
		{400, "bad parameter", 0},
		{500, "is in force", 0},
		{404, "", 0},
	} {
		in := &teleport.APIError{Status: test.status, Message: test.message}
		err := Attempt{}.refused(in, WrongCode)
		var refusal *RefusedError
		if errors.As(err, &refusal) != (test.want != 0) || refusal != nil && (refusal.Reason != test.want || refusal.Message == "") {
			t.Errorf("%+v: %#v", test, err)
		}
		if !errors.Is(err, in) {
			t.Errorf("%+v: the cause is lost", test)
		}
	}
	if err := (Attempt{}).refused(context.Canceled, WrongCode); err != context.Canceled {
		t.Errorf("%v", err)
	}
}

func TestServerErrorsOfLocalLogins(t *testing.T) {
	r := record(t, nil)
	r.status = http.StatusInternalServerError
	var failed *teleport.APIError
	if _, err := (&Local{Proxy: r.proxy(), User: "alice", Ask: answering("pw")}).Run(t.Context()); !errors.As(err, &failed) || failed.Status != 500 {
		t.Errorf("local: %v", err)
	}
	h := &Headless{Proxy: r.proxy(), User: "alice", Show: func(string) {}}
	if _, err := h.Run(t.Context()); !errors.As(err, &failed) || failed.Status != 500 {
		t.Errorf("headless: %v", err)
	}
	broken := errors.New("no randomness")
	h.NewKey = func() (*ecdsa.PrivateKey, error) { return nil, broken }
	if _, err := h.Run(t.Context()); !errors.Is(err, broken) {
		t.Errorf("headless: %v", err)
	}
}

// A silent server is given up on, a little after its own time is over.
func TestHeadlessGivesUp(t *testing.T) {
	silent := httptest.NewTLSServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // to return would be an answer, which can still arrive
	}))
	defer silent.Close()
	f := &fakeProxy{Server: silent}
	h := &Headless{Proxy: f.proxy(), User: "alice", Show: func(string) {}}
	err := h.failed(t.Context(), context.DeadlineExceeded, time.Second)
	if !errors.Is(err, ErrNotApproved) {
		t.Errorf("error %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := h.Run(ctx); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrNotApproved) {
		t.Errorf("the caller's own end: %v", err)
	}
}
