// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// checkPage holds a page to what all pages have: the headers, no resource from
// elsewhere, and a policy that knows the style.
func checkPage(t *testing.T, rep reply, status int, texts ...string) {
	t.Helper()
	if rep.StatusCode != status {
		t.Errorf("status %d, want %d", rep.StatusCode, status)
	}
	for name, want := range map[string]string{
		"Content-Type":           "text/html; charset=utf-8",
		"Cache-Control":          "no-store",
		"Referrer-Policy":        "no-referrer",
		"X-Content-Type-Options": "nosniff",
	} {
		if got := rep.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, text := range texts {
		if !strings.Contains(rep.body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	if m := regexp.MustCompile(`(?i)(src|srcset|action)=|https?://[^ <]*["')]|@import|url\(|<script`).FindString(rep.body); m != "" {
		t.Errorf("the page refers to something: %q", m)
	}
	style := regexp.MustCompile(`(?s)<style>(.*)</style>`).FindStringSubmatch(rep.body)
	policy := rep.Header.Get("Content-Security-Policy")
	if style == nil || !strings.Contains(policy, "style-src 'sha256-"+hash(style[1])+"'") {
		t.Errorf("the policy does not allow the page's style: %s", policy)
	}
	if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") || strings.Contains(policy, "script") {
		t.Errorf("policy %s", policy)
	}
}

// htmlText is the text as a page has it.
func htmlText(text string) string { return html.EscapeString(text) }

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		panic(err)
	}
	return u.Host
}

func portOf(link string) string {
	_, port, _ := strings.Cut(hostOf(link), ":")
	return port
}

func TestPagesEscape(t *testing.T) {
	const evil = `"><img src=x onerror=alert(1)>`
	w := httptest.NewRecorder()
	writePage(w, http.StatusOK, page{Kind: evil, Title: evil, Cluster: evil, User: evil, Reason: evil, Next: evil})
	if strings.Contains(w.Body.String(), "<img") {
		t.Errorf("the page holds markup from outside:\n%s", w.Body)
	}
}

// TestPageWithoutClusterName is a login whose caller does not know the cluster.
func TestPageWithoutClusterName(t *testing.T) {
	unnamed := func(s *SSO) { s.Cluster = "" }
	r := start(t, newFakeProxy(t), unnamed)
	checkPage(t, r.visit(r.goodURL()), http.StatusOK, fakeCluster, fakeUser)
	r.end()
	r = start(t, newFakeProxy(t), unnamed)
	checkPage(t, r.visit(r.errURL("denied")), http.StatusOK, r.proxy().Addr)
	r.end()
}

// TestNoPageBeforeTheEnd asks for the page of the outcome while there is none.
func TestNoPageBeforeTheEnd(t *testing.T) {
	c := newCeremony((&SSO{Proxy: &teleport.Proxy{Addr: "proxy.example:443"}}).window(), "127.0.0.1:9")
	w := httptest.NewRecorder()
	c.ServeHTTP(w, httptest.NewRequest("GET", "http://127.0.0.1:9"+c.donePath, nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

func TestCleanBoundsText(t *testing.T) {
	got := clean(strings.Repeat("ü", maxText+1))
	if want := strings.Repeat("ü", maxText-1) + "…"; got != want {
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
}

func TestOwnOrigins(t *testing.T) {
	tests := []struct {
		proxy, origin string
		own           bool
	}{
		{"proxy.example:443", "https://proxy.example", true},
		{"proxy.example:443", "https://PROXY.example", true},
		{"proxy.example:443", "https://proxy.example:443", false}, // no browser writes it so
		{"proxy.example:3080", "https://proxy.example:3080", true},
		{"proxy.example:3080", "https://proxy.example", false},
		{"[::1]:443", "https://[::1]", true},
		{"proxy.example:443", "null", true},
		{"proxy.example:443", "http://127.0.0.1:9", true},
		{"proxy.example:443", "http://localhost:9", true},
		{"proxy.example:443", "http://localhost:90", false},
		{"proxy.example:443", "https://evil.example", false},
		{"proxy.example:443", "https://proxy.example.evil.example", false},
		{"proxy.example:443", "", false},
	}
	for _, test := range tests {
		c := newCeremony((&SSO{Proxy: &teleport.Proxy{Addr: test.proxy}}).window(), "127.0.0.1:9")
		if got := c.isOwnOrigin([]string{test.origin}); got != test.own {
			t.Errorf("proxy %s, origin %q: %v, want %v", test.proxy, test.origin, got, test.own)
		}
		if test.own && c.isOwnOrigin([]string{test.origin, "https://evil.example"}) {
			t.Error("a foreign origin passes behind an own one")
		}
	}
	if c := (&ceremony{}); !c.isOwnOrigin(nil) {
		t.Error("a request without an origin is refused")
	}
}

// TestJudged shows in the browser what the caller makes of the identity: success
// only if it is the one that is wanted.
func TestJudged(t *testing.T) {
	for name, test := range map[string]struct {
		question string
		err      error
		shown    []string
	}{
		"wanted":      {"", nil, []string{"You are signed in"}},
		"asked about": {"this would replace <alice>", nil, []string{"There is a question about this sign-in", "this would replace &lt;alice&gt;"}},
		"refused":     {"", errors.New("this bridge runs as alice"), []string{"Sign-in failed", "this bridge runs as alice"}},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, newFakeProxy(t), func(s *SSO) {
				s.Judge = func(id *teleport.Identity) (string, error) {
					if id.Username() == "" {
						t.Error("nobody is to be judged")
					}
					return test.question, test.err
				}
			})
			page := r.visit(r.goodURL()).body
			for _, text := range test.shown {
				if !strings.Contains(page, text) {
					t.Errorf("%q is not shown:\n%s", text, page)
				}
			}
			if (test.shown[0] == "You are signed in") != strings.Contains(page, "You are signed in") {
				t.Errorf("it is shown as done:\n%s", page)
			}
			id, err := r.end()
			if !errors.Is(err, test.err) || (id == nil) != (test.err != nil) {
				t.Errorf("it ends with %v, %v", id, err)
			}
		})
	}
}
