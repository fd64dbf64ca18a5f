// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// person is who the user is, and what the cluster has for that one.
type person struct{ *exam }

// endsSoon is how long a login must last to be nothing to speak of.
const endsSoon = 10 * time.Minute

// login is about who the user is. No keyring is asked, and no cluster.
func (x person) login(ctx context.Context) []Finding {
	err := x.opened
	if err == nil {
		err = x.cluster.CheckExpiry()
	}
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	p := x.cluster.Profile
	text := fmt.Sprintf("%s in %s, until %s", p.Username, p.Cluster, access.LocalTime(p.Expires))
	if x.cluster.Leaf != "" {
		text += ", for the leaf cluster " + x.cluster.Leaf
	}
	if x.cluster.From != "" {
		return ok("%s, with the identity of %s", text, x.cluster.File())
	}
	if p.Expires.Sub(x.cluster.Now()) < endsSoon {
		return []Finding{{State: Warning, Text: text + ", which is soon", Command: x.loginCommand()}}
	}
	return ok("%s", text)
}

// certificate has the cluster's auth service take it.
func (x person) certificate(ctx context.Context) []Finding {
	c := x.cluster
	if app := c.OnlyApp(); app != "" {
		return ok("it is for the app %s alone, and says nothing else", app)
	}
	var roles []teleport.Role
	err := c.Ask(ctx, func(at access.Auths) (err error) {
		roles, err = at.Home.Roles(ctx)
		return err
	})
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = r.Name
	}
	slices.Sort(names)
	return ok("%s accepts it; roles: %s", c.Name(), strings.Join(names, ", "))
}

// role is about what the roles allow.
func (x person) role(ctx context.Context) []Finding {
	c := x.cluster
	if c.OnlyApp() != "" {
		return []Finding{unneeded("a certificate for one app cannot be used to ask the cluster")}
	}
	servers, err := inventory.Servers(ctx, c)
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	x.servers = servers
	for _, s := range servers {
		if s.Name == x.Name && s.NoTools() && s.TooOld == nil {
			return []Finding{{State: Failed, Code: errcode.ToolDenied, Text: "none of your roles allows any tool of " + s.Name, Command: x.loginCommand(),
				Hint: "after your administrator has added mcp.tools to a role that you have"}}
		}
	}
	if len(servers) == 0 && x.Path == "" {
		return []Finding{{State: Failed, Code: errcode.AppDenied, Text: fmt.Sprintf("your roles allow no MCP server of %s", c.Name()), Command: x.loginCommand(),
			Hint: "after your administrator has given you a role that allows one by its labels (app_labels) and its tools (mcp.tools)"}}
	}
	return ok("they allow %s of %s", count(len(servers), "MCP server"), c.Name())
}

// app is about the MCP server that was named, as the cluster knows it.
func (x person) app(ctx context.Context) []Finding {
	c := x.cluster
	if x.Name == "" {
		return []Finding{notRun("no MCP server was named: %s", x.again("NAME"))}
	}
	if only := c.OnlyApp(); only != "" {
		if _, err := c.Ready(ctx, x.Name); err != nil {
			return []Finding{x.failed(ctx, err)}
		}
		return []Finding{unneeded("a certificate for one app cannot be used to ask the cluster")}
	}
	if _, err := access.Obstacle(ctx, c, x.Name); err != nil {
		return []Finding{x.failed(ctx, x.similar(err))}
	}
	var app *teleport.App
	err := access.As(c, x.Name).Ask(ctx, func(at access.Auths) (err error) {
		app, err = at.Home.App(ctx, x.Name)
		return err
	})
	if err == nil {
		err = access.CheckBridgeable(*app, x.Path)
	}
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	return ok("%s, of type %s", app.Name, app.Type())
}

// similar names those that may have been meant.
func (x person) similar(err error) error {
	var unknown *access.UnknownServerError
	if !errors.As(err, &unknown) {
		return err
	}
	apps := make([]teleport.App, len(x.servers))
	for i, s := range x.servers {
		apps[i].Name = s.Name
	}
	similar := access.NewUnknownServer(x.Name, x.cluster, apps)
	similar.Request = unknown.Request
	return similar
}

// initialize begins a session with the server.
func (x person) initialize(ctx context.Context) (findings []Finding) {
	var err error
	if x.session, err = x.Open(ctx); err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	hello := x.session.Server()
	name := x.Name
	if info := hello.ServerInfo; info != nil && info.Name != "" {
		name = strings.TrimSpace(info.Name + " " + info.Version)
	}
	return ok("%s answers, in MCP %s", plain.Words(name), plain.Words(hello.ProtocolVersion))
}

// tools is about what the server shows.
func (x person) tools(ctx context.Context) []Finding {
	list, err := x.session.Tools(ctx, nil)
	if err != nil {
		return []Finding{x.failed(ctx, err)}
	}
	for _, tool := range list.Tools {
		x.names = append(x.names, tool.Name)
	}
	if n := len(x.names); n > 0 {
		return ok("%s", count(n, "tool"))
	}
	return []Finding{{State: Warning, Text: x.Name + " shows no tool: it has none, or your roles allow none of those it has",
		Command: x.command("ls"), Hint: "it shows which are allowed; ask your administrator for others"}}
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
