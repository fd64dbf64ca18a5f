// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"strings"
	"testing"
)

// TestReadAddr is what people write, and paste from browsers and other programs.
// A * stands for what is cut off.
func TestReadAddr(t *testing.T) {
	for in, want := range map[string]string{
		"teleport.example.com":               "teleport.example.com",
		"teleport.example.com:3080":          "teleport.example.com:3080",
		"  Teleport.Example.COM \t\n":        "teleport.example.com",
		"\u00a0teleport.example.com\u00a0":   "teleport.example.com",
		"teleport.example.com.":              "teleport.example.com",
		"teleport.example.com.:443":          "teleport.example.com:443",
		"teleport.example.com:03080":         "teleport.example.com:3080",
		"https://teleport.example.com":       "teleport.example.com",
		"https://teleport.example.com/":      "teleport.example.com",
		"https://teleport.example.com//":     "teleport.example.com",
		"HTTPS://teleport.example.com:8443/": "teleport.example.com:8443",
		"localhost:1":                        "localhost:1",
		"my_host-2:65535":                    "my_host-2:65535",
		"1st.2nd":                            "1st.2nd",

		"https://teleport.example.com:3080/web/login":              "teleport.example.com:3080*",
		"HTTPS://Teleport.Example.com/web/cluster/x/resources/ ":   "teleport.example.com*",
		"https://teleport.example.com/web/login?redirect_uri=a://": "teleport.example.com*",
		"https://teleport.example.com?x=1":                         "teleport.example.com*",
		"teleport.example.com:3080/web/login":                      "teleport.example.com:3080*",
		"teleport.example.com/web":                                 "teleport.example.com*",
		"teleport.example.com#x":                                   "teleport.example.com*",
		"https://host/web/users/a@b":                               "host*",
		"alice@teleport.example.com":                               "teleport.example.com*",
		"https://me:hunter2@teleport.example.com:3080/web":         "teleport.example.com:3080*",
		"https://me@corp:hunter2@[::1]:3080":                       "[::1]:3080*",
		"teleport.example.com:443,3023":                            "teleport.example.com:443*",
		"teleport.example.com:,3023":                               "teleport.example.com*",

		"127.0.0.1:3080":                       "127.0.0.1:3080",
		"127.0.0.1":                            "127.0.0.1",
		"::1":                                  "[::1]",
		"[::1]":                                "[::1]",
		"[::1]:3080":                           "[::1]:3080",
		"https://[::1]/web":                    "[::1]*",
		"https://[2001:DB8:0:0::1]:3080":       "[2001:db8::1]:3080",
		"2001:db8::1:3080":                     "[2001:db8::1:3080]",
		"2001:db8:0:0:0:0:0:1:3080":            "[2001:db8::1]:3080",
		"[::ffff:192.0.2.1]:443":               "[::ffff:192.0.2.1]:443",
		"m\u00fcnchen.example":                 "xn--mnchen-3ya.example",
		"https://M\u00dcNCHEN.example:3080/x":  "xn--mnchen-3ya.example:3080*",
		"xn--mnchen-3ya.example":               "xn--mnchen-3ya.example",
		"\u30c6\u30b9\u30c8\u3002example:3080": "xn--zckzah.example:3080",
	} {
		got, err := ReadAddr(in)
		text := got.Host
		if strings.Contains(text, ":") {
			text = "[" + text + "]"
		}
		if got.Port != "" {
			text += ":" + got.Port
		}
		if got.Cut {
			text += "*"
		}
		if err != nil || text != want {
			t.Errorf("ReadAddr(%q) = %q, %v; want %q", in, text, err, want)
		}
		again, err := ReadAddr(got.String())
		if err != nil || again.String() != got.String() || again.Cut {
			t.Errorf("ReadAddr(%q) = %+v, %v; want it unchanged", got, again, err)
		}
	}
}

// TestReadAddrRejects is what can be no address. No error repeats it: a password
// may be in it.
func TestReadAddrRejects(t *testing.T) {
	for _, in := range []string{
		"", " ", "https://", "https:///web", "//host", "/web", ":443", "host:", "host:0", "host:65536", "host:http", "host:-1", "host:+1", "host: 1",
		"http://host", "ssh://host", "https:host", "https://https://host", "host:1:2", "host:443:3023", "hunter2@", "two words", "host\\web",
		"[::1", "::1]", "[::1]x:1", "[::1]:", "[host]:1", "[host]", "[127.0.0.1]:443", "[]", "fe80::1%eth0", "[fe80::1%25eth0]:443", "[::1]:443:1",
		"-host", ".host", "a..b", "host..", "ho\x1b[31mst", "ho\u200bst:hunter2", "%6dhost", "<host>", `"host"`, "$PROXY", "--ca-file=hunter2",
		"127.1", "256.1.1.1", "1.2.3.4.5", "0x7f.1", "127.0.0.0x1", "2130706433", "010.0.0.1", "host.1",
		"\u00fc..example", "\u202ehost.example", strings.Repeat("a", 64), strings.Repeat("a.", 127) + "a",
		"https://me:hunt/er2@host", "me:hunter2",
	} {
		got, err := ReadAddr(in)
		if err == nil {
			t.Errorf("ReadAddr(%q) = %+v; want an error", in, got)
		} else if strings.Contains(err.Error(), "hunt") {
			t.Errorf("ReadAddr(%q): the error repeats the password: %v", in, err)
		}
	}
}

// FuzzReadAddr holds that whatever is read is read again as itself, and fit to be
// shown.
func FuzzReadAddr(f *testing.F) {
	for _, s := range []string{"host", "https://u:p@h:1/x?y#z", "[::1]:3080", "\u00fc.example:1", "h:1,2", "1::2:3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := ReadAddr(s)
		if err != nil {
			return
		}
		again, err := ReadAddr(a.String())
		if err != nil || again.String() != a.String() || again.Cut || again.Host != a.Host {
			t.Errorf("%q is %+v, and that is %+v, %v", s, a, again, err)
		}
		if strings.ContainsFunc(a.String(), func(r rune) bool { return r <= ' ' || r > '~' }) {
			t.Errorf("%q is %q", s, a)
		}
	})
}
