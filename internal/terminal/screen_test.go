// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import "testing"

func TestColours(t *testing.T) {
	for _, test := range []struct {
		name    string
		goos    string
		environ map[string]string
		want    bool
	}{
		{"colours", "linux", map[string]string{"TERM": "xterm"}, true},
		{"NO_COLOR", "linux", map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, false},
		{"dumb", "linux", map[string]string{"TERM": "dumb"}, false},
		{"old console", "windows", nil, false},
		{"Windows Terminal", "windows", map[string]string{"WT_SESSION": "1"}, true},
	} {
		s := Screen{GOOS: test.goos, Getenv: func(name string) string { return test.environ[name] }}
		if got := s.Colours(); got != test.want {
			t.Errorf("%s: %t, want %t", test.name, got, test.want)
		}
	}
}
