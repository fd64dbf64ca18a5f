// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-mcp-http.json, who may use an MCP app.

package testcluster

import (
	"net/http"
	"testing"
	"time"
)

// mcpAccess are the entries of app-mcp-http.json that are about who may use an
// MCP app, each with what it is recorded with. All others are replayed with the
// messages.
var mcpAccess = map[string]webUse{
	"denied-role":                 {app: "mcphidden"},
	"denied-role-get":             {app: "mcphidden"},
	"denied-role-again":           {app: "mcphidden"},
	"denied-mfa":                  {user: "carol", app: "mcp1"},
	"role-lost-before":            {user: "dave", app: "mcp1"},
	"role-lost-same-session":      {user: "dave", app: "mcp1"},
	"role-lost-new-connection":    {user: "dave", app: "mcp1"},
	"role-lost-new-certificate":   {user: "dave", app: "mcp1", own: "new"},
	"role-lost-after-idle":        {user: "dave", app: "mcp1"},
	"role-back":                   {user: "dave", app: "mcp1"},
	"role-back-after-idle":        {user: "dave", app: "mcp1"},
	"locked-same-session":         {user: "dave", app: "mcp1"},
	"locked-new-connection":       {user: "dave", app: "mcp1"},
	"unlocked":                    {user: "dave", app: "mcp1"},
	"unlocked-after-idle":         {user: "dave", app: "mcp1"},
	"session-before-delete":       {app: "mcp1", own: "to be deleted"},
	"session-deleted":             {app: "mcp1", own: "to be deleted"},
	"user-cert":                   {},
	"mcp-stdio-app":               {app: "mcpstdio"},
	"mcp-sse-app":                 {app: "mcpsse"},
	"app-before-delete":           {app: "mcpgone"},
	"app-deleted":                 {app: "mcpgone"},
	"app-deleted-new-certificate": {app: "mcpgone", own: "new"},
	"raw-denied-role":             {app: "mcphidden", own: "raw"},
	"raw-denied-role-get":         {app: "mcphidden", own: "raw"},
	"raw-denied-role-again":       {app: "mcphidden", own: "raw"},
	"raw-denied-mfa":              {user: "carol", app: "mcp1", own: "raw"},
}

// TestRecordedMCPAccess replays who may use an MCP app, when that is looked at and
// how it is told.
func TestRecordedMCPAccess(t *testing.T) {
	t.Parallel() // it waits
	r := startWebRig(t, func(cfg *Config) { cfg.Version = NewestVersion })
	r.uses, r.replays = mcpAccess, accessReplays
	replayFile(t, "app-mcp-http.json", othersThan(t, "app-mcp-http.json", mcpAccess, "a message, replayed in TestRecordedMCP"), r.replay)
}

// othersThan is a table of skipped entries: all that mine does not name.
func othersThan(t *testing.T, file string, mine map[string]webUse, reason string) map[string]string {
	t.Helper()
	skip := map[string]string{}
	found := 0
	for _, e := range readRecording(t, file) {
		if _, ok := mine[e.Name]; ok {
			found++
			continue
		}
		skip[e.Name] = reason
	}
	if found != len(mine) {
		t.Errorf("%s has %d of %d entries", file, found, len(mine))
	}
	return skip
}

var accessReplays = map[string]func(*webRig, *testing.T, recorded){
	"role-lost-same-session":   (*webRig).loseRole,
	"role-lost-new-connection": (*webRig).newConnection,
	"role-lost-after-idle":     (*webRig).afterIdle,
	"role-back":                (*webRig).roleBack,
	"role-back-after-idle":     (*webRig).afterIdle,
	"locked-same-session":      (*webRig).lockedSession,
	"locked-new-connection":    (*webRig).newConnection,
	"unlocked":                 (*webRig).unlocked,
	"unlocked-after-idle":      (*webRig).afterIdle,
	"session-deleted":          (*webRig).sessionDeleted,
	"user-cert":                (*webRig).userCert,
	"app-deleted":              (*webRig).appDeleted,
	"raw-denied-role":          (*webRig).deniedBelowTLS,
	"raw-denied-role-get":      (*webRig).deniedBelowTLS,
	"raw-denied-mfa":           (*webRig).deniedBelowTLS,
}

func (r *webRig) loseRole(t *testing.T, e recorded) {
	r.SetRole(Role{Name: "rig-notools", AllowAppLabels: map[string][]string{"env": {"other"}}})
	r.once(t, e)
}

func (r *webRig) afterIdle(t *testing.T, e recorded) {
	pass(r.Cluster, seconds(t, e.Given))
	r.once(t, e)
}

// lockedSession asks when the lock has ended what was open.
func (r *webRig) lockedSession(t *testing.T, e recorded) {
	r.LockUser("dave")
	for began := time.Now(); r.openLinks("dave") > 0; wait(t.Context(), time.Millisecond) {
		if time.Since(began) > limit {
			t.Fatal("the lock does not end what is open")
		}
	}
	r.once(t, e)
}

// openLinks is how many connections to the app service are kept for a user.
func (r *webRig) openLinks(user string) (n int) {
	r.sessions.mu.Lock()
	defer r.sessions.mu.Unlock()
	for _, sess := range r.sessions.byID {
		if sess.Username == user {
			n += len(sess.links)
		}
	}
	return n
}

// deniedBelowTLS waits less than the recorded time, which is the default.
func (r *webRig) deniedBelowTLS(t *testing.T, e recorded) {
	if got, want := (AppTimes{}).withDefaults().Denial, seconds(t, e.Response.After); got != want {
		t.Errorf("denials take %v, want %v", got, want)
	}
	r.SetDenial(DenyBelowTLS)
	began := time.Now()
	r.once(t, e)
	if took := time.Since(began); took < r.cfg.AppTimes.Denial {
		t.Errorf("denied after %v", took)
	}
}

// TestDenials holds the other ways in which one denial is told.
func TestDenials(t *testing.T) {
	c := startApps(t, App{Name: "tools", URI: "mcp+http://127.0.0.1:1/mcp"})
	const post = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	client := clientOf(t, c, appIdentity(c, "bob", "tools", time.Hour))
	c.SetDenial(DenyForbidden)
	wantAnswer(t, do(t, client, c, "POST", "/", post), http.StatusForbidden, "application/json",
		"{\n    \"error\": {\n        \"message\": \"access to app denied\"\n    }\n}")
	c.SetDenial(DenyError)
	wantAnswer(t, do(t, client, c, "POST", "/", post), http.StatusInternalServerError, plainText, "Internal Server Error")
}
