// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: login-local.json and headless.json, logins of the cluster's own users.

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/grpctest"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

func TestRecordedLocal(t *testing.T) {
	r := startRig(t, nil, func(cfg *Config) { cfg.NoWebUI = true })
	r.UnlimitLogins() // the recorder paused where it had to
	code := currentCode(t)
	replayFile(t, "login-local.json", nil, func(t *testing.T, e recorded) {
		words := strings.NewReplacer("<code>", code)
		e.Request.Body = json.RawMessage(words.Replace(string(e.Request.Body)))
		switch {
		case strings.Contains(e.Given, "an administrator's lock"):
			r.LockUser("erin", "locked by the recorder")
		case e.Name == "begin-lockout":
			r.UnlockUser("erin")
			r.replayLockout(t, e)
			return
		case e.Name == "begin-rate-limit":
			r.replayRateLimit(t, e)
			return
		}
		body := r.wantWeb(t, *e.Response, r.web(t, e.Request, loginWords(t)))
		if e.Extra != nil {
			var extra recordedLogin
			if err := json.Unmarshal(e.Extra, &extra); err != nil {
				t.Fatal(err)
			}
			wantLogin(t, extra, body)
		}
	})
}

// currentCode is the one-time code of now, with time left to use it.
func currentCode(t *testing.T) string {
	t.Helper()
	code, err := totpCode(rigSecret, int(time.Now().Unix()/30))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// replayLockout repeats the recorded attempts without the pauses between them.
func (r *rig) replayLockout(t *testing.T, e recorded) {
	for _, step := range e.Then {
		req := e.Request
		switch {
		case strings.HasPrefix(step.Step, "right password"):
			req.Body = json.RawMessage(`{"user":"erin","pass":"<password>"}`)
		case strings.HasPrefix(step.Step, "finish"):
			req.Path = "/webapi/mfa/login/finish"
			req.Body = json.RawMessage(`{"user":"erin","password":"<password>","tls_pub_key":"<base64>"}`)
		}
		t.Run(step.Step, func(t *testing.T) { r.wantWeb(t, step, r.web(t, req, loginWords(t))) })
	}
	r.Unlock("erin")
}

// replayRateLimit: "answer number 15 was the first that was no 403".
func (r *rig) replayRateLimit(t *testing.T, e recorded) {
	r.limitLogins()
	defer r.UnlimitLogins()
	for n := 1; n < 15; n++ {
		if resp := r.web(t, e.Request, loginWords(t)); resp.StatusCode != http.StatusForbidden {
			t.Fatalf("answer number %d is %d", n, resp.StatusCode)
		}
	}
	r.wantWeb(t, *e.Response, r.web(t, e.Request, loginWords(t)))
	for i, path := range []string{"/webapi/ping/local", "/webapi/ping"} {
		want := e.Then[i]
		resp := r.web(t, recordedRequest{Method: http.MethodGet, Path: path}, loginWords(t))
		if diff := diffHeaders(want.Headers, resp.Header, false, nil); resp.StatusCode != want.Status || diff != "" {
			t.Errorf("%s: %d %s", want.Step, resp.StatusCode, diff)
		}
	}
}

func TestRecordedHeadless(t *testing.T) {
	t.Parallel() // it waits
	state := recordedState(t, func(given string, cfg *Config) {
		cfg.LocalAuth.NoHeadless = strings.Contains(given, "allow_headless: false")
	})
	var poll recordedRequest // "as above"
	replayFile(t, "headless.json", nil, func(t *testing.T, e recorded) {
		r := state(strings.SplitAfter(e.Given, "headless allowed")[0])
		key := newSSHKey()
		id := headlessID(key)
		if e.Name == "id-not-of-key" {
			id = newUUID()
		}
		if e.Name == "unknown-user" {
			e.Request = poll
			e.Request.Body = json.RawMessage(strings.ReplaceAll(string(poll.Body), `"bob"`, `"nobody"`))
		}
		fill := strings.NewReplacer("<uuid>", id, `"ssh_pub_key": "<base64>"`, `"ssh_pub_key": "`+base64.StdEncoding.EncodeToString(key)+`"`)
		e.Request.Body = json.RawMessage(fill.Replace(string(e.Request.Body)))
		switch {
		case strings.HasPrefix(e.Request.Method, "grpc"):
			r.replayDenial(t, e, id)
			return
		case e.Response.Error != "":
			r.wantOpenPoll(t, e)
			return
		case e.Name == "denied":
			poll = e.Request
			var denial sync.WaitGroup
			denial.Go(func() { r.denyHeadless(t, id) })
			defer denial.Wait()
		}
		r.wantWeb(t, *e.Response, r.web(t, e.Request, loginWords(t)))
	})
}

// denyHeadless waits for the login and denies it.
func (r *rig) denyHeadless(t *testing.T, id string) {
	if login := r.headless.await(t.Context(), id); login == nil {
		t.Error("the login did not arrive")
		return
	}
	if err := r.decideHeadless(t, id, wirepb.HeadlessState_HEADLESS_STATE_DENIED); err != nil {
		t.Error(err)
	}
}

// wantOpenPoll holds that nothing is answered. The recorder waited for some 10 s.
func (r *rig) wantOpenPoll(t *testing.T, e recorded) {
	t.Helper()
	body := r.words.Replace(loginWords(t).Replace(bodyText(t, e.Request.Body)))
	client := tlsClient(t, r.Cluster, tls.Certificate{})
	client.Timeout = 300 * time.Millisecond
	resp, err := client.Post(r.URL()+e.Request.Path, "application/json", strings.NewReader(body))
	if err == nil {
		t.Fatalf("answered %d %s", resp.StatusCode, readAll(t, resp))
	}
	if !strings.Contains(err.Error(), e.Response.Error) {
		t.Errorf("error %v, want %s", err, e.Response.Error)
	}
}

// replayDenial denies a login that is not known.
func (r *rig) replayDenial(t *testing.T, e recorded, id string) {
	t.Helper()
	err := r.decideHeadless(t, id, wirepb.HeadlessState_HEADLESS_STATE_DENIED)
	if st := status.Convert(err); st.Code().String() != e.Response.Code || !matchText(e.Response.Message, st.Message(), nil) {
		t.Errorf("%v, want %s %s", err, e.Response.Code, e.Response.Message)
	}
}

// decideHeadless decides about a login as bob.
func (r *rig) decideHeadless(t *testing.T, id string, state wirepb.HeadlessState) error {
	key, cert, hostCA, err := r.Issue("bob", time.Hour)
	if err != nil {
		return err
	}
	pair, err := tls.X509KeyPair(cert, key)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(hostCA)
	config := &tls.Config{
		RootCAs: roots, Certificates: []tls.Certificate{pair},
		ServerName: serverName(r.Name()), NextProtos: []string{authProtocol(r.Name())},
	}
	conn, err := grpc.NewClient("passthrough:///"+r.Addr(), grpc.WithTransportCredentials(credentials.NewTLS(config)),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(grpctest.Codec{})))
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Invoke(t.Context(), "/proto.AuthService/UpdateHeadlessAuthenticationState",
		&wirepb.HeadlessDecision{Id: id, State: state}, &wire.Empty{})
}
