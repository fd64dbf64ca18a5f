// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// UnknownServerError means that the cluster has no app of that name that the
// user may see.
type UnknownServerError struct {
	Name, Cluster string
	Named         []string // flags with which another command line means Cluster
	Similar       []string
	Request       string // the command that requests it, see Offer
}

// UnknownServer is NewUnknownServer for a user who may be able to request it, which
// the cluster is asked.
func UnknownServer(ctx context.Context, c *Cluster, name string, apps []teleport.App) error {
	e := NewUnknownServer(name, c, apps)
	e.Request = Offer(ctx, c, name)
	return e
}

// NewUnknownServer is that error for a name; apps are those of the cluster, in
// which similar names are looked for.
func NewUnknownServer(name string, c *Cluster, apps []teleport.App) *UnknownServerError {
	names := make([]string, len(apps))
	for i, app := range apps {
		names[i] = app.Name
	}
	return &UnknownServerError{Name: name, Cluster: c.Name(), Named: flagsOf(c), Similar: similar.To(name, names)}
}

func (e *UnknownServerError) Error() string {
	return fmt.Sprintf("%s has no MCP server %q that you may use", e.Cluster, e.Name)
}

func (e *UnknownServerError) Hints() []string {
	hints := append(similar.Hint(e.Similar), e.Offer()...)
	return append(hints, plain.Again(e.Named, "ls")+" shows what you may use")
}

// Offer is the hint that shows how to request the server, none if that cannot be.
func (e *UnknownServerError) Offer() []string {
	if e.Request == "" {
		return nil
	}
	return []string{OfferHint(e.Request)}
}

func (e *UnknownServerError) ExitCode() int           { return exitError }
func (e *UnknownServerError) ErrorCode() errcode.Code { return errcode.AppNotFound }

// ServerTypeError means that the app exists but connect cannot bridge it.
type ServerTypeError struct {
	Name, Type string
	MCP        bool
	Raw        bool // it can be bridged, but at no path
}

func (e *ServerTypeError) Error() string {
	if e.Raw {
		return fmt.Sprintf("%s is an MCP server of type %s, which has no paths", e.Name, e.Type)
	}
	if e.MCP {
		return fmt.Sprintf("%s is an MCP server of type %s, and tshmcp bridges streamable-http, sse and stdio", e.Name, e.Type)
	}
	return fmt.Sprintf("%s is an ordinary %s app, not an MCP server", e.Name, e.Type)
}

func (e *ServerTypeError) Hints() []string {
	switch {
	case e.Raw:
		return []string{"leave out --path"}
	case e.MCP:
		return []string{"use " + plain.Command("tsh", "mcp", "connect", e.Name) + " for it"}
	case e.Type == "http" || e.Type == "https":
		return []string{"if it serves MCP at a path, name that: --path=/mcp"}
	}
	return []string{"tshmcp ls shows what you may use"}
}

func (e *ServerTypeError) ExitCode() int           { return exitError }
func (e *ServerTypeError) ErrorCode() errcode.Code { return errcode.AppType }

// CheckBridgeable says whether connect can bridge the app. An ordinary HTTP
// app needs the path at which it serves MCP: the only way before Teleport 18.3.
func CheckBridgeable(app teleport.App, path string) error {
	kind := app.Type()
	switch {
	case app.IsMCP() && kind == "streamable-http", app.IsRaw() && path == "":
		return nil
	case !app.IsMCP() && path != "" && (kind == "http" || kind == "https"):
		return nil
	}
	return &ServerTypeError{Name: app.Name, Type: kind, MCP: app.IsMCP(), Raw: app.IsRaw()}
}
