// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

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

// warnInsecure says on stderr, each time, that the certificate is not verified.
func (g *global) warnInsecure(f proxyFlags) {
	if f.insecure {
		g.warn("the proxy's certificate is not verified (--insecure)")
	}
}

func (g *global) warn(format string, a ...any) {
	fmt.Fprintf(g.stderr, "tshmcp: warning: "+format+"\n", a...)
}

func (g *global) store() *creds.Store {
	return &creds.Store{Dir: g.stateDir()}
}

// cluster is one Teleport cluster with the identity to use there: a login of
// tshmcp's own, or one that is borrowed from another program.
type cluster struct {
	profile *creds.Profile // of a borrowed identity: what its certificate says
	leaf    string         // the leaf cluster that is asked for; "" is the root
	proxy   *teleport.Proxy
	now     func() time.Time

	store *creds.Store // nil if the identity is borrowed: nothing of it is kept

	borrowed *identfile.Identity // nil for a login
	from     origin              // of the borrowed one
}

// newProxy trusts webCA (PEM) for the proxy's web address, or the system's
// roots when it is empty.
func (e *env) newProxy(addr string, webCA []byte, insecure bool) (*teleport.Proxy, error) {
	upgrade, err := e.upgrade(addr)
	if err != nil {
		return nil, err
	}
	p := &teleport.Proxy{Addr: addr, Insecure: insecure, Dial: e.dialer(), Upgrade: upgrade, UserAgent: userAgent()}
	if len(webCA) == 0 {
		return p, nil
	}
	p.RootCAs = x509.NewCertPool()
	if !p.RootCAs.AppendCertsFromPEM(webCA) {
		return nil, errors.New("the CA file holds no certificate in PEM form")
	}
	return p, nil
}

// readCAFile returns the PEM text of a --ca-file.
func readCAFile(path string) (string, error) {
	if path == "" {
		return "", nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read --ca-file: %w", err)
	}
	if !x509.NewCertPool().AppendCertsFromPEM(data) {
		return "", fmt.Errorf("--ca-file %s holds no certificate in PEM form", path)
	}
	return string(data), nil
}

// identity returns the key and certificate of the login, from the store, or
// those that are borrowed.
func (c *cluster) identity(ctx context.Context) (*teleport.Identity, error) {
	if c.borrowed != nil {
		return c.borrowedLogin()
	}
	pair, err := c.store.Login(ctx, c.profile)
	if errors.Is(err, creds.ErrNotFound) {
		return nil, &notLoggedInError{Proxy: c.profile.Proxy}
	}
	if err != nil {
		return nil, err
	}
	if !c.now().Before(c.profile.Expires) {
		return nil, &notLoggedInError{Proxy: c.profile.Proxy, Expired: c.profile.Expires}
	}
	id, err := toIdentity(pair, c.profile.HostCAs)
	if err != nil {
		return nil, fmt.Errorf("stored login of %s: %w", c.profile.Proxy, err)
	}
	return id, nil
}

// borrowedLogin is the borrowed identity if it is one that can ask the cluster.
func (c *cluster) borrowedLogin() (*teleport.Identity, error) {
	if err := c.checkBorrowed(); err != nil {
		return nil, err
	}
	if c.borrowed.App != "" {
		return nil, &oneAppError{File: c.borrowed.File, App: c.borrowed.App}
	}
	return toTeleport(c.borrowed), nil
}

// loadApp reads the stored certificate of an app. For a borrowed identity there
// is none: creds.ErrNotFound.
func (c *cluster) loadApp(ctx context.Context, app creds.App) (*creds.KeyPair, error) {
	if c.store == nil {
		return nil, creds.ErrNotFound
	}
	return c.store.App(ctx, c.profile, app)
}

// saveApp stores the certificate of an app, unless the identity is borrowed.
func (c *cluster) saveApp(ctx context.Context, app creds.App, pair creds.KeyPair) error {
	if c.store == nil {
		return nil
	}
	return c.store.SaveApp(ctx, c.profile, app, pair)
}

func toIdentity(pair *creds.KeyPair, hostCAs []string) (*teleport.Identity, error) {
	key, cert, err := parsePair(pair)
	if err != nil {
		return nil, err
	}
	id := &teleport.Identity{Key: key, Cert: cert}
	for _, text := range hostCAs {
		cas, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return nil, err
		}
		id.HostCAs = append(id.HostCAs, cas...)
	}
	return id, nil
}

func fromIdentity(id *teleport.Identity) (creds.KeyPair, error) {
	key, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		return creds.KeyPair{}, err
	}
	return creds.KeyPair{Key: key, Cert: id.Cert.Raw}, nil
}

func certPEM(cert *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
}
