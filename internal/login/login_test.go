// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(withBrowser{m}) }

// StopBrowser ends the browser that tests share, if one was started.
var StopBrowser = func() {}

// withBrowser ends it after the tests.
type withBrowser struct{ *testing.M }

func (m withBrowser) Run() int {
	defer func() { StopBrowser() }()
	return m.M.Run()
}

func TestLogin(t *testing.T) {
	tests := []struct {
		name   string
		answer func(r *run) reply // brings the browser back to the listener
	}{
		{"get", func(r *run) reply { return r.send("GET", r.goodURL(), "") }},
		{"post", func(r *run) reply { return post(r, r.goodURL()) }},
		{"post from the proxy", func(r *run) reply {
			return post(r, r.goodURL(), "Origin", "https://"+r.proxy().Addr)
		}},
		{"post from a hidden origin", func(r *run) reply { return post(r, r.goodURL(), "Origin", "null") }},
		{"localhost", func(r *run) reply {
			return r.send("GET", strings.Replace(r.goodURL(), "127.0.0.1", "localhost", 1), "")
		}},
		{"query of 64 KiB", func(r *run) reply {
			base, secret := r.callback(r.t)
			plain := r.answer(r.t, func(a map[string]any) { a["client_options"] = strings.Repeat("x", 48<<10) })
			query := "?response=" + url.QueryEscape(seal(r.t, secret, plain))
			if len(query) < 64<<10 {
				r.t.Fatalf("the query has only %d bytes", len(query))
			}
			return r.send("GET", base+query, "")
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(t, newFakeProxy(t), nil)
			page := r.follow(test.answer(r))
			id, err := r.end()
			if err != nil {
				t.Fatal(err)
			}
			checkIdentity(t, r, id)
			checkPage(t, page, http.StatusOK, "You are signed in", fakeCluster, fakeUser, "close this tab")
			if len(r.opened) != 1 || r.opened[0] != r.link {
				t.Errorf("opened %d tabs, want one with the link that was shown", len(r.opened))
			}
			if len(r.shown) != 1 || r.shown[0] != nil {
				t.Errorf("shown %v, want once without an error", r.shown)
			}
			if _, err := browser.RoundTrip(httpGet(r.link)); err == nil {
				t.Error("the listener still answers after the login")
			}
		})
	}
}

func checkIdentity(t *testing.T, r *run, id *teleport.Identity) {
	t.Helper()
	if id.Username() != fakeUser || id.Cluster() != fakeCluster {
		t.Errorf("identity of %s at %s", id.Username(), id.Cluster())
	}
	if !id.Key.Public().(*ecdsa.PublicKey).Equal(r.publicKey(t)) {
		t.Error("the identity's key is not the one that the proxy got")
	}
	ca, err := teleport.ParseCertificate(r.hostCA)
	if err != nil {
		t.Fatal(err)
	}
	if len(id.HostCAs) != 1 || !id.HostCAs[0].Equal(ca) {
		t.Errorf("%d host CAs, want the one of %s", len(id.HostCAs), fakeCluster)
	}
}

// post sends the query of the URL as a form.
func post(r *run, target string, header ...string) reply {
	base, query, _ := strings.Cut(target, "?")
	return r.send("POST", base, query, append(header, "Content-Type", "application/x-www-form-urlencoded")...)
}

func httpGet(url string) *http.Request {
	req, err := http.NewRequest("GET", url, nil)
	if err != nil {
		panic(err)
	}
	return req
}

// TestRefusals holds that nothing ends the wait but what was made with the
// secret: each request is refused, and the login works after it.
func TestRefusals(t *testing.T) {
	base := func(r *run) string { b, _ := r.callback(r.t); return b }
	tests := []struct {
		name   string
		send   func(r *run) reply
		status int
		reason string
	}{
		{"wrong path", func(r *run) reply {
			return r.send("GET", strings.Replace(r.goodURL(), "/callback", "/callback/", 1), "")
		}, 404, unknownPath},
		{"escaped path", func(r *run) reply {
			return r.send("GET", strings.Replace(r.goodURL(), "/callback", "/call%62ack", 1), "")
		}, 404, unknownPath},
		{"root", func(r *run) reply { return r.send("GET", "http://"+hostOf(r.link)+"/", "") }, 404, unknownPath},
		{"done page before the end", func(r *run) reply { return r.send("GET", "http://"+hostOf(r.link)+"/done/", "") }, 404, unknownPath},
		{"put", func(r *run) reply { return r.send("PUT", r.goodURL(), "") }, 405, wrongMethod},
		{"delete", func(r *run) reply { return r.send("DELETE", r.goodURL(), "") }, 405, wrongMethod},
		{"post to the link", func(r *run) reply { return r.send("POST", r.link, "") }, 405, wrongMethod},
		{"nothing", func(r *run) reply { return r.send("GET", base(r), "") }, 403, errSealed.Error()},
		{"no JSON", func(r *run) reply { return r.send("GET", base(r)+"?response=hello", "") }, 403, errSealed.Error()},
		{"another secret", func(r *run) reply {
			return r.send("GET", base(r)+"?response="+url.QueryEscape(seal(r.t, make([]byte, 32), r.answer(r.t, nil))), "")
		}, 403, errSealed.Error()},
		{"long nonce", func(r *run) reply {
			return r.send("GET", base(r)+`?response={"ciphertext":"AAAA","nonce":"AAAAAAAAAAAAAAAAAAAAAAAA"}`, "")
		}, 403, errSealed.Error()},
		{"answer in the clear", func(r *run) reply {
			return r.send("GET", base(r)+"?response="+url.QueryEscape(string(r.answer(r.t, nil))), "")
		}, 403, errSealed.Error()},
		{"error without a secret", func(r *run) reply { return r.send("GET", base(r)+"?err=denied", "") }, 403, errForgedError.Error()},
		{"error with a wrong secret", func(r *run) reply {
			return r.send("GET", base(r)+"?err=denied&secret_key="+strings.Repeat("0", 64), "")
		}, 403, errForgedError.Error()},
		{"forged error on top of an answer", func(r *run) reply { return r.send("GET", r.goodURL()+"&err=denied", "") }, 403, errForgedError.Error()},
		{"posted error without a secret", func(r *run) reply { return post(r, base(r)+"?err=denied") }, 403, errForgedError.Error()},
		{"foreign host", func(r *run) reply { return r.send("GET", r.goodURL(), "", "Host", "evil.example") }, 403, foreignHost},
		{"rebound host with the port", func(r *run) reply {
			return r.send("GET", r.goodURL(), "", "Host", "evil.example:"+portOf(r.link))
		}, 403, foreignHost},
		{"host without the port", func(r *run) reply { return r.send("GET", r.goodURL(), "", "Host", "127.0.0.1") }, 403, foreignHost},
		{"foreign host at the link", func(r *run) reply { return r.send("GET", r.link, "", "Host", "evil.example") }, 403, foreignHost},
		{"foreign origin", func(r *run) reply { return post(r, r.goodURL(), "Origin", "https://evil.example") }, 403, foreignOrigin},
		{"proxy's origin over http", func(r *run) reply { return post(r, r.goodURL(), "Origin", "http://"+r.proxy().Addr) }, 403, foreignOrigin},
		{"origin of another port", func(r *run) reply { return post(r, r.goodURL(), "Origin", "http://127.0.0.1:1") }, 403, foreignOrigin},
		{"foreign origin asks first", func(r *run) reply { return r.send("OPTIONS", base(r), "", "Origin", "https://evil.example") }, 403, foreignOrigin},
		{"form that cannot be read", func(r *run) reply { return r.send("GET", base(r)+"?response=%zz", "") }, 400, badForm},
		{"form without an end", func(r *run) reply {
			return post(r, base(r)+"?response="+strings.Repeat("x", maxForm+1))
		}, 400, badForm},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(t, newFakeProxy(t), nil)
			rep := test.send(r)
			checkPage(t, rep, test.status, "This request was refused", htmlText(test.reason))
			if foreign := test.reason == foreignOrigin; foreign && rep.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("a foreign origin may read the refusal")
			}
			if rep.StatusCode == 405 && rep.Header.Get("Allow") == "" {
				t.Error("405 without Allow")
			}
			select {
			case <-r.done:
				t.Fatal("the request has ended the login")
			default:
			}
			r.visit(r.goodURL())
			if _, err := r.end(); err != nil {
				t.Fatalf("the login does not work any more: %v", err)
			}
		})
	}
}

func TestSecondCallback(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	first := r.send("GET", r.goodURL(), "")
	for _, again := range []string{r.goodURL(), r.errURL("denied")} {
		checkPage(t, r.send("GET", again, ""), http.StatusConflict, alreadyEnded)
	}
	r.follow(first)
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestOptions(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	base, _ := r.callback(t)
	for _, origin := range []string{"null", "https://" + r.proxy().Addr} {
		rep := r.send("OPTIONS", base, "", "Origin", origin)
		if rep.StatusCode != 200 || rep.body != "" {
			t.Errorf("status %d, body %q", rep.StatusCode, rep.body)
		}
		for name, want := range map[string]string{"Allow": "GET, OPTIONS, POST", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"} {
			if got := rep.Header.Get(name); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	r.cancel()
	r.end()
}

// TestBadAnswers holds that an answer made with the secret ends the login even
// if it is no good, and that person and browser learn why.
func TestBadAnswers(t *testing.T) {
	cert := func(r *run, edit func(*x509.Certificate)) func(map[string]any) {
		return func(a map[string]any) { a["tls_cert"] = r.certificate(r.t, edit) }
	}
	signers := func(name string, certs ...[]byte) func(map[string]any) {
		return func(a map[string]any) {
			a["host_signers"] = []map[string]any{{"domain_name": name, "tls_certs": certs}}
		}
	}
	nextYear := time.Now().UTC().AddDate(1, 0, 0).Truncate(time.Second)
	tests := []struct {
		name string
		edit func(r *run) func(map[string]any)
		want string
	}{
		{"no certificate", func(*run) func(map[string]any) { return func(a map[string]any) { delete(a, "tls_cert") } }, "it has no TLS certificate"},
		{"no PEM", func(*run) func(map[string]any) { return func(a map[string]any) { a["tls_cert"] = []byte("junk") } }, "its TLS certificate cannot be read"},
		{"foreign key", func(r *run) func(map[string]any) { return func(a map[string]any) { a["tls_cert"] = r.hostCA } }, "its certificate is for another key"},
		{"other name", func(*run) func(map[string]any) { return func(a map[string]any) { a["username"] = "mallory" } }, "its certificate is for another user"},
		{"no name", func(r *run) func(map[string]any) {
			return func(a map[string]any) {
				a["username"] = ""
				cert(r, func(c *x509.Certificate) { c.Subject.CommonName = "" })(a)
			}
		}, "its certificate is for another user"},
		{"expired", func(r *run) func(map[string]any) {
			return cert(r, func(c *x509.Certificate) { c.NotAfter = time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC) })
		}, "its certificate expired at 2020-01-02T03:04:05Z, check the clock of this computer"},
		{"of next year", func(r *run) func(map[string]any) {
			return cert(r, func(c *x509.Certificate) { c.NotBefore, c.NotAfter = nextYear, nextYear.Add(time.Hour) })
		}, "its certificate is not valid before " + nextYear.Format(time.RFC3339) + ", check the clock of this computer"},
		{"of a CA", func(r *run) func(map[string]any) {
			return cert(r, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
		}, "its certificate is that of a CA"},
		{"of another cluster", func(r *run) func(map[string]any) {
			return func(a map[string]any) {
				a["tls_cert"] = r.certificateOf(r.t, "elsewhere", nil)
				signers("elsewhere", r.otherCA)(a)
			}
		}, `its certificate was issued by "elsewhere" and not by the cluster "` + fakeCluster + `"`},
		{"with an issuer that is not", func(r *run) func(map[string]any) {
			return func(a map[string]any) { a["tls_cert"] = append(r.certificate(r.t, nil), r.hostCA...) }
		}, "its certificate is not signed by the issuer that comes with it"},
		{"not for clients", func(r *run) func(map[string]any) {
			return cert(r, func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} })
		}, "its certificate is not for TLS clients"},
		{"no host signers", func(*run) func(map[string]any) { return func(a map[string]any) { a["host_signers"] = nil } }, "it has no host CA certificate of the cluster"},
		{"host signer without a certificate", func(*run) func(map[string]any) { return signers(fakeCluster) }, "it has no host CA certificate of the cluster"},
		{"host signer of another cluster", func(r *run) func(map[string]any) { return signers("leaf", r.otherCA) }, "it has no host CA certificate of the cluster"},
		{"host signer that is no CA", func(r *run) func(map[string]any) { return signers(fakeCluster, r.certificate(r.t, nil)) }, "it has no host CA certificate of the cluster"},
		{"host signer that is junk", func(*run) func(map[string]any) { return signers(fakeCluster, []byte("junk")) }, "a host CA certificate in it cannot be read"},
		{"other types", func(*run) func(map[string]any) { return func(a map[string]any) { a["username"] = 7 } }, "it is not the JSON of a login"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(t, newFakeProxy(t), nil)
			base, secret := r.callback(t)
			response := seal(t, secret, r.answer(t, test.edit(r)))
			page := r.visit(base + "?response=" + url.QueryEscape(response))
			_, err := r.end()
			if err == nil || err.Error() != "the cluster's answer is unusable: "+test.want {
				t.Fatalf("error %v, want %s", err, test.want)
			}
			checkPage(t, page, http.StatusOK, "Sign-in failed", fakeCluster, htmlText(err.Error()))
		})
	}
}

// TestClockBehind: a computer whose clock is a few minutes slow can log in.
func TestClockBehind(t *testing.T) {
	for ahead, want := range map[time.Duration]bool{3 * time.Minute: true, 5 * time.Minute: false} {
		r := start(t, newFakeProxy(t), nil)
		base, secret := r.callback(t)
		response := seal(t, secret, r.answer(t, func(a map[string]any) {
			a["tls_cert"] = r.certificate(t, func(c *x509.Certificate) { c.NotBefore = time.Now().Add(ahead) })
		}))
		r.visit(base + "?response=" + url.QueryEscape(response))
		if _, err := r.end(); want != (err == nil) {
			t.Errorf("valid in %v: %v", ahead, err)
		}
	}
}

func TestServerErrors(t *testing.T) {
	tests := []struct {
		name, text string
		want       error
		page       string
	}{
		{"denied", "unable to process callback:\n\tlist of user teams is empty, did you grant access?",
			&DeniedError{Message: "unable to process callback: list of user teams is empty, did you grant access?"},
			"list of user teams is empty"},
		{"markup and control characters", "\x1b[31m<script>alert(1)</script>\x00\u202e",
			&DeniedError{Message: "<script>alert(1)</script>"},
			"&lt;script&gt;alert(1)&lt;/script&gt;"},
		{"query of a URL", `Post "https://idp.example/token?code=c0de&secret=s": refused`,
			&DeniedError{Message: `Post "https://idp.example/token": refused`}, "https://idp.example/token"},
		{"empty", "", &DeniedError{}, "without a reason"},
		{"hardware key", "private key policy not met: hardware_key_touch",
			&teleport.PolicyError{Policy: "hardware_key_touch", Message: "private key policy not met: hardware_key_touch"},
			"tshmcp does not support hardware keys"},
		{"hardware key, newer words", "x: private key policy not satisfied: hardware_key",
			&teleport.PolicyError{Policy: "hardware_key", Message: "x: private key policy not satisfied: hardware_key"},
			"tshmcp does not support hardware keys"},
		{"device trust", "Unauthorized device", &teleport.PolicyError{Message: "Unauthorized device"},
			"tshmcp does not support device trust and hardware keys"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := start(t, newFakeProxy(t), nil)
			page := r.visit(r.errURL(test.text))
			_, err := r.end()
			checkSameError(t, err, test.want)
			checkPage(t, page, http.StatusOK, "Sign-in failed", fakeCluster, "close this tab", test.page)
			if strings.ContainsAny(page.body, "\x00\x1b\u202e") || strings.Contains(page.body, "<script") {
				t.Error("the page holds the server's control characters or markup")
			}
		})
	}
}

// checkSameError compares kind and fields.
func checkSameError(t *testing.T, got, want error) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if fmt.Sprintf("%T", got) != fmt.Sprintf("%T", want) || string(a) != string(b) {
		t.Errorf("error %T %s, want %T %s", got, a, want, b)
	}
}

func TestPostedError(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	r.follow(post(r, r.errURL("no access")))
	_, err := r.end()
	checkSameError(t, err, &DeniedError{Message: "no access"})
}

func TestTimeout(t *testing.T) {
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Timeout = 50 * time.Millisecond })
	if _, err := r.end(); !errors.Is(err, ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout", err)
	}
}

func TestCancel(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	r.send("GET", r.link, "")
	before := time.Now()
	r.cancel()
	_, err := r.end()
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if took := time.Since(before); took > time.Second {
		t.Errorf("the login ended %v after its context", took)
	}
}

// TestBrowserThatLooksAway ends the context between the callback and the page:
// the login has been answered, so it counts.
func TestBrowserThatLooksAway(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	r.send("GET", r.goodURL(), "")
	r.cancel()
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

// TestUnusedConnection is one that a browser opens in advance: the end of the
// login does not wait for it.
func TestUnusedConnection(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	conn, err := net.Dial("tcp", hostOf(r.link))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(20 * time.Second))
	r.send("GET", r.link, "") // accepted after conn, so conn is known by now
	r.visit(r.goodURL())
	before := time.Now()
	if _, err := r.end(); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(before); took > time.Second {
		t.Errorf("the login ended only %v after its page", took)
	}
	if _, err := conn.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is still open (%v)", err)
	}
}

func TestNoGoroutineIsLeft(t *testing.T) {
	f := newFakeProxy(t)
	known := goleak.IgnoreCurrent()
	r := start(t, f, nil)
	idle := &http.Transport{} // keeps its connection open, as browsers do
	defer idle.CloseIdleConnections()
	for range 3 {
		resp, err := idle.RoundTrip(httpGet(r.link))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	r.visit(r.goodURL())
	r.end()
	idle.CloseIdleConnections()
	f.CloseClientConnections()
	goleak.VerifyNone(t, known)
}
