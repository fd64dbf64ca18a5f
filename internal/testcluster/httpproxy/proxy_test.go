// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package httpproxy

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// through starts a proxy in front of an app over TLS, and returns it with a client
// that goes through it, by user if that is not nil. The app is known by the name
// example.com to the proxy alone.
func through(t *testing.T, cfg Config, user *url.Userinfo) (*Proxy, *http.Client) {
	t.Helper()
	app := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	t.Cleanup(app.Close)
	cfg.Resolve = func(string) string { return app.Listener.Addr().String() }
	proxy, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	address, err := url.Parse(proxy.URL())
	if err != nil {
		t.Fatal(err)
	}
	address.User = user
	transport := app.Client().Transport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(address)
	transport.DialContext = nil // httptest's own leads past the proxy
	t.Cleanup(transport.CloseIdleConnections)
	return proxy, &http.Client{Transport: transport}
}

func TestConnect(t *testing.T) {
	proxy, client := through(t, Config{}, nil)
	resp, err := client.Get("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if body, err := io.ReadAll(resp.Body); string(body) != "hello" || err != nil {
		t.Errorf("answer %q, %v", body, err)
	}
	if asked := proxy.Asked(); !slices.Equal(asked, []string{"example.com:443"}) {
		t.Errorf("asked for %q", asked)
	}
}

func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  Config
		user *url.Userinfo
		want string // in the error; empty: it passes
	}{
		{"no password", Config{User: "me", Password: "p:w"}, nil, "Proxy Authentication Required"},
		{"wrong password", Config{User: "me", Password: "p:w"}, url.UserPassword("me", "p"), "Proxy Authentication Required"},
		{"right password", Config{User: "me", Password: "p:w"}, url.UserPassword("me", "p:w"), ""},
		{"status", Config{Status: http.StatusForbidden}, nil, "Forbidden"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, client := through(t, tt.cfg, tt.user)
			resp, err := client.Get("https://example.com/")
			if err == nil {
				resp.Body.Close()
			}
			if (tt.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

// Close cuts what is open, and waits for it.
func TestClose(t *testing.T) {
	proxy, client := through(t, Config{}, nil)
	resp, err := client.Get("https://example.com/")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if err := proxy.Close(); err != nil {
		t.Error(err)
	}
	var failed *url.Error
	if resp, err := client.Get("https://example.com/"); !errors.As(err, &failed) {
		t.Errorf("answer %v, %v behind the end", resp, err)
	}
}
