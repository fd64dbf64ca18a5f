// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"strings"
	"testing"
)

func TestParseAddr(t *testing.T) {
	for in, want := range map[string]string{
		"teleport.example.com":               "teleport.example.com:443",
		"teleport.example.com:3080":          "teleport.example.com:3080",
		"  Teleport.Example.COM ":            "teleport.example.com:443",
		"https://teleport.example.com":       "teleport.example.com:443",
		"https://teleport.example.com/":      "teleport.example.com:443",
		"HTTPS://teleport.example.com:8443/": "teleport.example.com:8443",
		"localhost:1":                        "localhost:1",
		"my_host-2:65535":                    "my_host-2:65535",
		"127.0.0.1:3080":                     "127.0.0.1:3080",
		"::1":                                "[::1]:443",
		"[::1]":                              "[::1]:443",
		"https://[2001:DB8::1]:3080":         "[2001:db8::1]:3080",
	} {
		got, err := ParseAddr(in)
		if err != nil || got != want {
			t.Errorf("ParseAddr(%q) = %q, %v; want %q", in, got, err, want)
		}
		if again, err := ParseAddr(got); err != nil || again != got {
			t.Errorf("ParseAddr(%q) = %q, %v; want it unchanged", got, again, err)
		}
	}
}

func TestParseAddrRejects(t *testing.T) {
	for _, in := range []string{
		"", " ", "https://", ":443", "host:", "host:0", "host:65536", "host:http", "host:-1", "host:+1",
		"http://host", "ssh://host", "host/web", "https://host/web", "https://host//", "host?x=1", "host#f",
		"https://user:hunter2@host", "hunter2@host", "two words", "host:1:2", "[::1", "[host]x:1", "-host", ".host", "a..b",
		"m\u00fcnchen.example", "ho\x1b[31mst", strings.Repeat("a", 254),
	} {
		got, err := ParseAddr(in)
		if err == nil {
			t.Errorf("ParseAddr(%q) = %q; want an error", in, got)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("ParseAddr(%q): the error repeats the password: %v", in, err)
		}
	}
}
