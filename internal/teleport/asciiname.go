// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// ASCIIName is a DNS name as it is looked up: one in another script in ASCII, "xn--...".
// It is what the library dials for it: net/http has the tables for that and does not
// export them, and a second copy is 0.2 MB of the program.
func ASCIIName(name string) (string, error) {
	if isASCII(name) {
		return name, nil
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < 0x80 && !isNameByte(r) }) {
		return "", errAddr
	}
	var dialled string
	nowhere := &http.Transport{DialContext: func(_ context.Context, _, addr string) (net.Conn, error) {
		dialled = addr
		return nil, errAddr
	}}
	_, err := nowhere.RoundTrip(&http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "http", Host: name}, Header: http.Header{}})
	ascii, isDialled := strings.CutSuffix(dialled, ":80")
	if !isDialled || !isASCII(ascii) {
		return "", err
	}
	return ascii, nil
}

func isASCII(s string) bool { return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 }) }

func isNameByte(r rune) bool {
	return r == '-' || r == '_' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}
