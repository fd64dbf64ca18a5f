// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"net"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// egressSettings are the variables that name the network's proxy. The first that
// is set holds. All that goes to a cluster goes to one address and is TLS, so
// HTTP_PROXY plays no part.
var egressSettings = []string{"HTTPS_PROXY", "ALL_PROXY"}

// Dialer is how every connection to a cluster is dialled: through the network's
// proxy that the environment names, except to what NO_PROXY names and to this
// machine, by Go's own rules; nil if there is none. An address that cannot be
// read is a *[teleport.EgressSettingError] of each connection that would take it.
func Dialer(getenv func(string) string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	if e := Egress(getenv); e != nil {
		return e.Dial
	}
	return nil
}

// Egress is what the environment says of the network's proxy; nil if it names
// none.
func Egress(getenv func(string) string) *teleport.Egress {
	for _, name := range egressSettings {
		if name, value := setting(getenv, name); value != "" {
			// Other programs take blanks between the names too.
			_, except := setting(getenv, "NO_PROXY")
			except = strings.Join(strings.Fields(except), ",")
			return &teleport.Egress{Setting: name, Find: finder(name, value, except)}
		}
	}
	return nil
}

// finder decides first whether a connection goes through the proxy, so that the
// address matters only where it is used.
func finder(name, address, except string) func(*url.URL) (*url.URL, error) {
	excepted := readExceptions(except)
	proxy, bad := teleport.ParseEgress(name, address)
	return func(to *url.URL) (*url.URL, error) {
		if excepted.have(to) {
			return nil, nil
		}
		return proxy, bad
	}
}

// setting is the value of a variable that most programs know in small letters,
// too, with the name that it goes by. The small letters come first, as in Go.
func setting(getenv func(string) string, name string) (called, value string) {
	small := strings.ToLower(name)
	if value := getenv(small); value != "" && value != getenv(name) { // on Windows they are the same
		return small, value
	}
	return name, getenv(name)
}
