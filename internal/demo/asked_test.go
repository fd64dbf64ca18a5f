// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"strings"
	"testing"
	"time"
)

// What cannot work is refused before anything starts.
func TestAskedForNonsense(t *testing.T) {
	for want, args := range map[string][]string{
		"--app takes NAME=URI": {"nonsense", "=http://127.0.0.1", "a=", "a=ftp://x", "a=mcp+sse://x", "a=mcp+stdioo:x", "a=127.0.0.1:80",
			"a=http://127.0.0.1:x", "a=http://[::1", "a=//127.0.0.1"},
		"the URI has no host":                    {"a=mcp+http://", "a=mcp+http:///mcp", "a=http:127.0.0.1", "a=http://:80", "a=mcp+sse+http:///sse", "a=http://127.0.0.1:99999"},
		"lower-case letters":                     {"a/b=http://127.0.0.1", "A=http://127.0.0.1", "-a=http://127.0.0.1", "a.b=http://127.0.0.1", "a b=http://127.0.0.1", strings.Repeat("a", 64) + "=http://127.0.0.1"},
		"names and public addresses must differ": {"a=http://127.0.0.1 a=http://127.0.0.1"},
	} {
		for _, arg := range args {
			apps := []string{arg}
			if one, two, ok := strings.Cut(arg, " a="); ok {
				apps = []string{one, "a=" + two}
			}
			wantRefused(t, want, func(s *Stage) { s.Apps = apps })
		}
	}
	for arg, want := range map[string]string{ // a scheme is the same in capitals, and the kind of app that it means
		"a=MCP+HTTP://127.0.0.1:1/Mcp": "mcp+http://127.0.0.1:1/Mcp", "a=Mcp+SSE+https://[::1]:1": "mcp+sse+https://[::1]:1",
		"a=HTTP://127.0.0.1": "http://127.0.0.1", "a= mcp+http://127.0.0.1:1/mcp\t": "mcp+http://127.0.0.1:1/mcp",
	} {
		s := stageWith(func(s *Stage) { s.Apps = []string{arg} })
		if cfg, err := s.Config(); err != nil || cfg.Apps[0].URI != want {
			t.Errorf("%q: %+v, %v, want %s", arg, cfg.Apps, err, want)
		}
	}
	for _, arg := range []string{"b=X: y", "a=X", "a=: y", "a=X Y: z", "X: y"} {
		wantRefused(t, "--rewrite takes NAME=", func(s *Stage) { s.Apps, s.Rewrites = []string{"a=http://127.0.0.1"}, []string{arg} })
	}
	for _, pattern := range []string{"", "^(", "^get_", "get_$", "^", "^($", "^[$"} {
		wantRefused(t, "--allow-tool ", func(s *Stage) { s.Allow = []string{"*", pattern} })
		wantRefused(t, "--deny-tool ", func(s *Stage) { s.Deny = []string{pattern} })
	}
	for _, ttl := range []time.Duration{0, -time.Hour, time.Second, 30*time.Hour + 1} {
		wantRefused(t, "--ttl must be between 1m and 30h", func(s *Stage) { s.TTL = ttl })
	}
	wantRefused(t, "--approve-after must not be negative", func(s *Stage) { s.Approve = -time.Second })
}

func wantRefused(t *testing.T, want string, change func(*Stage)) {
	t.Helper()
	s := stageWith(change)
	if _, err := s.Config(); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%+v: error %v, want one with %q", s, err, want)
	}
}

// What can work is not refused.
func TestAskedForSense(t *testing.T) {
	for _, app := range []string{"a=http://127.0.0.1", "grafana-mcp=mcp+http://127.0.0.1:8000/mcp", "0=mcp+https://[::1]:8443", "a=mcp+sse+http://127.0.0.1:1/sse", "a=mcp+sse+https://mcp.example.com/sse", "a=https://mcp.example.com/x?y=z"} {
		for _, pattern := range []string{"*", "get_*", "get_x", "^(get|list)_.*$", "^{{internal.tools}}$", "{{external.tools}}"} {
			s := stageWith(func(s *Stage) {
				s.Apps, s.Allow, s.Deny, s.TTL = []string{app}, []string{pattern}, []string{pattern}, time.Minute
			})
			if _, err := s.Config(); err != nil {
				t.Errorf("%+v: %v", s, err)
			}
		}
	}
}
