// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"crypto/tls"
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// sourceFlags say which cluster a command talks to and as whom. An identity
// file comes first, if one is named; else the login that tshmcp has made; else,
// where it has none, that of tsh. The last two are other programs' and only
// read; what is made with them stays in memory.
type sourceFlags struct {
	proxyFlags
	leaf     string // --cluster
	identity string
	caFile   string
	noTSH    bool
	entry    bool // of a command that entries of MCP clients run

	file identfile.Live // connect asks for the identity again and again
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

// tshLogin returns tsh's login to addr, or its current one for "". Without one
// it returns identfile.ErrNotFound.
func tshLogin(home identfile.TSH, addr string) (*identfile.Identity, error) {
	if home.Dir == "" {
		return nil, identfile.ErrNotFound
	}
	profile, err := tshProfile(home, addr)
	if err == nil {
		addr = profile.Proxy
		var id *identfile.Identity
		if id, err = home.Identity(profile); err == nil {
			return id, nil
		}
	}
	if errors.Is(err, identfile.ErrNotFound) {
		return nil, err
	}
	return nil, &tshError{Proxy: addr, Err: err}
}

func tshProfile(home identfile.TSH, addr string) (*identfile.Profile, error) {
	if addr != "" {
		return home.Find(addr)
	}
	name, err := home.Current()
	if err != nil {
		return nil, err
	}
	return home.Profile(name)
}

// check finds what is wrong with the flags, before anything is done.
func (f *sourceFlags) check(e *env) error {
	addr, err := f.address(e)
	if err != nil {
		return err
	}
	path, err := f.identityPath(e)
	if err != nil {
		return err
	}
	if path != "" && addr == "" {
		return &usageError{Err: errors.New("--identity needs --proxy: an identity file does not tell the address")}
	}
	if _, err = e.upgradeMode(addr); err != nil {
		return err
	}
	_, err = readCAFile(f.caFile)
	return err
}

// openCluster finds the cluster that f names and the identity to use there.
// Nothing is read from a keyring, and nothing sent.
func (g *global) openCluster(f *sourceFlags) (*cluster, error) {
	if err := f.check(g.env); err != nil {
		return nil, err
	}
	g.warnInsecure(f.proxyFlags)
	addr, err := f.address(g.env)
	if err != nil {
		return nil, err
	}
	path, err := f.identityPath(g.env)
	if err != nil {
		return nil, err
	}
	if path != "" {
		return g.openFile(f, addr, path)
	}
	c, err := g.openLogin(f, addr)
	if errors.Is(err, creds.ErrNotFound) {
		return g.openTSH(f, addr)
	}
	return c, err
}

// openLogin opens the cluster of a login of tshmcp's own.
func (g *global) openLogin(f *sourceFlags, addr string) (*cluster, error) {
	store := g.store()
	profile, err := store.Profile(addr)
	if err != nil {
		return nil, err
	}
	c := &cluster{profile: profile, store: store, now: g.now}
	return g.withProxy(c, f)
}

// openFile opens the cluster at addr with the identity in a file.
func (g *global) openFile(f *sourceFlags, addr, path string) (*cluster, error) {
	id, err := f.file.Load(path, g.now())
	if err != nil {
		return nil, &identityError{File: path, Err: err}
	}
	return g.borrow(f, addr, fromFile, id)
}

// openTSH opens the cluster of tsh's login to addr, or of its current one.
func (g *global) openTSH(f *sourceFlags, addr string) (*cluster, error) {
	id, err := tshLogin(f.tsh(g.env), addr)
	if errors.Is(err, identfile.ErrNotFound) {
		return nil, &notLoggedInError{Proxy: addr}
	}
	if err != nil {
		return nil, err
	}
	return g.borrow(f, id.Proxy, fromTSH, id)
}

// origin is where a command's identity comes from, as status shows it. That of
// a login is the store's name.
type origin string

const (
	fromTSH  origin = "tsh"
	fromFile origin = "identity-file"
)

// borrow opens a cluster with an identity that another program keeps.
func (g *global) borrow(f *sourceFlags, addr string, from origin, id *identfile.Identity) (*cluster, error) {
	c := &cluster{
		profile: &creds.Profile{
			Proxy: addr, Cluster: id.Cluster(), Username: id.Username(),
			Roles: toTeleport(id).Roles(), Expires: id.Expires(),
		},
		borrowed: id,
		from:     from,
		now:      g.now,
	}
	return g.withProxy(c, f)
}

// withProxy gives the cluster its proxy. The web address is verified with
// --ca-file, else the CA of the login, else the system's roots: not with the
// host CA of a borrowed identity, which vouches for agents of the cluster too
// and not only for its proxies.
func (g *global) withProxy(c *cluster, f *sourceFlags) (*cluster, error) {
	ca, err := readCAFile(f.caFile)
	if err != nil {
		return nil, err
	}
	if name := f.cluster(g.env); name != c.profile.Cluster {
		c.leaf = name
	}
	c.profile.WebCA = cmp.Or(ca, c.profile.WebCA)
	c.proxy, err = g.newProxy(c.profile.Proxy, []byte(c.profile.WebCA), f.insecure)
	if err != nil {
		return nil, err
	}
	if err := c.routed(); err != nil {
		return nil, err
	}
	return c, nil
}

// checkBorrowed says why a borrowed identity is of no use now, or nil.
func (c *cluster) checkBorrowed() error {
	err := c.borrowed.Check(c.now())
	switch {
	case err == nil:
		return nil
	case c.from == fromTSH:
		return &tshError{Proxy: c.profile.Proxy, Err: err}
	}
	return &identityError{File: c.borrowed.File, Err: err}
}

// onlyApp is the one app that the identity opens, or empty.
func (c *cluster) onlyApp() string {
	if c.borrowed == nil {
		return ""
	}
	return c.borrowed.App
}

// ready returns the app certificate that a borrowed identity is already, or nil
// when one has to be issued; and an error when it cannot be.
func (c *cluster) ready(app string) (*tls.Certificate, error) {
	if c.borrowed == nil {
		return nil, nil
	}
	if err := c.checkBorrowed(); err != nil {
		return nil, err
	}
	switch id := c.borrowed; {
	case id.App == "" && id.NoReissue:
		return nil, &noReissueError{File: id.File}
	case id.App == "":
		return nil, nil
	case id.App != app:
		return nil, &oneAppError{File: id.File, App: id.App}
	}
	cert := toTeleport(c.borrowed).TLSCertificate()
	if home := teleport.AppCluster(cert.Leaf); c.leaf != "" && home != c.leaf {
		return nil, &oneAppError{File: c.borrowed.File, App: app, Cluster: home}
	}
	return &cert, nil
}

func toTeleport(id *identfile.Identity) *teleport.Identity {
	return &teleport.Identity{Key: id.Key, Cert: id.Cert, HostCAs: id.HostCAs}
}
