// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestTools(t *testing.T) {
	app := App{
		Name:   "grafana-mcp",
		Labels: map[string]string{"env": "dev", "service": "grafana", "team": "red", "squad": "team-blue"},
		hidden: map[string]string{"teleport.internal/resource-type": "demo"},
	}
	traits := map[string][]string{
		"team": {"red", "blue"}, "mcp_tools": {"search_*", "get_one"}, "label": {"env"}, "dash-ed": {"x"}, "blank": {""},
	}
	labels := func(key string, values ...string) map[string][]string { return map[string][]string{key: values} }
	allow := func(labels map[string][]string, tools ...string) Role {
		return Role{Name: "r", Allow: RoleConditions{AppLabels: labels, Tools: tools}}
	}
	deny := func(labels map[string][]string, tools ...string) Role {
		return Role{Name: "d", Deny: RoleConditions{AppLabels: labels, Tools: tools}}
	}
	all := labels("*", "*")
	got := func(allowed ...string) ToolAccess { return ToolAccess{Allowed: allowed} }
	for _, tc := range []struct {
		name  string
		roles []Role
		want  ToolAccess
	}{
		{"no roles", nil, ToolAccess{}},
		{"wildcard", []Role{allow(all, "*")}, got("*")},
		{"no tools", []Role{allow(all)}, ToolAccess{}},
		{"no labels", []Role{allow(nil, "*")}, ToolAccess{}},
		{"literal", []Role{allow(labels("service", "grafana"), "t")}, got("t")},
		{"other value", []Role{allow(labels("service", "gitlab"), "t")}, ToolAccess{}},
		{"other case", []Role{allow(labels("service", "Grafana"), "t")}, ToolAccess{}},
		{"other label", []Role{allow(labels("region", "*"), "t")}, ToolAccess{}},
		{"no values", []Role{allow(labels("service"), "t")}, ToolAccess{}},
		{"values are ORed", []Role{allow(labels("service", "gitlab", "grafana"), "t")}, got("t")},
		{"keys are ANDed", []Role{allow(map[string][]string{"env": {"dev"}, "service": {"grafana"}}, "t")}, got("t")},
		{"one key fails", []Role{allow(map[string][]string{"env": {"prod"}, "service": {"grafana"}}, "t")}, ToolAccess{}},
		{"any value", []Role{allow(labels("env", "*"), "t")}, got("t")},
		{"glob", []Role{allow(labels("service", "gra*a"), "t")}, got("t")},
		{"glob is anchored", []Role{allow(labels("service", "raf*"), "t")}, ToolAccess{}},
		{"glob quotes the rest", []Role{allow(labels("service", "g.*"), "t")}, ToolAccess{}},
		{"regexp", []Role{allow(labels("service", "^gra(fana|phite)$"), "t")}, got("t")},
		{"regexp that does not match", []Role{allow(labels("service", "^gra$"), "t")}, ToolAccess{}},
		{"half a regexp is a literal", []Role{allow(labels("service", "^gra.*"), "t")}, ToolAccess{}},
		{"broken regexp", []Role{allow(labels("service", "^(gra$"), "t")}, ToolAccess{}},
		{"wildcard name with a value", []Role{allow(labels("*", "grafana"), "t")}, ToolAccess{}},
		{"internal label", []Role{allow(labels("teleport.internal/resource-type", "demo"), "t")}, got("t")},

		{"label from a trait", []Role{allow(labels("team", "{{external.team}}"), "t")}, got("t")},
		{"label from a trait in text", []Role{allow(labels("squad", "team-{{ external.team }}"), "t")}, got("t")},
		{"label name from a trait", []Role{allow(labels("{{external.label}}", "dev"), "t")}, got("t")},
		{"label from a missing trait", []Role{allow(labels("team", "{{external.no}}"), "t")}, ToolAccess{}},
		{"label name from a missing trait", []Role{allow(labels("{{external.no}}", "dev"), "t")}, ToolAccess{}},
		{"label name of one from a missing trait",
			[]Role{allow(map[string][]string{"{{external.no}}": {"*"}, "env": {"dev"}}, "t")}, ToolAccess{}},

		{"tools from a trait", []Role{allow(all, "{{internal.mcp_tools}}", "a")}, got("a", "get_one", "search_*")},
		{"tools from a trait in text", []Role{allow(all, "^{{external.team}}_.*$")}, got("^blue_.*$", "^red_.*$")},
		{"tools from an indexed trait", []Role{allow(all, `{{external["dash-ed"]}}`)}, got("x")},
		{"tools from missing or empty traits", []Role{allow(all, "{{external.no}}", "{{external.blank}}")}, ToolAccess{}},
		{"braces are no template", []Role{allow(all, "^a{2}$")}, got("^a{2}$")},

		{"sorted, without doubles", []Role{allow(all, "b", "a"), allow(all, "c", "a")}, got("a", "b", "c")},
		{"a role that does not match adds nothing", []Role{allow(labels("env", "prod"), "*"), allow(all, "a")}, got("a")},

		{"deny counts from any role", []Role{allow(all, "*"), deny(nil, "delete_*", "{{external.team}}")},
			ToolAccess{Allowed: []string{"*"}, Denied: []string{"blue", "delete_*", "red"}}},
		{"denied app", []Role{allow(all, "*"), deny(labels("env", "dev"), "x")}, ToolAccess{Denied: []string{"*"}}},
		{"denied app, deny first", []Role{deny(all), allow(all, "*")}, ToolAccess{Denied: []string{"*"}}},
		{"other app denied", []Role{allow(all, "*"), deny(labels("env", "prod"))}, got("*")},
		{"deny with a missing trait", []Role{allow(all, "*"), deny(labels("{{external.no}}", "*"), "{{external.no}}")}, got("*")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := Tools(tc.roles, traits, app); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestToolsUnresolved(t *testing.T) {
	app := App{Name: "a", Labels: map[string]string{"env": "dev"}}
	dev := map[string][]string{"env": {"dev"}}
	prod := map[string][]string{"env": {"prod"}}
	const expr = `labels["env"] == "dev"`
	const function = `{{regexp.replace(external.team, "^(.*)$", "$1")}}`
	for _, tc := range []struct {
		name string
		role Role
		want ToolAccess
	}{
		{"expression", Role{Allow: RoleConditions{AppLabelsExpression: expr, Tools: []string{"t"}}}, ToolAccess{Unresolved: []string{"r"}}},
		{"expression and labels", Role{Allow: RoleConditions{AppLabels: dev, AppLabelsExpression: expr, Tools: []string{"t"}}},
			ToolAccess{Unresolved: []string{"r"}}},
		{"expression and labels that do not match", Role{Allow: RoleConditions{AppLabels: prod, AppLabelsExpression: expr, Tools: []string{"t"}}}, ToolAccess{}},
		{"expression without tools", Role{Allow: RoleConditions{AppLabelsExpression: expr}}, ToolAccess{}},
		{"denying expression", Role{Allow: RoleConditions{AppLabels: dev, Tools: []string{"t"}}, Deny: RoleConditions{AppLabelsExpression: expr}},
			ToolAccess{Allowed: []string{"t"}, Unresolved: []string{"r"}}},
		{"function in a tool", Role{Allow: RoleConditions{AppLabels: dev, Tools: []string{"t", function}}},
			ToolAccess{Allowed: []string{"t"}, Unresolved: []string{"r"}}},
		{"function in a tool of another app", Role{Allow: RoleConditions{AppLabels: prod, Tools: []string{function}}}, ToolAccess{}},
		{"function in a denied tool", Role{Deny: RoleConditions{Tools: []string{function}}}, ToolAccess{Unresolved: []string{"r"}}},
		{"function in a label", Role{Allow: RoleConditions{AppLabels: map[string][]string{"env": {function}}, Tools: []string{"t"}}},
			ToolAccess{Unresolved: []string{"r"}}},
		{"function in a label's name", Role{Allow: RoleConditions{AppLabels: map[string][]string{function: {"*"}}, Tools: []string{"t"}}},
			ToolAccess{Unresolved: []string{"r"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.role.Name = "r"
			if got := Tools([]Role{tc.role}, map[string][]string{"team": {"red"}}, app); !reflect.DeepEqual(got, tc.want) {
				t.Errorf("got  %+v\nwant %+v", got, tc.want)
			}
		})
	}
}

func TestTemplatesThatCannotBeRead(t *testing.T) {
	for _, text := range []string{
		"{{", "}}", "{{}}", "{{external}}", "{{external.}}", "{{external.a.b}}", "{{other.a}}", "{{external.a", "external.a}}",
		"{{external.a}}{{external.a}}", "{{external.a}}}", `{{external[a]}}`, `{{external["a]}}`, `{{external[""]}}`,
		"{{email.local(external.a)}}", "{{externala}}",
	} {
		if !opaqueTemplate(text) {
			t.Errorf("%q counts as a template that can be read", text)
		}
		if got := fill(text, map[string][]string{"a": {"v"}, "": {"v"}}); got != nil {
			t.Errorf("fill(%q) = %q; want nothing", text, got)
		}
	}
	for _, text := range []string{"", "plain", "{", "a{2}", "{{external.a}}", "x-{{ internal.a }}-y", `{{external["a b"]}}`} {
		if opaqueTemplate(text) {
			t.Errorf("%q counts as a template that cannot be read", text)
		}
	}
}

func TestAppKinds(t *testing.T) {
	for _, tc := range []struct {
		app   App
		isMCP bool
		kind  string
	}{
		{App{URI: "mcp+http://10.0.0.5:8000/mcp"}, true, "streamable-http"},
		{App{URI: "mcp+https://mcp.example.com/mcp", SubKind: "mcp"}, true, "streamable-http"},
		{App{URI: "mcp+sse+http://localhost/sse"}, true, "sse"},
		{App{URI: "mcp+sse+https://localhost/sse"}, true, "sse"},
		{App{URI: "mcp+stdio://", SubKind: "mcp"}, true, "stdio"},
		{App{URI: "http://localhost:3000"}, false, "http"},
		{App{URI: "https://localhost"}, false, "http"},
		{App{URI: "tcp://localhost:5432"}, false, "tcp"},
		{App{URI: "cloud://AWS"}, false, "cloud"},
		{App{SubKind: "mcp"}, true, ""},
		{App{}, false, ""},
	} {
		if got := tc.app.IsMCP(); got != tc.isMCP {
			t.Errorf("%+v: IsMCP %v", tc.app, got)
		}
		if got := tc.app.Type(); got != tc.kind {
			t.Errorf("%+v: type %q; want %q", tc.app, got, tc.kind)
		}
	}
}

// TestToolDenied holds the text against what was recorded.
func TestToolDenied(t *testing.T) {
	recorded, err := os.ReadFile("../../testdata/recordings/app-mcp-http.json")
	if err != nil {
		t.Fatal(err)
	}
	const message = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."
	if !strings.Contains(string(recorded), message) {
		t.Error("no recording has that text")
	}
	if !ToolDenied(-32602, message) || ToolDenied(-32603, message) || ToolDenied(-32602, "unknown tool") {
		t.Error("a denied tool is not told from others")
	}
}
