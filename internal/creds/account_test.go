// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

func TestAccounts(t *testing.T) {
	for _, tc := range []struct{ user, proxy, leaf, app, login, appAccount string }{
		{"alice", "proxy.example.com:443", "", "grafana-mcp", "login alice@proxy.example.com:443", "app grafana-mcp alice@proxy.example.com:443"},
		{"alice@example.com", "[::1]:3080", "", "a", "login alice@example.com@%5b::1%5d:3080", "app a alice@example.com@%5b::1%5d:3080"},
		{"Alice Smith", "p:443", "", "x y", "login ^alice%20^smith@p:443", "app x%20y ^alice%20^smith@p:443"},
		{"a'b\"c\\d\n", "p@q:443", "", "", "login a%27b%22c%5cd%0a@p%40q:443", "app  a%27b%22c%5cd%0a@p%40q:443"},
		{"alice", "p:443", "East", "x@y", "login alice@p:443", "app x%40y@^east alice@p:443"},
		{"Ålice", "p:443", "", "é", "login %c3%85lice@p:443", "app %c3%a9 %c3%85lice@p:443"},
	} {
		p := &Profile{Proxy: tc.proxy, Username: tc.user}
		if got := loginAccount(p); got != tc.login {
			t.Errorf("login %q, want %q", got, tc.login)
		}
		if got := appAccount(p, App{tc.leaf, tc.app}); got != tc.appAccount || !isApp(got) {
			t.Errorf("app %q, want %q", got, tc.appAccount)
		}
	}
}

func TestFileNames(t *testing.T) {
	dir := t.TempDir()
	for in, want := range map[string]string{
		"proxy.example.com:443":            "proxy.example.com_443",
		"proxy_example:443":                "proxy%5fexample_443",
		"[::1]:443":                        "%5b__1%5d_443",
		"Proxy:443":                        "^proxy_443",
		"nul.example.com:443":              "%nul.example.com_443",
		"com1.x:443":                       "%com1.x_443",
		"com.x:443":                        "com.x_443",
		"aux":                              "%aux",
		"..":                               "%..",
		"":                                 "%",
		strings.Repeat("a.", 125) + ":443": strings.Repeat("a.", 43) + "a~1f0b5d5fafc4549fea89238745c2f660_443",
		`a/b\c`:                            "a%2fb%5cc",
		"login alice@proxy.example:443":    "login alice@proxy.example_443",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		path := filepath.Join(dir, want+".json")
		if err := atomicfile.Write(path, []byte(in), fileMode); err != nil {
			t.Error(err)
		}
		if data, err := os.ReadFile(path); err != nil || string(data) != in {
			t.Errorf("%s holds %q, %v", path, data, err)
		}
	}
}

func FuzzFileName(f *testing.F) {
	f.Fuzz(func(t *testing.T, a, b string) {
		p, q := &Profile{Proxy: a, Username: b}, &Profile{Proxy: b, Username: a}
		for name, pair := range map[string][2]string{
			"file":    {fileName(a), fileName(b)},
			"account": {loginAccount(p), loginAccount(q)},
			"app":     {appAccount(p, App{Name: a}), appAccount(q, App{Name: b})},
		} {
			if (a == b) != strings.EqualFold(pair[0], pair[1]) {
				t.Errorf("%s names of %q and %q: %q", name, a, b, pair)
			}
			if len(pair[0]) > 400 || strings.Trim(pair[0], "abcdefghijklmnopqrstuvwxyz0123456789.-+=,_:/@^%~ ") != "" {
				t.Errorf("%s name of %q: %q", name, a, pair[0])
			}
		}
		file := fileName(a)
		if len(file) > maxFileName+1 || strings.ContainsAny(file, `:/\<>"|?*`) {
			t.Errorf("file name of %q: %q", a, file)
		}
	})
}
