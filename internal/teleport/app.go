// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// App is an app or MCP server registered with the cluster (protocol.md 7.3).
type App struct {
	Name        string
	Description string
	URI         string // where the Application Service finds it: "mcp+http://10.0.0.5:8000/mcp"
	PublicAddr  string // names the app in a certificate; not dialled
	SubKind     string // "mcp" for MCP servers
	Cluster     string // that has the app: the root or a leaf
	// Labels are the static and dynamic ones, without those of Teleport's
	// internal and hidden namespaces.
	Labels map[string]string
	hidden map[string]string // the others: roles may name them
}

const mcpScheme = "mcp+"

// IsMCP tells whether the cluster knows the app to be an MCP server.
func (a App) IsMCP() bool {
	return a.SubKind == "mcp" || strings.HasPrefix(a.URI, mcpScheme)
}

// Type tells how the app is spoken to, by its URI's scheme (protocol.md 10):
// "streamable-http", "sse" or "stdio" for an MCP server; "http", "tcp" and the
// like for other apps. It is empty for an app without a URI.
func (a App) Type() string {
	scheme, _, ok := strings.Cut(a.URI, "://")
	if !ok {
		return ""
	}
	switch scheme {
	case "mcp+http", "mcp+https":
		return "streamable-http"
	case "mcp+sse+http", "mcp+sse+https":
		return "sse"
	case "https":
		return "http"
	}
	return strings.TrimPrefix(scheme, mcpScheme)
}

// IsRaw tells whether the app is spoken to over a connection to a process, or in
// place of one, instead of over HTTP (protocol.md 13).
func (a App) IsRaw() bool { return a.IsMCP() && (a.Type() == "stdio" || a.Type() == "sse") }

// Needs is the first release that has apps of this type: "" for one that every
// release has.
func (a App) Needs() string {
	switch {
	case !a.IsMCP():
		return ""
	case a.Type() == "stdio":
		return MinStdioVersion
	}
	return MinMCPVersion
}

// label returns a label's value, also of one that is not shown.
func (a App) label(key string) (string, bool) {
	value, ok := a.Labels[key]
	if !ok {
		value, ok = a.hidden[key]
	}
	return value, ok
}

func newApp(a *wirepb.AppV3, cluster string) App {
	app := App{
		Name:        a.GetMetadata().GetName(),
		Description: a.GetMetadata().GetDescription(),
		URI:         a.GetSpec().GetUri(),
		PublicAddr:  a.GetSpec().GetPublicAddr(),
		SubKind:     a.GetSubKind(),
		Cluster:     cluster,
		Labels:      make(map[string]string),
		hidden:      make(map[string]string),
	}
	for key, value := range a.GetMetadata().GetLabels() {
		app.setLabel(key, value)
	}
	// Of two labels with one name the dynamic one wins.
	for key, command := range a.GetSpec().GetDynamicLabels() {
		app.setLabel(key, command.GetResult())
	}
	return app
}

func (a *App) setLabel(key, value string) {
	if strings.HasPrefix(key, "teleport.internal/") || strings.HasPrefix(key, "teleport.hidden/") {
		a.hidden[key] = value
		return
	}
	a.Labels[key] = value
}
