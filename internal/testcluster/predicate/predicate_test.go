// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package predicate

import (
	"slices"
	"strings"
	"testing"
)

var grafana = Fields{
	Values: map[string]string{"name": "grafana-mcp", "resource.kind": "app", "resource.sub_kind": "mcp"},
	Labels: map[string]string{"env": "dev", "odd key": "a b"},
	Search: func(keywords []string) bool { return slices.Equal(keywords, []string{"graf"}) },
}

func TestSelects(t *testing.T) {
	for text, want := range map[string]bool{
		``:                          true,
		`name == "grafana-mcp"`:     true,
		`"web" == name`:             false,
		`name != "web"`:             true,
		`!(resource.kind == "app")`: false,
		`resource.sub_kind == "mcp" && labels.env == "dev"`: true,
		`name == "web" || labels["odd key"] == "a b"`:       true,
		`name == "grafana-mcp" || nothing == ""`:            true, // not looked at
		`labels.none == ""`:                                 true,
		`exists(labels.env)`:                                true,
		`exists(labels["none"])`:                            false,
		`hasPrefix(name, "graf")`:                           true,
		`contains(name, "x")`:                               false,
		`equals(labels.env, "dev")`:                         true,
		`search("graf")`:                                    true,
		`search("graf", "x")`:                               false,
	} {
		t.Run(text, func(t *testing.T) {
			e, err := Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := e.Selects(grafana); err != nil || got != want {
				t.Errorf("selects %v, %v; want %v", got, err, want)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		`name ==`:             "parsing expression",
		`nothing == ""`:       "identifier nothing is not defined",
		`"" == resource.name`: "identifier resource.name is not defined",
		`name`:                "the expression is not a boolean",
		`-exists(name)`:       "operator (-) is not supported",
		`name < "x"`:          "operator (<) is not supported",
		`name == 1`:           "the expression is not a string",
		`equals(name)`:        "function equals of 1 arguments is not modelled",
		`labels.env.x("")`:    "only functions can be called",
		`search(1)`:           "the expression is not a string",
	} {
		t.Run(text, func(t *testing.T) {
			e, err := Parse(text)
			if err == nil {
				_, err = e.Selects(grafana)
			}
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		})
	}
}
