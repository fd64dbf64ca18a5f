// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"os/exec"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// sourceFlags say which cluster a command talks to and as whom.
type sourceFlags struct{ settings.Flags }

func (f *sourceFlags) add(flags *pflag.FlagSet) {
	f.addProxy(flags)
	flags.StringVar(&f.Leaf, "cluster", "", "`name` of a leaf cluster whose MCP servers are meant (default: TSHMCP_CLUSTER, else the cluster itself)")
	flags.StringVarP(&f.Identity, "identity", "i", "", "`file` from tctl auth sign or tbot, or tbot directory, with the identity to use instead of a login; needs --proxy (default: TSHMCP_IDENTITY)")
	flags.StringVar(&f.CAFile, "ca-file", "", "PEM `file` with the proxy's CA, if it is a private one (default: the one that the login remembers)")
	f.addNoTSH(flags)
}

func (f *sourceFlags) addProxy(flags *pflag.FlagSet) {
	flags.StringVar(&f.Proxy, "proxy", "", "web address of the Teleport proxy, `host[:port]` (default: TSHMCP_PROXY, else TELEPORT_PROXY, else the last login)")
	flags.BoolVar(&f.Insecure, "insecure", false, "for tests: do not verify the proxy's web certificate")
}

func (f *sourceFlags) addNoTSH(flags *pflag.FlagSet) {
	flags.BoolVar(&f.NoTSH, "no-tsh", false, "do not use tsh's login where tshmcp has none of its own (default: TSHMCP_NO_TSH)")
}

// clusters opens the clusters of this process.
func (g *global) clusters() *access.Clusters {
	g.opened.Do(func() {
		g.opener = &access.Clusters{
			Store: g.store(), Now: g.now, UserAgent: userAgent(), UpgradeMode: g.UpgradeMode,
			Dial: access.Dialer(g.Getenv),
		}
		if g.debug {
			g.opener.Log = g.logger(true)
		}
	})
	return g.opener
}

func (g *global) store() *creds.Store {
	return &creds.Store{Dir: g.StateDir(), Held: func(by *creds.BusyError) {
		g.voice().Say("waiting: %v", by)
	}, Asking: func() {
		g.voice().Say("waiting for the keyring: it may be asking for its password in a window of its own")
	}}
}

// openCluster finds the cluster that f names and the identity to use there.
func (g *global) openCluster(ctx context.Context, f *sourceFlags) (*access.Cluster, error) {
	s, err := f.Source(&g.Env, g.clusters())
	if err != nil {
		return nil, err
	}
	g.warnInsecure(f)
	return g.clusters().Open(g.clusters().FindPort(ctx, s, g.Tell))
}

// openKnown is openCluster without asking the network for anything.
func (g *global) openKnown(f *sourceFlags) (*access.Cluster, error) {
	s, err := f.Source(&g.Env, g.clusters())
	if err != nil {
		return nil, err
	}
	return g.clusters().Open(s)
}

// warnInsecure says on stderr, each time, that the certificate is not verified.
func (g *global) warnInsecure(f *sourceFlags) {
	if f.Insecure {
		g.voice().Warn("the proxy's certificate is not verified (--insecure)")
	}
}

// machine is this machine as package setup wants to know it.
func (g *global) machine() *setup.Machine {
	return &setup.Machine{
		Env: g.Env, Getwd: os.Getwd, LookPath: exec.LookPath, Executable: g.executable, CalledAs: g.calledAs, Run: setup.Output,
	}
}
