// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"encoding/json"
	"net/http"
)

// A refusal is an error answer of the API.
type refusal struct {
	status int
	body   map[string]any
}

// unauthorized is Grafana's 401.
func unauthorized(id, message string) *refusal {
	return &refusal{http.StatusUnauthorized, map[string]any{
		"extra":      nil,
		"message":    message,
		"messageId":  id,
		"statusCode": http.StatusUnauthorized,
		"traceID":    "",
	}}
}

// forbidden is Grafana's 403 for a user whose role lacks a permission.
func forbidden(permission string) *refusal {
	return &refusal{http.StatusForbidden, map[string]any{
		"accessErrorId": "ACE0000000000",
		"message":       "You'll need additional permissions to perform this action. Permissions needed: " + permission,
		"title":         "Access denied",
	}}
}

// badRequest is Grafana's 400 for a body it does not understand.
func badRequest() *refusal {
	return &refusal{http.StatusBadRequest, map[string]any{"message": "bad request data"}}
}

// notFound is Grafana's 404 for a path it does not serve.
func notFound() *refusal {
	return &refusal{http.StatusNotFound, map[string]any{"message": "Not found"}}
}

// An endpoint computes the answer for a user, or refuses.
type endpoint func(u user, r *http.Request) (any, *refusal)

// answered serves an endpoint to signed-in users and records the call before it
// answers, so that whoever has the answer finds the record.
func (g *Grafana) answered(serve endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		status, body := http.StatusOK, any(nil)
		u, refused := g.authenticate(r)
		if refused == nil {
			body, refused = serve(u, r)
		}
		if refused != nil {
			status, body = refused.status, refused.body
		}
		g.record(Request{Method: r.Method, Path: r.URL.Path, User: u.Login, Role: u.Role, Status: status})
		writeJSON(w, status, body)
	}
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the caller may be gone
}
