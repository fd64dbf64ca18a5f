// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"net/http"
	"net/url"
)

// mendRedirect makes a redirect of the app's to itself one to a path: the app
// knows nothing of Teleport and names the address that it has behind it (protocol.md
// 8.4). All other redirects stay as they are.
func mendRedirect(l *link, req *http.Request, res *http.Response) {
	location := res.Header.Get("Location")
	if res.StatusCode < 300 || res.StatusCode > 399 || location == "" {
		return
	}
	to, err := url.Parse(location)
	if err != nil {
		return
	}
	if path := l.cert.Redirect(req.URL, to); path != "" {
		res.Header.Set("Location", path)
	}
}
