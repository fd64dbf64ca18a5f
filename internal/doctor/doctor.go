// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package doctor finds out why something does not work. It goes the way of a
// request of an MCP client, step by step, with the functions that the other
// commands use, and says of each step whether it holds, and what mends it.
//
//	doctor    what is looked at, in order, and what came of it
//	plan      steps beside and after each other               (plan)
//	steps     one file for each group of steps                (local, way, cluster, server, clients)
//	remedy    the one thing to do about an error              (remedy)
package doctor

import (
	"context"
	"net/netip"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/inventory"
	"github.com/tshmcp/tshmcp/internal/setup"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

// State is what came of a step.
type State string

// The states of a step.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, or will not for long
	Failed  State = "failed"
	NotRun  State = "not run"
)

// Finding is what came of a step. A step that looks at several things has several.
type Finding struct {
	Step    string `json:"step"`
	State   State  `json:"state"`
	Subject string `json:"subject"` // the client, in the step about clients; else empty
	Text    string `json:"text"`    // what was found, or why the step was not run
	// Code is that of a failure (docs/troubleshooting.md); empty for what is none.
	Code errcode.Code `json:"code"`
	// Command is a command line that mends it, Hint what else to do, or what to
	// know about the command. Both are empty where nothing has to be done.
	Command string `json:"command"`
	Hint    string `json:"hint"`

	unneeded bool // NotRun, and what comes after it can be run all the same
}

// Parts are what is looked at. All but Lookup must be set.
type Parts struct {
	Name, Path string // of the MCP server; empty: none was named
	Source     access.Source
	Clusters   *access.Clusters
	Egress     *teleport.Egress // the network's proxy; nil: none
	Machine    *setup.Machine
	Now        func() time.Time
	Version    string // of this program
	// Keyring asks the keyring of the operating system for something.
	Keyring func(ctx context.Context) error
	// Lookup finds the addresses of a host; nil asks the system.
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	// Open begins a session with the MCP server.
	Open func(ctx context.Context) (*toolcall.Session, error)
}

// Result is what was found, in the order of the steps.
type Result struct {
	Version string    `json:"version"` // of this program
	System  string    `json:"system"`  // GOOS/GOARCH
	Proxy   string    `json:"proxy"`   // host:port, empty if no cluster is known
	Server  string    `json:"server"`  // the MCP server, empty if none was named
	Healthy bool      `json:"healthy"` // nothing failed
	Steps   []Finding `json:"steps"`
}

// count is how many findings have that state.
func (r *Result) count(state State) (n int) {
	for _, f := range r.Steps {
		if f.State == state {
			n++
		}
	}
	return n
}

// Verdict is what all of it comes to: an error if something failed.
func (r *Result) Verdict() (string, error) {
	switch warnings := r.count(Warning); {
	case !r.Healthy:
		return "", &UnhealthyError{Failed: r.count(Failed)}
	case warnings > 0:
		return "Nothing failed; " + count(warnings, "warning") + ".", nil
	}
	return "Nothing is wrong.", nil
}

// UnhealthyError means that something failed, which has been told.
type UnhealthyError struct{ Failed int }

func (e *UnhealthyError) Error() string   { return count(e.Failed, "thing") + " failed" }
func (e *UnhealthyError) Hints() []string { return nil }
func (e *UnhealthyError) ExitCode() int   { return 1 }

func (e *UnhealthyError) ErrorCode() errcode.Code { return errcode.Unhealthy }

// exam is one run. What a step writes is read by those after it alone.
type exam struct {
	Parts
	cluster *access.Cluster // nil: opened says why
	opened  error
	proxy   *teleport.Proxy // nil: no address is known

	ping    *teleport.Ping
	servers []inventory.Server
	session *toolcall.Session // nil: none was begun
	names   []string          // of the tools
}

// Run takes the steps, and hands each finding to tell as soon as those before it
// are known. Its error is that of ctx.
func Run(ctx context.Context, parts Parts, tell func(Finding)) (*Result, error) {
	x := &exam{Parts: parts}
	x.open(ctx)
	result := &Result{Version: parts.Version, System: system(), Server: parts.Name, Healthy: true, Steps: []Finding{}}
	if x.proxy != nil {
		result.Proxy = x.proxy.Addr
	}
	x.steps().run(ctx, func(f Finding) {
		if f.State == Failed {
			result.Healthy = false
		}
		result.Steps = append(result.Steps, f)
		tell(f)
	})
	if x.session != nil {
		_ = x.session.Close() // the server has been asked
	}
	return result, ctx.Err()
}

// How long a step may take.
const (
	short = 6 * time.Second
	long  = 20 * time.Second
)

// steps are in the order in which a person reads them.
func (x *exam) steps() plan {
	local, way, person, clients := local{x}, way{x}, person{x}, clients{x}
	return plan{
		{name: "keyring", limit: short, look: local.keyring},
		{name: "state", limit: short, look: local.state},
		{name: "clock", limit: long, follows: []string{"tls", "version"}, after: []string{"network-proxy"}, look: way.clock},
		{name: "dns", limit: short, look: way.dns},
		{name: "network", limit: short, after: []string{"dns"}, look: way.network},
		{name: "network-proxy", limit: short, after: []string{"network"}, look: way.networkProxy},
		{name: "tls", limit: short, after: []string{"network-proxy"}, look: way.tls},
		{name: "load-balancer", limit: long, after: []string{"tls"}, follows: []string{"version"}, look: way.balancer},
		{name: "version", limit: long, after: []string{"tls"}, look: way.version},
		{name: "login", limit: short, look: person.login},
		{name: "certificate", limit: long, after: []string{"login", "keyring", "load-balancer"}, look: person.certificate},
		{name: "role", limit: long, after: []string{"certificate"}, look: person.role},
		{name: "app", limit: long, after: []string{"role"}, look: person.app},
		{name: "initialize", limit: long + short, after: []string{"app"}, look: person.initialize},
		{name: "tools", limit: long, after: []string{"initialize"}, look: person.tools},
		{name: "clients", limit: long, follows: []string{"tools"}, look: clients.look},
	}
}
