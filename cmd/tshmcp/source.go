// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/plainfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// upgradeEnv is tsh's variable: it overrides the test for load balancers that
// end TLS before the proxy.
const upgradeEnv = "TELEPORT_TLS_ROUTING_CONN_UPGRADE"

// proxyFlags say which cluster a command talks to.
type proxyFlags struct {
	proxy    string
	insecure bool
}

func (f *proxyFlags) add(flags *pflag.FlagSet) {
	flags.StringVar(&f.proxy, "proxy", "", "web address of the Teleport proxy, `host[:port]` (default: TSHMCP_PROXY, else the last login)")
	flags.BoolVar(&f.insecure, "insecure", false, "for tests: do not verify the proxy's web certificate")
}

// address is the proxy that was asked for as host:port, or empty for the last login.
func (f *proxyFlags) address(e *env) (string, error) {
	asked := cmp.Or(f.proxy, e.getenv("TSHMCP_PROXY"))
	if asked == "" {
		return "", nil
	}
	addr, err := teleport.ParseAddr(asked)
	if err != nil {
		return "", &usageError{Err: err}
	}
	return addr, nil
}

// sourceFlags say which cluster a command talks to and as whom.
type sourceFlags struct {
	proxyFlags
	leaf     string // --cluster
	identity string
	caFile   string
	noTSH    bool
	entry    bool // of a command that entries of MCP clients run
}

func (f *sourceFlags) add(flags *pflag.FlagSet) {
	f.proxyFlags.add(flags)
	flags.StringVar(&f.leaf, "cluster", "", "`name` of a leaf cluster of that cluster, whose apps are meant (default: TSHMCP_CLUSTER, else the cluster itself)")
	flags.StringVarP(&f.identity, "identity", "i", "", "`file` of tctl auth sign or tbot, or directory of tbot, with the identity to use instead of a login; needs --proxy (default: TSHMCP_IDENTITY)")
	flags.StringVar(&f.caFile, "ca-file", "", "PEM `file` with the CA of a proxy that has a private one (default: the one that the login remembers)")
	f.addNoTSH(flags)
}

func (f *sourceFlags) addNoTSH(flags *pflag.FlagSet) {
	flags.BoolVar(&f.noTSH, "no-tsh", false, "where tshmcp has no login of its own, do not use the one of tsh (default: TSHMCP_NO_TSH)")
}

// identityPath is the absolute path of the identity file, or empty.
func (f *sourceFlags) identityPath(e *env) (string, error) {
	path := cmp.Or(f.identity, e.getenv("TSHMCP_IDENTITY"))
	if path == "" {
		return "", nil
	}
	return filepath.Abs(path)
}

// cluster is the cluster that was asked for by name, or empty. An entry that
// pins its proxy means the root unless it pins a leaf too: a variable that the
// MCP client happens to have must not redirect it.
func (f *sourceFlags) cluster(e *env) string {
	if f.leaf != "" || f.entry && f.proxy != "" {
		return f.leaf
	}
	return e.getenv("TSHMCP_CLUSTER")
}

// tsh is tsh's home directory, with an empty path when it must not be used.
func (f *sourceFlags) tsh(e *env) identfile.TSH {
	off := !slices.Contains([]string{"", "0", "false", "no"}, strings.ToLower(e.getenv("TSHMCP_NO_TSH")))
	if f.noTSH || off {
		return identfile.TSH{}
	}
	dir := e.getenv("TELEPORT_HOME")
	if dir == "" && e.home != "" {
		dir = filepath.Join(e.home, ".tsh")
	}
	if abs, err := filepath.Abs(dir); err == nil && dir != "" {
		dir = abs
	}
	return identfile.TSH{Dir: dir}
}

// source is what the flags and the environment say; what is wrong with them
// shows before anything is done.
func (f *sourceFlags) source(e *env) (s access.Source, err error) {
	if s.Addr, err = f.address(e); err != nil {
		return s, err
	}
	if s.Identity, err = f.identityPath(e); err != nil {
		return s, err
	}
	if s.Identity != "" && s.Addr == "" {
		return s, &usageError{Err: errors.New("--identity needs --proxy: an identity file does not tell the address")}
	}
	if _, err = e.upgradeMode(s.Addr); err != nil {
		return s, err
	}
	s.WebCA, err = readCAFile(f.caFile)
	s.Leaf, s.TSH, s.Insecure = f.cluster(e), f.tsh(e), f.insecure
	return s, err
}

const maxCAFile = 1 << 20 // bytes, far above any bundle

// readCAFile returns the PEM text of a --ca-file.
func readCAFile(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	data, err := plainfile.Read(path, plainfile.Named, maxCAFile)
	if err != nil {
		return "", fmt.Errorf("read --ca-file: %w", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(data) {
		return "", fmt.Errorf("--ca-file %s holds no certificate in PEM form", path)
	}
	return string(data), nil
}

// upgradeMode is what the environment says of connections to addr.
func (e *env) upgradeMode(addr string) (teleport.UpgradeMode, error) {
	mode, err := teleport.ParseUpgradeMode(e.getenv(upgradeEnv), addr)
	if err != nil {
		return mode, &usageError{Err: fmt.Errorf("%s: %w", upgradeEnv, err)}
	}
	return mode, nil
}

// clusters opens the clusters of this process.
func (g *global) clusters() *access.Clusters {
	g.opened.Do(func() {
		g.opener = &access.Clusters{
			Store: g.store(), Now: g.now, UserAgent: userAgent(), UpgradeMode: g.upgradeMode,
			Dial: access.Dialer(g.getenv),
		}
	})
	return g.opener
}

func (g *global) store() *creds.Store {
	return &creds.Store{Dir: g.stateDir()}
}

// openCluster finds the cluster that f names and the identity to use there.
func (g *global) openCluster(f *sourceFlags) (*access.Cluster, error) {
	s, err := f.source(g.env)
	if err != nil {
		return nil, err
	}
	g.warnInsecure(f.proxyFlags)
	return g.clusters().Open(s)
}

// warnInsecure says on stderr, each time, that the certificate is not verified.
func (g *global) warnInsecure(f proxyFlags) {
	if f.insecure {
		g.warn("the proxy's certificate is not verified (--insecure)")
	}
}

func (g *global) warn(format string, a ...any) {
	plain.Fprintf(g.stderr, "tshmcp: warning: "+format+"\n", a...)
}
