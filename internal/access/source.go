// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"cmp"
	"context"
	"errors"
	"net"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Source says which cluster is meant and as whom. An identity file comes first,
// if one is named; else the login that tshmcp has made; else, where it has
// none, that of tsh. The first and the last are other programs' and only read;
// what is made with them stays in memory.
type Source struct {
	Addr     string        // host:port of the proxy; "" for that of the last login
	AnyPort  bool          // no port was named, and no login knows it
	Leaf     string        // the leaf cluster that is meant; "", or the root's name, for the root
	Identity string        // path of an identity file, which needs Addr; "" for a login
	TSH      identfile.TSH // without a directory, tsh's login is not used
	WebCA    string        // PEM of the proxy's CA; "" for that of the login, else the system's
	Insecure bool          // for tests: the proxy's web certificate is not verified
	Named    []string      // flags with which another command line means the same
}

// At is the same source with the proxy at addr.
func (s Source) At(addr string) Source {
	s.Addr, s.AnyPort = addr, false
	return s
}

// Pinned is the source of a bridge, which stays with the cluster that the source
// last login was to; as it was if there is none.
func (o *Clusters) Pinned(s Source) Source {
	if s.Addr != "" {
		return s
	}
	if p, err := o.login.Get(o.Store, ""); err == nil {
		return s.At(p.Proxy)
	}
	return s
}

// Settle finds the proxy that is meant where no port is named: the one at that
// host to which there is a login, of tshmcp or of tsh. Without any, known is false
// and the port is 443. "" for no address stays "".
func (o *Clusters) Settle(to teleport.Addr, home identfile.TSH) (addr string, known bool) {
	if to.Host == "" || to.Port != "" {
		return to.String(), true
	}
	if ports := PortsOf(o.Store, to.Host); len(ports) > 0 {
		return to.At(ports[0]), true
	}
	if home.Dir == "" {
		return to.String(), false
	}
	profile, err := home.Profile(to.Host)
	if err != nil {
		return to.String(), false
	}
	return profile.Proxy, true
}

// findTime bounds the question at which port the proxy is.
const findTime = 6 * time.Second

// FindPort is a source with an identity file for which no port was named, with the
// port at which a Teleport proxy answers; any other source, and one that none
// answers for, is returned as it is. A login finds the port by itself, and an
// identity file is not logged in with. tell is told of another port than 443.
func (o *Clusters) FindPort(ctx context.Context, s Source, tell func(line string)) Source {
	if s.Identity == "" {
		return s
	}
	return o.AskPorts(ctx, s, tell)
}

// AskPorts is FindPort for a source of any kind.
func (o *Clusters) AskPorts(ctx context.Context, s Source, tell func(line string)) Source {
	host, _, err := net.SplitHostPort(s.Addr)
	if err != nil || !s.AnyPort {
		return s
	}
	var proxies []*teleport.Proxy
	for _, port := range teleport.DefaultPorts {
		p, err := o.NewProxy(net.JoinHostPort(host, port), s.WebCA, s.Insecure)
		if err != nil {
			return s // Open says it
		}
		proxies = append(proxies, p)
	}
	ctx, cancel := context.WithTimeout(ctx, findTime)
	defer cancel()
	p, err := teleport.FirstProxy(ctx, host, proxies)
	if err != nil {
		return s
	}
	if p.Addr != s.Addr {
		tell("no port was given: the Teleport proxy is " + p.Addr + ", there is none at " + s.Addr)
	}
	return s.At(p.Addr)
}

// LeafOf is the leaf cluster that s means, or empty. The root by its own name is
// none, as far as a login tells it.
func (o *Clusters) LeafOf(s Source) string {
	if p, err := o.login.Get(o.Store, s.Addr); err == nil {
		return s.leafBelow(p.Cluster)
	}
	return s.Leaf
}

// leafBelow is the leaf that s means below that root, or empty.
func (s Source) leafBelow(root string) string {
	if s.Leaf == root {
		return ""
	}
	return s.Leaf
}

// Origin is where an identity comes from. That of a login is empty.
type Origin string

// The origins of identities that are borrowed from other programs.
const (
	FromTSH  Origin = "tsh"
	FromFile Origin = "identity-file"
)

// Open finds the cluster that s names and the identity to use there. Nothing is
// read from a keyring, and nothing sent.
func (o *Clusters) Open(s Source) (*Cluster, error) {
	if s.Identity != "" {
		return o.openFile(s)
	}
	c, err := o.OpenLogin(s)
	if errors.Is(err, creds.ErrNotFound) {
		return o.openTSH(s)
	}
	return c, err
}

// OpenLogin opens the cluster of a login of tshmcp's own; without one it returns
// creds.ErrNotFound.
func (o *Clusters) OpenLogin(s Source) (*Cluster, error) {
	last, err := o.login.Get(o.Store, s.Addr)
	if err != nil {
		return nil, err
	}
	profile := new(*last) // what is found out about the cluster comes into it
	if profile.Insecure && !s.Insecure {
		return nil, &NotLoggedInError{Proxy: profile.Proxy, Unverified: true}
	}
	return o.reached(&Cluster{Profile: profile, store: o.Store, keeper: o.Keeper}, s)
}

// openFile opens the cluster with the identity in a file.
func (o *Clusters) openFile(s Source) (*Cluster, error) {
	id, err := o.file.Load(s.Identity, o.Now())
	if err != nil {
		return nil, &IdentityError{File: s.Identity, Err: err}
	}
	return o.borrow(s, FromFile, id)
}

// openTSH opens the cluster of tsh's login.
func (o *Clusters) openTSH(s Source) (*Cluster, error) {
	id, err := TSHLogin(s.TSH, s.Addr)
	if errors.Is(err, identfile.ErrNotFound) {
		return nil, &NotLoggedInError{Proxy: s.Addr, AnyPort: s.AnyPort}
	}
	if err != nil {
		return nil, err
	}
	return o.borrow(s.At(id.Proxy), FromTSH, id)
}

// borrow opens a cluster with an identity that another program keeps.
func (o *Clusters) borrow(s Source, from Origin, id *identfile.Identity) (*Cluster, error) {
	return o.reached(&Cluster{
		Profile: &creds.Profile{
			Proxy: s.Addr, Cluster: id.Cluster(), Username: id.Username(),
			Roles: toTeleport(id).Roles(), Expires: id.Expires(),
		},
		From:     from,
		borrowed: id,
	}, s)
}

// reached gives the cluster its proxy. The web address is verified with the CA
// of the source, else that of the login, else the system's roots: not with the
// host CA of a borrowed identity, which vouches for agents of the cluster too
// and not only for its proxies.
func (o *Clusters) reached(c *Cluster, s Source) (*Cluster, error) {
	c.Leaf, c.Named = s.leafBelow(c.Profile.Cluster), s.Named
	c.Profile.WebCA = cmp.Or(s.WebCA, c.Profile.WebCA)
	var err error
	if c.Proxy, err = o.NewProxy(c.Profile.Proxy, c.Profile.WebCA, s.Insecure); err != nil {
		return nil, err
	}
	c.clock = c.Proxy.Clock
	c.clock.Assume(c.Profile.ClockSkew)
	return c, findRoute(c)
}

// TSHLogin returns tsh's login to addr, or its current one for "". Without one
// it returns identfile.ErrNotFound.
func TSHLogin(home identfile.TSH, addr string) (*identfile.Identity, error) {
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
	return nil, &TSHError{Proxy: addr, Err: err}
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
