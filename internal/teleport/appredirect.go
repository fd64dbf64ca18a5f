// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"net/url"
	"strings"
)

// Redirect is the path and query that a redirect of the app leads to, as they are
// asked for through the proxy, or "" if it leads to another server than the app. asked
// is what the request asked the proxy for. Teleport passes redirects on as the app
// wrote them: in terms of the app's own address (protocol.md 8.4).
func (a App) Redirect(asked, location *url.URL) string {
	own, err := url.Parse(strings.TrimPrefix(a.URI, mcpScheme))
	if err != nil || own.Host == "" || location.User != nil {
		return ""
	}
	if !a.IsMCP() || asked.Path != "" && asked.Path != "/" { // an MCP app has its URI's path for / (protocol.md 8.1)
		own.Path, own.RawPath = asked.Path, asked.RawPath
	}
	own.RawQuery = asked.RawQuery
	to := own.ResolveReference(location)
	if !strings.EqualFold(to.Hostname(), own.Hostname()) || portOf(to) != portOf(own) {
		return ""
	}
	return to.RequestURI()
}

// portOf is the port of a web address.
func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	return map[string]string{"http": "80", "https": "443"}[u.Scheme]
}
