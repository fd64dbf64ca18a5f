// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

var (
	dashboards = []Dashboard{
		{UID: "d1", Title: "Service Health", Tags: []string{"sre", "prod"}},
		{UID: "d2", Title: "Service Costs", Tags: []string{"prod"}, Role: Editor},
		{UID: "d3", Title: "Build Queue"},
	}
	datasources = []Datasource{
		{UID: "s1", Name: "metrics", Type: "prometheus", Default: true},
		{UID: "s2", Name: "logs", Type: "loki"},
	}
)

func TestSearch(t *testing.T) {
	a := newAuthority(t)
	g := start(t, Config{JWKSURL: a.url(), RootCAs: a.roots(), Dashboards: dashboards})
	viewer, editor := a.token(t, "alice"), a.token(t, "bob", "editor")
	tests := map[string]struct {
		token, query string
		want         string
	}{
		"all a viewer sees":  {viewer, "", "d1 d3"},
		"all an editor sees": {editor, "", "d1 d2 d3"},
		"by title":           {editor, "query=service", "d1 d2"},
		"by tag":             {editor, "tag=prod", "d1 d2"},
		"by both tags":       {editor, "tag=prod&tag=sre", "d1"},
		"nothing":            {editor, "query=absent", ""},
		"folders":            {editor, "type=dash-folder", ""},
		"first page":         {editor, "type=dash-db&limit=2&page=1", "d1 d2"},
		"second page":        {editor, "limit=2&page=2", "d3"},
		"page beyond":        {editor, "limit=2&page=9", ""},
		"page zero":          {editor, "limit=2&page=0", "d1 d2"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, body := get(t, g.URL()+"/api/search?"+tt.query, "Bearer "+tt.token)
			if got := uids(body); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// uids joins the uids of a list's items.
func uids(list any) string {
	var all []string
	for _, item := range list.([]any) {
		all = append(all, item.(map[string]any)["uid"].(string))
	}
	return strings.Join(all, " ")
}

func TestDatasources(t *testing.T) {
	a := newAuthority(t)
	admin := func([]string) string { return Admin }
	cfg := Config{JWKSURL: a.url(), RootCAs: a.roots(), Datasources: datasources, Role: admin}
	_, body := get(t, start(t, cfg).URL()+"/api/datasources", "Bearer "+a.token(t, "root"))
	if got := uids(body); got != "s1 s2" {
		t.Errorf("an administrator lists %q", got)
	}
	cfg.Role = nil
	g := start(t, cfg)
	status, body := get(t, g.URL()+"/api/datasources", "Bearer "+a.token(t, "bob", "editor"))
	if message, _ := body.(map[string]any)["message"].(string); status != 403 || !strings.Contains(message, "datasources:read") {
		t.Errorf("an editor gets %d %v", status, body)
	}
	_, body = get(t, g.URL()+"/api/frontend/settings", "Bearer "+a.token(t, "alice"))
	settings := body.(map[string]any)
	if n := len(settings["datasources"].(map[string]any)); n != 2 || settings["defaultDatasource"] != "metrics" {
		t.Errorf("the settings name %d data sources, default %v", n, settings["defaultDatasource"])
	}
	if app, err := url.Parse(settings["appUrl"].(string)); err != nil || "http://"+app.Host != g.URL() {
		t.Errorf("appUrl is %v", settings["appUrl"])
	}
}

func TestSave(t *testing.T) {
	a := newAuthority(t)
	g := start(t, Config{JWKSURL: a.url(), RootCAs: a.roots(), Dashboards: dashboards})
	viewer, editor := a.token(t, "alice"), a.token(t, "bob", "editor")
	tests := []struct {
		name, token, body string
		status            int
		want              string // the titles there are then
	}{
		{"viewer", viewer, `{"dashboard": {"uid": "d4", "title": "New"}}`, 403, "Service Health, Service Costs, Build Queue"},
		{"no JSON", editor, `{"dashboard"`, 400, "Service Health, Service Costs, Build Queue"},
		{"no title", editor, `{"dashboard": {"uid": "d4"}}`, 400, "Service Health, Service Costs, Build Queue"},
		{"new", editor, `{"dashboard": {"uid": "d4", "title": "New"}}`, 200, "Service Health, Service Costs, Build Queue, New"},
		{"known", editor, `{"dashboard": {"uid": "d2", "title": "Costs"}}`, 200, "Service Health, Costs, Build Queue, New"},
	}
	for _, tt := range tests {
		status, body := send(t, http.MethodPost, g.URL()+"/api/dashboards/db", "Bearer "+tt.token, tt.body)
		if status != tt.status || (status == 200) != (body.(map[string]any)["status"] == "success") {
			t.Errorf("%s: %d %v, want %d", tt.name, status, body, tt.status)
		}
		var titles []string
		for _, d := range g.Dashboards() {
			titles = append(titles, d.Title)
		}
		if got := strings.Join(titles, ", "); got != tt.want {
			t.Errorf("%s: then there are %s, want %s", tt.name, got, tt.want)
		}
	}
	if role := g.Dashboards()[1].Role; role != Editor {
		t.Errorf("a saved dashboard is seen by %s, want %s as before", role, Editor)
	}
}

func TestHealth(t *testing.T) {
	g := start(t, Config{})
	status, body := get(t, g.URL()+"/api/health", "")
	if status != 200 || body.(map[string]any)["database"] != "ok" {
		t.Errorf("health is %d %v", status, body)
	}
}
