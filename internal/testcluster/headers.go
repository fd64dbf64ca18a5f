// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
)

const (
	jwtHeader         = "Teleport-Jwt-Assertion"
	appSessionCookie  = "__Host-grv_app_session" // and with "_subject" appended
	subjectCookie     = appSessionCookie + "_subject"
	errorOriginHeader = "X-Teleport-Mcp-Error-Origin"

	originAppService  = "app-service"
	originUpstream    = "upstream"
	originUnreachable = "upstream-unreachable"
)

// reservedHeaders cannot be rewritten; names that end in "-" are prefixes
// (protocol.md 10).
var reservedHeaders = []string{
	jwtHeader, "X-Forwarded-", "X-Real-Ip", "X-Teleport-Api-Error", "X-Teleport-Api-Info", "X-Teleport-Aws-",
}

// rewriteHeaders turns the client's headers into what the app sees
// (protocol.md 8.1, 10, 14). The reverse proxy has removed the hop-by-hop ones.
func (call *appCall) rewriteHeaders(pr *httputil.ProxyRequest, token string) {
	stripCookies(pr.Out.Header)
	setForwarded(pr)
	if isMCP(call.app) {
		pr.Out.Header.Set("X-Forwarded-Ssl", "off") // that is how it is there
	}
	call.identify(pr.Out, token)
}

// identify sets what tells the app who its user is, and the headers of its rewrites.
func (call *appCall) identify(out *http.Request, token string) {
	out.Header.Set(jwtHeader, token)
	lookup := func(namespace, name string) []string {
		if namespace == "internal" && name == "jwt" {
			return []string{token}
		}
		return call.identity.Traits[name]
	}
	cleared := map[string]bool{}
	for _, rule := range call.app.Rewrite {
		name := http.CanonicalHeaderKey(rule.Name)
		if isReserved(name) {
			continue
		}
		values := expand(rule.Value, lookup)
		if name == "Host" {
			if len(values) > 0 {
				out.Host = values[0]
			}
			continue
		}
		if len(values) > 0 && !cleared[name] { // the client's own stays if there is nothing to put there
			out.Header.Del(name)
			cleared[name] = true
		}
		for _, v := range values {
			out.Header.Add(name, v)
		}
	}
}

func isReserved(name string) bool {
	for _, reserved := range reservedHeaders {
		if name == reserved || strings.HasSuffix(reserved, "-") && strings.HasPrefix(name, reserved) {
			return true
		}
	}
	return false
}

// setForwarded replaces what the client says about itself by what the proxy
// knows. The proxy's machine is called "localhost".
func setForwarded(pr *httputil.ProxyRequest) {
	h := pr.Out.Header
	for name := range h {
		if strings.HasPrefix(name, "X-Forwarded-") {
			h.Del(name)
		}
	}
	client, _, err := net.SplitHostPort(pr.In.RemoteAddr)
	if err != nil {
		client = pr.In.RemoteAddr
	}
	_, port, err := net.SplitHostPort(pr.In.Host)
	if err != nil || port == "" {
		port = "443"
	}
	h.Set("X-Forwarded-For", client)
	h.Set("X-Forwarded-Host", pr.In.Host)
	h.Set("X-Forwarded-Port", port)
	h.Set("X-Forwarded-Proto", "https")
	h.Set("X-Forwarded-Server", "localhost")
	h.Set("X-Forwarded-Ssl", "on")
	h.Set("X-Real-Ip", client)
}

// stripCookies removes Teleport's own cookies and leaves the text of the
// others as it is.
func stripCookies(h http.Header) {
	var kept []string
	for _, line := range h.Values("Cookie") {
		var pairs []string
		for pair := range strings.SplitSeq(line, ";") {
			pair = strings.TrimSpace(pair)
			name, _, _ := strings.Cut(pair, "=")
			if pair != "" && name != appSessionCookie && name != subjectCookie {
				pairs = append(pairs, pair)
			}
		}
		if len(pairs) > 0 {
			kept = append(kept, strings.Join(pairs, "; "))
		}
	}
	h.Del("Cookie")
	for _, line := range kept {
		h.Add("Cookie", line)
	}
}
