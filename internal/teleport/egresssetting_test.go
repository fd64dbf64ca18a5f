// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"strings"
	"testing"
)

// TestParseEgress is what people write there: it is read whole or refused with a
// reason, and no error has anything of the address in it.
func TestParseEgress(t *testing.T) {
	const encode, more, port = "percent-encoded", "more than a host and a port", "its port is not"
	for address, want := range map[string]string{
		"proxy.example":                      "http://proxy.example",
		"proxy.example:3128":                 "http://proxy.example:3128",
		"me:hunter2@proxy.example:3128":      "http://me:hunter2@proxy.example:3128",
		"http://proxy.example:3128/":         "http://proxy.example:3128/",
		"HTTP://proxy.example":               "http://proxy.example",
		"https://me@proxy.example":           "https://me@proxy.example",
		"socks5://proxy.example":             "socks5://proxy.example",
		"socks5h://[fe80::1]:1080":           "socks5h://[fe80::1]:1080",
		"socks://proxy.example:1080/":        "socks5://proxy.example:1080/",
		"SOCKS5H://me:pw@proxy.example":      "socks5h://me:pw@proxy.example",
		"http://[::1]":                       "http://[::1]",
		"http://me:hunter%232@proxy.example": "http://me:hunter%232@proxy.example",
		"http://me:h@unter2@proxy.example":   "http://me:h%40unter2@proxy.example",
		"http://me:hun:ter2@proxy.example":   "http://me:hun%3Ater2@proxy.example",

		"http://me:hunter#2@proxy.example:3128":    encode,
		"http://me:1#hunter@proxy.example:3128":    encode, // else the host is me, the port 1
		"me:hunter#2@proxy.example:3128":           encode,
		"http://me:h@hunter#2@proxy.example":       encode,
		"http://me:hunter%2@proxy.example:3128":    encode,
		"http://me:hunter%@proxy.example:3128":     encode,
		"http://me:hunter%zz@proxy.example:3128":   encode,
		`http://CORP\me:hunter2@proxy.example`:     encode,
		`http://me:hunter\2@proxy.example:3128`:    encode,
		"http://me:hunter/2@proxy.example:3128":    encode,
		"http://me:1/hunter@proxy.example:3128":    encode,
		"http://me:hunter?2@proxy.example:3128":    encode,
		"http://me:hunter[2@proxy.example:3128":    encode,
		"http://me:hunter^2@proxy.example:3128":    encode,
		"http://me:hünter@proxy.example:3128":      encode,
		"http://me:hunter\xff@proxy.example:3128":  encode,
		"http://me:hunter 2@proxy.example":         "a blank or a control character",
		"http://proxy.example:3128\r":              "a blank or a control character",
		"http://proxy.example:3128\n":              "a blank or a control character",
		" http://proxy.example:3128":               "a blank or a control character",
		"http://me:hunter\x1b[2J@proxy.example":    "a blank or a control character",
		"http://me:hunter\x7f@proxy.example":       "a blank or a control character",
		"http://proxy.example:3128/hunter.pac":     more,
		"http://proxy.example:3128?hunter":         more,
		"http://proxy.example:3128#":               more,
		`http://proxy.example\hunter`:              more,
		"http:proxy.example:3128":                  "its host cannot be read",
		"http:/proxy.example":                      more,
		"//proxy.example:3128":                     more,
		"http://proxy.example:hunter":              port,
		"http://proxy.example:0":                   port,
		"http://proxy.example:65536":               port,
		"http://proxy.example:-1":                  port,
		"http://proxy.example:":                    port,
		"http://proxy.example:3128,http://hunter":  more,
		"http://proxy.example:3128;hunter":         port,
		"http://":                                  "names no host",
		"http://:3128":                             "names no host",
		"http://me:hunter2@":                       "names no host",
		"://proxy.example:3128":                    "precedes :// must be one of http, https, socks5, socks5h",
		"gopher://me:hunter2@proxy.example:70":     "precedes :// must be one of",
		"socks4://proxy.example":                   "precedes :// must be one of",
		"me:hunter://2@proxy.example":              "precedes :// must be one of",
		`"http://proxy.example:3128"`:              "precedes :// must be one of",
		"http://[::1:3128":                         "its host cannot be read",
		"http://proxy%2.example":                   "its host cannot be read",
		"http://%80.example":                       "its host cannot be read",
		"http://[fe80::1%25eth0]:3128":             "http://[fe80::1%25eth0]:3128",
		"http://proxy.exa|mple:3128^":              port,
		"http://me:hunter2@proxy.example:3128:443": "its host cannot be read",
	} {
		u, err := ParseEgress("ALL_PROXY", address)
		if strings.Contains(want, "://") && !strings.Contains(want, " ") {
			if err != nil || u.String() != want {
				t.Errorf("%q: %v, %v, want %s", address, u, err, want)
			}
			continue
		}
		var bad *EgressSettingError
		if !errors.As(err, &bad) || u != nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "ALL_PROXY is not") {
			t.Errorf("%q: %v, %v, want %q", address, u, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter") || strings.Contains(err.Error(), "example")) {
			t.Errorf("%q: the error %v quotes the address", address, err)
		}
	}
}

// FuzzParseEgress holds that an address is read whole or not at all.
func FuzzParseEgress(f *testing.F) {
	for _, address := range []string{"http://me:pass@proxy:1", "proxy", "http://a#b@c:1/", "socks5://[::1]:1", "http://a:1@b@c"} {
		f.Add(address)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := ParseEgress("HTTPS_PROXY", address)
		if err != nil {
			return
		}
		host := address[strings.LastIndexByte(address, '@')+1:]
		if _, rest, ok := strings.Cut(host, "://"); ok {
			host = rest
		}
		if u.Hostname() == "" || !strings.EqualFold(strings.ReplaceAll(u.Host, "%", "%25"), strings.TrimSuffix(host, "/")) || u.RawQuery != "" || u.Fragment != "" {
			t.Errorf("%q is read as host %q of %v", address, u.Host, u)
		}
	})
}
