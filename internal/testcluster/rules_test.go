// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"slices"
	"testing"
)

func TestAppAllowed(t *testing.T) {
	app := App{Labels: map[string]string{"env": "dev", "team": "grafana"}}
	traits := map[string][]string{"team": {"loki", "grafana"}}
	labels := func(pairs ...string) map[string][]string {
		m := map[string][]string{}
		for pair := range slices.Chunk(pairs, 2) {
			m[pair[0]] = append(m[pair[0]], pair[1])
		}
		return m
	}
	for _, tt := range []struct {
		name  string
		roles []Role
		want  bool
	}{
		{"no role", nil, false},
		{"no labels", []Role{{}}, false},
		{"wildcard", []Role{{AllowAppLabels: labels("*", "*")}}, true},
		{"wildcard key only", []Role{{AllowAppLabels: labels("*", "dev")}}, false},
		{"literal", []Role{{AllowAppLabels: labels("env", "dev")}}, true},
		{"one of several values", []Role{{AllowAppLabels: labels("env", "prod", "env", "dev")}}, true},
		{"every key", []Role{{AllowAppLabels: labels("env", "dev", "team", "loki")}}, false},
		{"missing label", []Role{{AllowAppLabels: labels("zone", "*")}}, false},
		{"any value", []Role{{AllowAppLabels: labels("env", "*")}}, true},
		{"glob", []Role{{AllowAppLabels: labels("env", "d*v")}}, true},
		{"glob is anchored", []Role{{AllowAppLabels: labels("env", "d*e")}}, false},
		{"regexp", []Role{{AllowAppLabels: labels("env", "^(dev|test)$")}}, true},
		{"broken regexp", []Role{{AllowAppLabels: labels("env", "^(dev$")}}, false},
		{"template", []Role{{AllowAppLabels: labels("team", "{{external.team}}")}}, true},
		{"template without value", []Role{{AllowAppLabels: labels("team", "{{external.none}}")}}, false},
		{"second role", []Role{{AllowAppLabels: labels("env", "prod")}, {AllowAppLabels: labels("env", "dev")}}, true},
		{"deny wins", []Role{{AllowAppLabels: labels("*", "*")}, {DenyAppLabels: labels("team", "graf*")}}, false},
		{"other deny", []Role{{AllowAppLabels: labels("*", "*"), DenyAppLabels: labels("env", "prod")}}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := appAllowed(tt.roles, traits, app); got != tt.want {
				t.Errorf("appAllowed = %v", got)
			}
		})
	}
}

func TestToolAllowed(t *testing.T) {
	app := App{Labels: map[string]string{"env": "dev"}}
	dev, prod := map[string][]string{"env": {"dev"}}, map[string][]string{"env": {"prod"}}
	traits := map[string][]string{"mcp_tools": {"get_*"}}
	for _, tt := range []struct {
		name  string
		roles []Role
		tool  string
		want  bool
	}{
		{"no tools named", []Role{{AllowAppLabels: dev}}, "get_x", false},
		{"all", []Role{{AllowAppLabels: dev, AllowTools: []string{"*"}}}, "", true},
		{"scenario", []Role{{AllowAppLabels: dev, AllowTools: []string{`^(get|query|list|search|find)_.*$`}}}, "query_loki", true},
		{"scenario, other", []Role{{AllowAppLabels: dev, AllowTools: []string{`^(get|query|list|search|find)_.*$`}}}, "update_dashboard", false},
		{"regexp needs both anchors", []Role{{AllowAppLabels: dev, AllowTools: []string{`^get.x`}}}, "get_x", false},
		{"glob over lines", []Role{{AllowAppLabels: dev, AllowTools: []string{`get*`}}}, "get\nx", true},
		{"dots are literal in globs", []Role{{AllowAppLabels: dev, AllowTools: []string{`g.t*`}}}, "get_x", false},
		{"case", []Role{{AllowAppLabels: dev, AllowTools: []string{"get_x"}}}, "Get_x", false},
		{"template", []Role{{AllowAppLabels: dev, AllowTools: []string{"{{internal.mcp_tools}}"}}}, "get_x", true},
		{"role of another app", []Role{{AllowAppLabels: dev}, {AllowAppLabels: prod, AllowTools: []string{"*"}}}, "get_x", false},
		{"deny of any role", []Role{{AllowAppLabels: dev, AllowTools: []string{"*"}}, {AllowAppLabels: prod, DenyTools: []string{"get_*"}}}, "get_x", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := toolAllowed(tt.roles, traits, app, tt.tool); got != tt.want {
				t.Errorf("toolAllowed = %v", got)
			}
		})
	}
}

func TestExpandTraits(t *testing.T) {
	traits := map[string][]string{"team": {"a", "", "b"}, "x/y z": {"c"}, "a-b.c": {"d"}}
	for text, want := range map[string][]string{
		"plain":                              {"plain"},
		"":                                   {""},
		"{{external.team}}":                  {"a", "b"},
		"pre-{{ internal.team }}-post":       {"pre-a-post", "pre-b-post"},
		`{{external["x/y z"]}}`:              {"c"},
		"{{external.a-b.c}}":                 {"d"},
		"{{external.none}}":                  nil,
		"{{user.team}}":                      nil,
		"{{team}}":                           nil,
		"{{external.team":                    nil,
		"external.team}}":                    nil,
		"{{external.team}}{{external.team}}": nil,
	} {
		if got := expandTraits(text, traits); !slices.Equal(got, want) {
			t.Errorf("expandTraits(%q) = %q, want %q", text, got, want)
		}
	}
}
