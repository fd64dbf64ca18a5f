// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// How long a login may last, as a cluster takes it (protocol.md 2.1).
const minTTL, maxTTL = time.Minute, 30 * time.Hour

// schemes are those of the apps that a stage can serve.
var schemes = []string{"mcp+http", "mcp+https", "mcp+sse+http", "mcp+sse+https", "http", "https"}

var (
	appName    = pattern.New(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`) // a label of DNS, which Teleport makes of it
	headerName = pattern.New("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")        // RFC 9110, 5.6.2
)

// parseApp is the app that --app asks for.
func parseApp(arg string) (testcluster.App, error) {
	name, uri, ok := strings.Cut(arg, "=")
	if !ok || name == "" || uri == "" {
		return testcluster.App{}, fmt.Errorf("--app takes NAME=URI, not %q", arg)
	}
	if !appName.MatchString(name) {
		return testcluster.App{}, fmt.Errorf("--app %q: the name of an app has lower-case letters, digits and hyphens", arg)
	}
	if n := len(stdioScheme); len(uri) >= n && strings.EqualFold(uri[:n], stdioScheme) {
		return parseStdioApp(name, uri[n:])
	}
	uri = strings.TrimSpace(uri)
	u, err := url.Parse(uri)
	if err != nil {
		return testcluster.App{}, fmt.Errorf("--app takes NAME=URI, not %q: %w", uri, err)
	}
	if !slices.Contains(schemes, u.Scheme) {
		return testcluster.App{}, fmt.Errorf("--app takes NAME=URI with a URI of %s, or %s and a command, not %q", strings.Join(schemes, "://, ")+"://", stdioScheme, arg)
	}
	if _, err := strconv.ParseUint(u.Port(), 10, 16); u.Hostname() == "" || u.Port() != "" && err != nil {
		return testcluster.App{}, fmt.Errorf("--app %q: the URI has no host, or no port", arg)
	}
	return testcluster.App{Name: name, URI: u.Scheme + uri[len(u.Scheme):]}, nil // in small letters, which tell its kind
}

// parseRewrite adds to one of apps the header that --rewrite asks for. A stdio server
// has none, and an SSE server gets them from the newest Teleport alone.
func parseRewrite(apps []testcluster.App, arg string, newest bool) error {
	name, header, ok := strings.Cut(arg, "=")
	key, value, colon := strings.Cut(header, ":")
	key = strings.TrimSpace(key)
	i := slices.IndexFunc(apps, func(a testcluster.App) bool { return a.Name == name })
	if !ok || !colon || i < 0 || !headerName.MatchString(key) {
		return fmt.Errorf("--rewrite takes NAME='Header: template' with the NAME of an --app, not %q", arg)
	}
	switch uri := apps[i].URI; {
	case strings.HasPrefix(uri, stdioScheme):
		return fmt.Errorf("--rewrite %q: a stdio server has no headers", arg)
	case strings.HasPrefix(uri, "mcp+sse+") && !newest:
		return fmt.Errorf("--rewrite %q: an SSE server gets headers from the newest Teleport alone; leave out --version", arg)
	}
	apps[i].Rewrite = append(apps[i].Rewrite, testcluster.Header{Name: key, Value: strings.TrimSpace(value)})
	return nil
}

// checkPatterns is about the patterns of a flag, which match names of tools: a
// name, one with *, or a regular expression from ^ to $. What is none of them
// would match nothing, in silence.
func checkPatterns(flag string, patterns []string) error {
	for _, p := range patterns {
		begins, ends := strings.HasPrefix(p, "^"), strings.HasSuffix(p, "$")
		if p == "" || begins != ends || p == "^" {
			return fmt.Errorf("%s takes the name of a tool, one with *, or a regular expression from ^ to $, not %q", flag, p)
		}
		if _, err := regexp.Compile(p); begins && err != nil && !strings.Contains(p, "{{") { // a template is filled in first
			return fmt.Errorf("%s %q is not a regular expression: %w", flag, p, err)
		}
	}
	return nil
}

// checkTimes is about how long logins last, and when requests are approved.
func checkTimes(ttl, approve time.Duration) error {
	if ttl < minTTL || ttl > maxTTL {
		return fmt.Errorf("--ttl must be between 1m and 30h, as in a cluster, not %v", ttl)
	}
	if approve < 0 {
		return fmt.Errorf("--approve-after must not be negative, not %v", approve)
	}
	return nil
}
