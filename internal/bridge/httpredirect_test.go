// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// moved is a server whose endpoint is at another path than the configured one,
// which redirects.
type moved struct {
	*mcpServer
	status   int
	location string
	to       string   // the path of the endpoint
	asked    []string // method and path of each request
}

func (m *moved) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m.asked = append(m.asked, r.Method+" "+r.URL.Path)
	if r.URL.Path == m.to {
		m.mcpServer.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Location", m.location)
	w.WriteHeader(m.status)
	fmt.Fprint(w, "moved")
}

func TestRedirectIsFollowedAndRemembered(t *testing.T) {
	for _, status := range []int{307, 308} {
		for _, location := range []string{"/mcp/", "mcp/", "http://server.test/mcp/", "HTTP://SERVER.test:80/mcp/#part"} {
			t.Run(fmt.Sprint(status, location), func(t *testing.T) {
				s := &moved{mcpServer: &mcpServer{}, status: status, location: location, to: "/mcp/"}
				bubble(t, s, func(t *testing.T, r *rig) {
					r.hello()
					r.send(call("1", "x"))
					if m := r.response("1"); m.Result == nil {
						t.Errorf("got %s", m.raw)
					}
					synctest.Wait()
				})
				posts := s.seen(func(q recorded) bool { return q.Method == methodCall })
				if len(posts) != 1 || posts[0].Body != call("1", "x") || posts[0].Header.Get(headerSession) == "" || posts[0].Header.Get("Content-Type") != typeJSON {
					t.Errorf("got %+v", posts)
				}
				want := []string{"POST /mcp", "POST /mcp/", "POST /mcp/", "GET /mcp/", "POST /mcp/", "DELETE /mcp/"}
				got := slices.Clone(s.asked)
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					t.Errorf("asked %q", s.asked)
				}
			})
		}
	}
}

// A server that has gone back is found with the next handshake.
func TestRedirectIsForgottenWithTheSession(t *testing.T) {
	s := &moved{mcpServer: &mcpServer{}, status: 307, location: "/mcp/", to: "/mcp/"}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		synctest.Wait()
		s.kill()
		s.to = "/mcp"
		s.location = "/gone"
		s.Post = nil
		r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
		r.refused("1", KindRedirect, NotExecuted)
		s.to, s.location = "/mcp/", "/mcp/"
		r.send(`{"jsonrpc":"2.0","id":2,"method":"x/y"}`)
		if m := r.response("2"); m.Result == nil || s.sessions != 2 {
			t.Errorf("%d sessions, %s", s.sessions, m.raw)
		}
		s.kill()
		s.to = "/mcp"
		s.status = 404
		r.send(`{"jsonrpc":"2.0","id":3,"method":"x/y"}`)
		if m := r.response("3"); m.Result == nil || s.sessions != 3 {
			t.Errorf("%d sessions, %s", s.sessions, m.raw)
		}
	})
}

func TestRedirectIsRefused(t *testing.T) {
	tests := []struct {
		name     string
		status   int
		location string
		want     string // what the error says after the status
	}{
		{"another host", 307, "http://elsewhere.test/mcp/", " to http://elsewhere.test/mcp/, which is not followed; it leads to another server"},
		{"another port", 308, "http://server.test:8080/mcp/", " to http://server.test:8080/mcp/, which is not followed; it leads to another server"},
		{"with TLS", 307, "https://server.test/mcp/", " to https://server.test/mcp/, which is not followed; it leads to another server"},
		{"a user", 307, "http://me:hunter2@server.test/mcp/", " to /mcp/, which is not followed; it leads to another server"},
		{"another scheme", 307, "file:///etc/passwd", " to file:///etc/passwd, which is not followed; it leads to another server"},
		{"a query", 307, "/login?token=s3cret-s3cret", " to /login?***, which is not followed; it leads to more than another path"},
		{"a query elsewhere", 302, "https://sso.test/authorize?state=s3cret", " to https://sso.test/authorize?***, which is not followed; it leads to another server"},
		{"301", 301, "/mcp/", " to /mcp/, which is not followed; HTTP 301 does not keep a request as it is, as 307 and 308 do"},
		{"302", 302, "/mcp/", " to /mcp/, which is not followed; HTTP 302 does not keep a request as it is, as 307 and 308 do"},
		{"303", 303, "/mcp/", " to /mcp/, which is not followed; HTTP 303 does not keep a request as it is, as 307 and 308 do"},
		{"a circle", 307, "/mcp", " to /mcp, which is not followed; it leads in a circle, or never ends"},
		{"marks of direction", 302, "https://else\u202ewhere.test/\u202e", ""},
		{"nowhere", 307, "", "; it does not say where to"},
		{"no address", 307, "http://[::1/", "; it does not say where to"},
		{"a choice", 300, "", "; it does not say where to"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &mcpServer{Post: onPost("x/y", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				if tt.location != "" {
					w.Header().Set("Location", tt.location)
				}
				w.WriteHeader(tt.status)
			})}
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
				f := r.refused("1", KindRedirect, NotExecuted)
				want := fmt.Sprintf("tshmcp: the server answered POST /mcp with a redirect (HTTP %d)%s", tt.status, tt.want)
				if strings.HasPrefix(tt.want, ";") {
					want = "tshmcp: the server answered with a redirect, which is not followed" + tt.want
				}
				if tt.want != "" && f.Message != want || strings.Contains(f.Message, "s3cret") || strings.ContainsAny(f.Message, "\x1b\u202e") {
					t.Errorf("%q\nwant %q", f.Message, want)
				}
				if n := s.count("x/y"); n != 1 {
					t.Errorf("%d POSTs", n)
				}
			})
		})
	}
}

// What is called not modified leads nowhere, whatever place is named with it.
func TestNotModifiedIsNoRedirect(t *testing.T) {
	for _, location := range []string{"", "/mcp/"} {
		s := &mcpServer{Post: onPost("x/y", func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
			w.Header().Set("Location", location)
			w.WriteHeader(http.StatusNotModified)
		})}
		bubble(t, s, func(t *testing.T, r *rig) {
			r.hello()
			r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
			if f := r.refused("1", KindHTTPStatus, MayHaveRun); !strings.Contains(f.Message, "HTTP 304 Not Modified") {
				t.Errorf("%q", f.Message)
			}
		})
	}
}

// A chain has an end.
func TestRedirectsOnAndOn(t *testing.T) {
	n := 0
	s := &mcpServer{Post: onPost("x/y", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		n++
		w.Header().Set("Location", fmt.Sprint("/mcp/", n))
		w.WriteHeader(307)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","id":1,"method":"x/y"}`)
		r.refused("1", KindRedirect, NotExecuted)
		if n != 1+maxRedirects {
			t.Errorf("%d POSTs", n)
		}
	})
}

func TestMisled(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		ok       bool
	}{
		{"https://localhost/", "https://localhost:443/mcp/", true},
		{"https://localhost/mcp?a=1", "https://localhost/mcp/?a=1", true},
		{"https://localhost/mcp?a=1", "https://localhost/mcp/", false},
		{"https://localhost/", "http://localhost/mcp/", false},
		{"https://localhost/", "http://localhost:443/mcp/", false},
		{"https://localhost/", "https://localhost.evil.test/", false},
		{"https://[::1]:8443/", "https://[::1]:8443/x", true},
		{"https://[::1]:8443/", "https://[::1]/x", false},
	} {
		from, _ := url.Parse(tt.from)
		to, _ := url.Parse(tt.to)
		if got := misled(from, to); (got == "") != tt.ok {
			t.Errorf("%s to %s: %q", tt.from, tt.to, got)
		}
	}
}
