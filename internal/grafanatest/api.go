// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

const (
	version = "12.1.0"
	orgID   = 1
	orgName = "Main Org."
)

func (g *Grafana) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/health", health) // the one path without sign-in
	mux.HandleFunc("GET /api/frontend/settings", g.answered(g.settings))
	mux.HandleFunc("GET /api/search", g.answered(g.search))
	mux.HandleFunc("POST /api/dashboards/db", g.answered(g.save))
	mux.HandleFunc("GET /api/datasources", g.answered(g.datasources))
	mux.HandleFunc("GET /api/user", g.answered(g.user))
	mux.HandleFunc("GET /api/user/orgs", g.answered(g.orgs))
	mux.HandleFunc("/", g.answered(func(user, *http.Request) (any, *refusal) {
		return nil, notFound()
	}))
	return mux
}

func health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"database": "ok", "version": version, "commit": "NA"})
}

// settings is where the MCP server learns version and namespace, and where users
// who may not list the data sources find those that they may query.
func (g *Grafana) settings(user, *http.Request) (any, *refusal) {
	byName := map[string]any{}
	def := ""
	for i, d := range g.cfg.Datasources {
		byName[d.Name] = d.json(i)
		if d.Default {
			def = d.Name
		}
	}
	return map[string]any{
		"appUrl":            g.url + "/",
		"buildInfo":         map[string]any{"version": version, "edition": "Open Source"},
		"namespace":         "default",
		"datasources":       byName,
		"defaultDatasource": def,
	}, nil
}

// search lists the dashboards that the user may see, by title as Grafana does.
func (g *Grafana) search(u user, r *http.Request) (any, *refusal) {
	q := r.URL.Query()
	if kind := q.Get("type"); kind != "" && kind != "dash-db" {
		return []any{}, nil // there are no folders
	}
	hits := []any{}
	for i, d := range g.Dashboards() {
		if atLeast(u.Role, d.Role) && d.matches(q.Get("query"), q["tag"]) {
			hits = append(hits, d.json(i))
		}
	}
	return page(hits, q.Get("limit"), q.Get("page")), nil
}

// page cuts out one page; Grafana's limit is 1000 by default, pages count from 1.
func page(hits []any, limit, number string) []any {
	size, err := strconv.Atoi(limit)
	if err != nil || size < 1 {
		size = 1000
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 {
		n = 1
	}
	start := min((n-1)*size, len(hits))
	return hits[start:min(start+size, len(hits))]
}

func (d Dashboard) matches(query string, tags []string) bool {
	if !strings.Contains(strings.ToLower(d.Title), strings.ToLower(query)) {
		return false
	}
	for _, tag := range tags {
		if !slices.Contains(d.Tags, tag) {
			return false
		}
	}
	return true
}

func (d Dashboard) slug() string {
	return strings.ReplaceAll(strings.ToLower(d.Title), " ", "-")
}

func (d Dashboard) json(index int) map[string]any {
	return map[string]any{
		"id":        index + 1,
		"orgId":     orgID,
		"uid":       d.UID,
		"title":     d.Title,
		"uri":       "db/" + d.slug(),
		"url":       "/d/" + d.UID + "/" + d.slug(),
		"slug":      "",
		"type":      "dash-db",
		"tags":      append([]string{}, d.Tags...),
		"isStarred": false,
		"sortMeta":  0,
		"isDeleted": false,
	}
}

// save creates or replaces a dashboard, which editors may.
func (g *Grafana) save(u user, r *http.Request) (any, *refusal) {
	if !atLeast(u.Role, Editor) {
		return nil, forbidden("any of dashboards:create, dashboards:write")
	}
	var command struct {
		Dashboard struct {
			UID, Title string
			Tags       []string
		}
	}
	err := json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(&command)
	saved := Dashboard{UID: command.Dashboard.UID, Title: command.Dashboard.Title, Tags: command.Dashboard.Tags}
	if err != nil || saved.UID == "" || saved.Title == "" {
		return nil, badRequest()
	}
	hit := saved.json(g.put(saved))
	return map[string]any{
		"id":      hit["id"],
		"uid":     saved.UID,
		"url":     hit["url"],
		"slug":    saved.slug(),
		"status":  "success",
		"version": 1,
	}, nil
}

// datasources is for administrators: viewers and editors may query data sources
// but not list them here, and find them in the settings.
func (g *Grafana) datasources(u user, _ *http.Request) (any, *refusal) {
	if !atLeast(u.Role, Admin) {
		return nil, forbidden("datasources:read")
	}
	list := []any{}
	for i, d := range g.cfg.Datasources {
		list = append(list, d.json(i))
	}
	return list, nil
}

func (d Datasource) json(index int) map[string]any {
	return map[string]any{
		"id":        index + 1,
		"orgId":     orgID,
		"uid":       d.UID,
		"name":      d.Name,
		"type":      d.Type,
		"typeName":  d.Type,
		"access":    "proxy",
		"url":       "",
		"isDefault": d.Default,
		"jsonData":  map[string]any{},
		"readOnly":  false,
	}
}

func (g *Grafana) user(u user, _ *http.Request) (any, *refusal) {
	return map[string]any{
		"id":             1,
		"email":          "",
		"name":           "",
		"login":          u.Login,
		"orgId":          orgID,
		"isGrafanaAdmin": false,
		"isDisabled":     false,
		"isExternal":     true,
		"authLabels":     []string{"JWT"},
	}, nil
}

func (g *Grafana) orgs(u user, _ *http.Request) (any, *refusal) {
	return []any{map[string]any{"orgId": orgID, "name": orgName, "role": u.Role}}, nil
}
