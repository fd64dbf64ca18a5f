// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"net"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestParseCallback(t *testing.T) {
	for in, want := range map[string]string{
		"10.0.0.5:8080":                 "http://10.0.0.5:8080",
		"http://10.0.0.5:8080/":         "http://10.0.0.5:8080",
		"localhost":                     "http://localhost",
		"https://Login.Example.com":     "https://login.example.com",
		"https://login.example.com:443": "https://login.example.com",
		"http://login.example.com:80":   "http://login.example.com",
		"https://login.example.com:80":  "https://login.example.com:80",
		"http://[::1]:8080":             "http://[::1]:8080",
		"":                              "",
		"http://":                       "",
		"ftp://host":                    "",
		"https://host/callback":         "",
		"https://host?x":                "",
		"https://host?":                 "",
		"https://host#x":                "",
		"https://user@host":             "",
		"https://ho st":                 "",
		":8080":                         "",
	} {
		got, err := ParseCallback(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

// TestWindowNames holds what browsers are told of a listener, and under which
// names they may ask it.
func TestWindowNames(t *testing.T) {
	for _, test := range []struct {
		callback, host string
		base           string
		hosts, foreign []string
	}{
		{"", "127.0.0.1:9", "http://127.0.0.1:9", []string{"127.0.0.1:9", "localhost:9"}, []string{"localhost:90", "127.0.0.1", "evil.example:9"}},
		{"", "0.0.0.0:9", "http://127.0.0.1:9", []string{"127.0.0.1:9", "localhost:9"}, []string{"10.0.0.5:9"}},
		{"", "[::]:9", "http://127.0.0.1:9", []string{"127.0.0.1:9", "localhost:9"}, nil},
		{"", "[::1]:9", "http://[::1]:9", []string{"[::1]:9", "localhost:9"}, nil},
		{"", "10.0.0.5:9", "http://10.0.0.5:9", []string{"10.0.0.5:9"}, []string{"localhost:9"}},
		{"http://127.0.0.1:7", "0.0.0.0:9", "http://127.0.0.1:7", []string{"127.0.0.1:7", "localhost:7"}, []string{"localhost:8"}},
		{"https://login.example.com", "127.0.0.1:9", "https://login.example.com", []string{"login.example.com", "127.0.0.1:9"}, []string{"example.com"}},
	} {
		base := baseURL(test.callback, test.host)
		hosts := ownHosts(base, test.host)
		if base != test.base {
			t.Errorf("%+v: base %s", test, base)
		}
		for _, host := range test.hosts {
			if !slices.Contains(hosts, host) {
				t.Errorf("%+v: %s is refused", test, host)
			}
		}
		for _, host := range test.foreign {
			if slices.Contains(hosts, host) {
				t.Errorf("%+v: %s is taken for its own", test, host)
			}
		}
	}
}

// TestListenElsewhere is a container: all addresses of a given port, which the
// browser reaches at 127.0.0.1.
func TestListenElsewhere(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Listen = "0.0.0.0:" + port })
	if !strings.HasPrefix(r.link, "http://127.0.0.1:"+port+"/") {
		t.Errorf("link %s", r.link)
	}
	r.visit(r.goodURL())
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

// TestCallbackElsewhere is a listener behind another name: the browser asks
// for that, and the page may send its form there.
func TestCallbackElsewhere(t *testing.T) {
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Listen, s.Callback = "127.0.0.1:0", "https://login.example.com" })
	if !strings.HasPrefix(r.link, "https://login.example.com/") {
		t.Errorf("link %s", r.link)
	}
	good, err := url.Parse(r.goodURL())
	if err != nil || good.Host != "login.example.com" || good.Scheme != "https" {
		t.Fatalf("callback %s, %v", good, err)
	}
	listener := r.log.String()
	_, addr, _ := strings.Cut(listener, "listener=")
	addr, _, _ = strings.Cut(addr, " ")
	good.Scheme, good.Host = "http", addr
	if rep := r.send("GET", good.String(), "", "Host", "evil.example"); rep.StatusCode != 403 {
		t.Errorf("a foreign host: %d", rep.StatusCode)
	}
	rep := r.send("GET", good.String(), "", "Host", "login.example.com", "Origin", "https://login.example.com")
	if rep.StatusCode != 303 {
		t.Fatalf("status %d: %s", rep.StatusCode, rep.body)
	}
	r.send("GET", "http://"+addr+rep.Header.Get("Location"), "", "Host", "login.example.com")
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

func TestCannotListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	f := newFakeProxy(t)
	if _, err := (&SSO{Proxy: f.proxy(), Listen: taken.Addr().String()}).Run(t.Context()); err == nil {
		t.Error("no error")
	}
	if _, err := (&Local{Proxy: f.proxy(), Listen: taken.Addr().String()}).Run(t.Context()); err == nil {
		t.Error("no error")
	}
	if len(f.paths) != 0 {
		t.Errorf("the proxy was asked: %v", f.paths)
	}
}
