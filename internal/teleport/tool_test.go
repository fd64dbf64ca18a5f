// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"reflect"
	"testing"
)

func TestJudgeTool(t *testing.T) {
	anyApp := map[string][]string{"*": {"*"}}
	app := App{Name: "notes", Labels: map[string]string{"env": "dev"}}
	reader := Role{Name: "reader", Allow: RoleConditions{AppLabels: anyApp, Tools: []string{"get_*", "{{external.tools}}"}}}
	writer := Role{Name: "writer", Allow: RoleConditions{AppLabels: anyApp, Tools: []string{"*"}}, Deny: RoleConditions{Tools: []string{"^delete_.*$"}}}
	prod := Role{Name: "prod", Allow: RoleConditions{AppLabels: map[string][]string{"env": {"prod"}}, Tools: []string{"*"}}}
	closed := Role{Name: "closed", Deny: RoleConditions{AppLabels: map[string][]string{"env": {"dev"}}}}
	expression := Role{Name: "expression", Allow: RoleConditions{AppLabelsExpression: "true", Tools: []string{"*"}}}
	traits := map[string][]string{"tools": {"search"}}
	for _, tt := range []struct {
		name  string
		tool  string
		roles []Role
		want  ToolVerdict
	}{
		{"one role allows", "get_note", []Role{reader, prod}, ToolVerdict{Allowed: true, By: []string{"reader"}}},
		{"by a trait", "search", []Role{reader}, ToolVerdict{Allowed: true, By: []string{"reader"}}},
		{"two roles allow", "get_note", []Role{writer, reader}, ToolVerdict{Allowed: true, By: []string{"reader", "writer"}}},
		{"a denial wins", "delete_note", []Role{reader, writer}, ToolVerdict{By: []string{"writer"}}},
		{"the app is denied", "get_note", []Role{reader, closed}, ToolVerdict{By: []string{"closed"}}},
		{"nobody says anything", "put_note", []Role{reader, prod}, ToolVerdict{}},
		{"the cluster alone knows", "put_note", []Role{expression, reader}, ToolVerdict{Unresolved: []string{"expression"}}},
	} {
		got := JudgeTool(tt.roles, traits, app, tt.tool)
		if got.Allowed != tt.want.Allowed || len(got.By)+len(tt.want.By) > 0 && !reflect.DeepEqual(got.By, tt.want.By) ||
			len(got.Unresolved)+len(tt.want.Unresolved) > 0 && !reflect.DeepEqual(got.Unresolved, tt.want.Unresolved) {
			t.Errorf("%s: %+v, want %+v", tt.name, got, tt.want)
		}
	}
	want := []DeniedTools{{"^delete_.*$", "writer"}, {"*", "closed"}}
	if got := Denials([]Role{reader, writer, writer, closed}, traits, app); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}
