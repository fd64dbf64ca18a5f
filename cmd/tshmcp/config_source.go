// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// machine is this machine as package setup wants to know it.
func (o *configOptions) machine() *setup.Machine {
	return &setup.Machine{
		GOOS: o.GOOS, Home: o.Home, Getenv: o.Getenv, Getwd: os.Getwd, LookPath: exec.LookPath,
		Executable: o.executable, CalledAs: o.calledAs, Run: sayVersion,
	}
}

// sayVersion starts a program and returns what it prints, or its first complaint.
func sayVersion(ctx context.Context, command string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, command, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		if said, _, _ := strings.Cut(strings.TrimSpace(string(exit.Stderr)), "\n"); said != "" {
			err = fmt.Errorf("%w: %s", err, plain.Line(said))
		}
	}
	return string(out), err
}

func (o *configOptions) targets() setup.Targets {
	return setup.Targets{
		Machine: o.machine(), Scope: clientcfg.Scope(o.scope), Print: o.print, Format: o.format, Key: o.keys(),
	}
}

// screen is where a person is asked.
func (o *configOptions) screen() terminal.Screen {
	return terminal.Screen{In: o.stdin, Out: plain.Raw(o.stderr), GOOS: o.GOOS, Getenv: o.Getenv}
}

// editing is how files are edited.
func (o *configOptions) editing() (clientcfg.Options, error) {
	self, err := o.machine().Command()
	return clientcfg.Options{Force: o.force, Self: self, JSON: clientcfg.JSONStyle(o.style)}, err
}

// servers are the MCP servers that were asked for.
func (o *configOptions) servers(ctx context.Context, c *access.Cluster, names []string) ([]setup.Server, error) {
	s := setup.Selection{
		Names: names, Labels: o.labels, Query: o.query, Cluster: c.Name(), User: c.Profile.Username,
		Bridgeable: func(app teleport.App) error { return access.CheckBridgeable(app, o.path) },
		Unknown:    func(name string, all []teleport.App) error { return access.NewUnknownServer(name, c, all) },
	}
	if app := c.OnlyApp(); app != "" && !s.Filtered() {
		return onlyAsked(c, app, names)
	}
	var servers []setup.Server
	err := c.Ask(ctx, func(at access.Auths) (err error) {
		servers, err = s.Servers(ctx, at.Home, at.ID.Traits())
		return err
	})
	return servers, err
}

// onlyAsked is the one app that a certificate is for, if no other was asked for.
// The cluster cannot be asked about it.
func onlyAsked(c *access.Cluster, app string, names []string) ([]setup.Server, error) {
	for _, name := range append([]string{app}, names...) {
		if _, err := c.Ready(name); err != nil {
			return nil, err
		}
	}
	return []setup.Server{{Name: app}}, nil
}

func (o *configOptions) planner(c *access.Cluster) (*setup.Planner, error) {
	editing, err := o.editing()
	if err != nil {
		return nil, err
	}
	pinned, err := o.pinned(c)
	if err != nil {
		return nil, err
	}
	p := &setup.Planner{
		Machine: o.machine(), Cluster: pinned, Prefix: o.prefix, Path: o.path, Headers: o.headers, Print: o.print, Options: editing,
		ByName: !o.all && len(o.labels) == 0 && o.query == "",
	}
	if c.From != access.FromFile { // connect remembers nothing of it
		p.Known = func(app string) []string {
			return recall.Of(o.StateDir(), c.Profile.Proxy, c.Leaf, app, o.path, nil).Tools()
		}
	}
	return p, nil
}

// pinned is what entries say of the cluster, and what connect needs besides.
func (o *configOptions) pinned(c *access.Cluster) (setup.Cluster, error) {
	pinned := setup.Cluster{
		Name: c.Profile.Cluster, Proxy: c.Profile.Proxy, Leaf: c.Leaf, NoTSH: o.TSH(&o.Env).Dir == "", Insecure: o.Insecure, SystemRoots: c.Profile.WebCA == "",
	}
	var err error
	if pinned.Identity, err = o.IdentityPath(&o.Env); err != nil {
		return pinned, err
	}
	if o.CAFile != "" {
		if pinned.CAFile, err = filepath.Abs(o.CAFile); err != nil {
			return pinned, err
		}
	}
	if c.From == access.FromTSH && o.Getenv("TELEPORT_HOME") != "" {
		pinned.TSHHome = c.File()
	}
	pinned.StateDir = o.OwnStateDir()
	if c.Profile.Store == creds.Keyring {
		pinned.Bus = o.OwnBus()
	}
	return pinned, nil
}
