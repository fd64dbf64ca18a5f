// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the cluster that was recorded.

package testcluster

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The secrets of the users that recordings call <password> and <code>.
const (
	rigPassword = "rig password"
	rigSecret   = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
)

// rig is a cluster like the one that was recorded.
type rig struct {
	*Cluster
	// words map what recordings write to what this cluster says: its addresses
	// and names. The public addresses of apps are the recorded ones.
	words *strings.Replacer
}

// startRig starts a cluster in the state that the recordings' README describes
// and changes to it. handler is what all apps are that answer; nil answers none.
func startRig(t *testing.T, handler http.Handler, change ...func(*Config)) *rig {
	t.Helper()
	if handler == nil {
		handler = http.NotFoundHandler()
	}
	cfg := rigConfig(upstream(t, handler.ServeHTTP).URL, closedURL(t))
	for _, f := range change {
		f(&cfg)
	}
	c, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &rig{Cluster: c, words: rigWords(c)}
}

// limitLogins starts the limit on logins anew, at a moment that does not pass.
func (r *rig) limitLogins() {
	now := time.Now()
	r.rateLimit.start(func() time.Time { return now })
}

// rigConfig is the recorded cluster with its apps at the URLs up and down.
func rigConfig(up, down string) Config {
	return Config{
		Name:      "rig-cluster",
		Version:   "18.0.0",
		Connector: Connector{Type: "github", Name: "github", Display: "Rig GitHub"},
		LocalAuth: LocalAuth{Default: true, SecondFactor: "optional"},
		Users:     rigUsers(),
		Roles:     rigRoles(),
		Apps:      rigApps(up, down),
	}
}

func rigUsers() []User {
	local := func(name, secret string, roles ...string) User {
		traits := map[string][]string{"email": {name + "@example.com"}}
		return User{Name: name, Roles: roles, Traits: traits, Password: rigPassword, TOTPSecret: secret}
	}
	github := func(name string, roles ...string) User {
		return User{Name: name, Roles: roles, Traits: map[string][]string{
			"github_teams": {"admins", "devs"}, "kubernetes_groups": nil, "kubernetes_users": nil, "logins": {name},
		}}
	}
	return []User{
		local("alice", rigSecret, "rig-user"),
		local("bob", "", "rig-user"),
		local("carol", rigSecret, "rig-mfa"),
		local("dave", "", "rig-notools"),
		local("erin", "", "rig-user", "rig-deny"),
		github("octo", "rig-user"),
		github("mallory"),
		github("denied", "rig-user"),
	}
}

func rigRoles() []Role {
	role := func(name string) Role {
		return Role{
			Name: name, Logins: []string{"root"}, MaxSessionTTL: 12 * time.Hour,
			AllowAppLabels: map[string][]string{"env": {"rig"}},
		}
	}
	user, mfa := role("rig-user"), role("rig-mfa")
	user.AllowTools = []string{
		"add", "sleep", "headers", "get_*", "big*", "html", "noct", "srvreq", "ids", "unnamed", "comment", "prime", "slow*",
		"^err[0-9]+$", "empty", "batch", "notif", "cut", "list_changed", "lt",
	}
	mfa.AllowTools, mfa.RequireSessionMFA, mfa.Logins = user.AllowTools, true, []string{}
	return []Role{user, mfa, role("rig-notools"), {Name: "rig-deny", Logins: []string{"root"}, DenyTools: []string{"add"}}}
}

// rigApps are the recorded apps. Those that are found in lists only have the
// URI of the ones that are used.
func rigApps(up, down string) []App {
	app := func(name, uri string, rewrite ...Header) App {
		labels := map[string]string{"env": "rig", "dyn": "yes", "teleport.dev/origin": "dynamic"}
		if strings.Contains(name, "hidden") {
			labels["env"] = "other"
		}
		return App{Name: name, URI: uri, PublicAddr: name + ".cluster.example", Labels: labels, Rewrite: rewrite}
	}
	jwt, email := Header{"Authorization", "Bearer {{internal.jwt}}"}, Header{"X-Rig-User", "{{external.email}}"}
	mcp := "mcp+" + up + "/mcp"
	apps := []App{
		app("web", up),
		app("webjwt", up, jwt, email, Header{"X-Rig-None", "{{external.nosuch}}"}, Header{"Host", "rewritten.example"}),
		app("webpath", up+"/base/x?q=1"),
		app("webdown", down),
		app("webhidden", up),
		app("webgone", up),
		app("mcp1", mcp),
		app("mcp2", mcp, jwt, email),
		app("mcpdown", "mcp+"+down+"/mcp"),
		app("mcphidden", mcp),
		app("mcpgone", mcp),
	}
	apps[1].Description = "with rewrite"
	for name, uri := range map[string]string{
		"deadapp": down, "hidden": up, "echoplain": up, "quirkplain": up,
		"mcpdead": "mcp+" + down + "/mcp", "mcphttp": mcp, "mcpjson": mcp, "quirk": mcp, "quirkjson": mcp, "stateless": mcp, "hiddenmcp": mcp,
		"mcpsse": "mcp+sse+" + up + "/sse", "mcpstdio": "mcp+stdio://", "mcpdemo": "mcp+stdio://teleport-mcp-demo",
	} {
		static := app(name, uri)
		delete(static.Labels, "dyn")
		static.Labels["teleport.dev/origin"] = "config-file"
		apps = append(apps, static)
	}
	return apps
}

func rigWords(c *Cluster) *strings.Replacer {
	return strings.NewReplacer(
		".cluster.example", ".cluster.example", // of an app
		"cluster.example:<port>", c.Addr(),
		"cluster.example%3A<port>", url.QueryEscape(c.Addr()),
		"cluster.example", rpID,
		"https://github.com", c.IdP(),
		"rig-client-id", c.Name(),
		"<password>", rigPassword,
	)
}

// The rig starts, and its words are its own.
func TestRig(t *testing.T) {
	r := startRig(t, nil)
	got := r.words.Replace("cluster.example:<port> web.cluster.example:<port> https://github.com <uuid>")
	if want := r.Addr() + " web.cluster.example:<port> " + r.IdP() + " <uuid>"; got != want {
		t.Errorf("words %q, want %q", got, want)
	}
}
