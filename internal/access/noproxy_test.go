// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/http/httpproxy"
)

var (
	noProxies = []string{
		"", ",", "*", "a.test,*", "* ", "*:443", "a*", "*a.test", "*.", ".", ".a.test", "*.a.test", "a.test", "A.test:443", ".a.test:444", "a.test:",
		":443", "[::1]", "[fd00::1]:443", "[fd00::1]", "fd00::1", "fd00::/8", "10.0.0.0/8", "10.0.0.0/8:443", "10.1.2.3", "10.1.2.3:444",
		"::ffff:10.1.2.3", "bücher.test", ".BÜCHER.test", "ü\x00", "..a.test", "*..a.test", "**.a.test", "a.test.", "0x0a.1.2.3", "fe80::1%eth0",
	}
	proxiedHosts = []string{
		"a.test", "A.TEST:443", "b.a.test:444", "ba.test", "localhost", "LOCALHOST", "localhost.", "127.0.0.1:1", "[::1]", "[::ffff:127.0.0.1]",
		"10.1.2.3", "10.1.2.3:444", "[fd00::1]", "[fe80::1%25eth0]", "bücher.test", "xn--bcher-kva.test", "x.b%C3%BCcher.test", ".a.test", "", "*",
	}
)

// sameAsLibrary compares NO_PROXY with what the library of its rules makes of it.
func sameAsLibrary(t *testing.T, list, host string) {
	to, err := url.Parse("https://" + host)
	if err != nil || strings.ContainsAny(to.Hostname(), "[]") {
		return
	}
	rules := httpproxy.Config{HTTPSProxy: "http://stand-in", NoProxy: list}
	via, err := rules.ProxyFunc()(to)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := readExceptions(list).have(to), via == nil; got != want {
		t.Errorf("NO_PROXY=%q, %q: excepted %v, want %v", list, to.Host, got, want)
	}
}

func TestNoProxy(t *testing.T) {
	for _, list := range noProxies {
		for _, host := range proxiedHosts {
			sameAsLibrary(t, list, host)
			sameAsLibrary(t, "other.test,"+list+" , .another.test:1", host)
		}
	}
}

func FuzzNoProxy(f *testing.F) {
	for i, list := range noProxies {
		f.Add(list, proxiedHosts[i%len(proxiedHosts)])
	}
	f.Fuzz(sameAsLibrary)
}
