// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Meta keys of a stored app certificate.
const (
	metaURI     = "uri"
	metaSubKind = "sub_kind"
)

// AppCert is a certificate that opens one app.
type AppCert struct {
	*tls.Certificate
	MCP bool // of an MCP app, not of an ordinary one with a path

	app teleport.App // as far as the store tells
}

// IsRaw tells whether the app is spoken to over [teleport.DialMCP]. Of a borrowed
// certificate for one app that is not known.
func (c *AppCert) IsRaw() bool { return c.app.IsRaw() }

// Kind is the app's type, and Needs the first release that has it.
func (c *AppCert) Kind() string  { return c.app.Type() }
func (c *AppCert) Needs() string { return c.app.Needs() }

// Bridgeable is CheckBridgeable of a stored certificate's app.
func (c *AppCert) Bridgeable(path string) error { return CheckBridgeable(c.app, path) }

// Redirect is App.Redirect of the app that the certificate is for.
func (c *AppCert) Redirect(asked, location *url.URL) string { return c.app.Redirect(asked, location) }

// app names an app of the cluster that was asked for in the store.
func (c *Cluster) app(name string) creds.App { return creds.App{Leaf: c.Leaf, Name: name} }

// StoredApp returns the app's certificate out of the store, which may have
// expired, or nil if there is none; of a borrowed identity there never is.
func (c *Cluster) StoredApp(ctx context.Context, name string) (*AppCert, error) {
	if c.store == nil {
		return nil, nil
	}
	pair, err := c.store.App(ctx, c.Profile, c.app(name))
	if errors.Is(err, creds.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plain, err := toCertificate(pair)
	if err != nil {
		return nil, &DamagedError{App: name, Err: err}
	}
	app := teleport.App{Name: name, URI: pair.Meta[metaURI], SubKind: pair.Meta[metaSubKind]}
	return &AppCert{Certificate: plain, MCP: app.IsMCP(), app: app}, nil
}

// DamagedError means that what is stored as an app's certificate is none. A new
// one takes its place.
type DamagedError struct {
	App string
	Err error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the stored certificate of %s cannot be used: %v", e.App, e.Err)
}

// Unwrap returns what is wrong with it.
func (e *DamagedError) Unwrap() error           { return e.Err }
func (e *DamagedError) ErrorCode() errcode.Code { return errcode.AppCertUnusable }

// IssueApp asks the cluster for a new certificate for the app and has it stored,
// unless the identity is borrowed, or is itself that certificate. path is that
// of an ordinary HTTP app.
func (c *Cluster) IssueApp(ctx context.Context, name, path string) (*AppCert, error) {
	if cert, err := c.Ready(name); cert != nil || err != nil {
		return &AppCert{Certificate: cert, MCP: path == ""}, err
	}
	var (
		app  *teleport.App
		cert *tls.Certificate
	)
	c = As(c, name)
	err := c.Ask(ctx, func(at Auths) (err error) {
		if app, err = at.Home.App(ctx, name); err != nil {
			return err
		}
		if err = CheckBridgeable(*app, path); err != nil {
			return err
		}
		cert, err = at.Root.IssueAppCert(ctx, teleport.AppCertRequest{App: *app, Expires: at.ID.Expires()})
		return err
	})
	var missing *teleport.AppNotFoundError
	if errors.As(err, &missing) {
		return nil, unknownServer(ctx, c, name)
	}
	if err != nil {
		return nil, err
	}
	c.keep(ctx, "the certificate of "+name, func(ctx context.Context, p *creds.Profile) error {
		return c.saveApp(ctx, p, app, cert)
	})
	return &AppCert{Certificate: cert, MCP: app.IsMCP(), app: *app}, nil
}

// KeepApp gets and stores a certificate that outlives the login, as headless
// logins need it, and returns its end.
func (c *Cluster) KeepApp(ctx context.Context, auth *teleport.RootAuth, name string, until time.Time) (time.Time, error) {
	app, err := findApp(ctx, c, auth.Auth, name)
	if err != nil {
		return time.Time{}, err
	}
	path := "/"
	if app.IsMCP() {
		path = ""
	}
	if err := CheckBridgeable(*app, path); err != nil {
		return time.Time{}, err
	}
	cert, err := auth.IssueAppCert(ctx, teleport.AppCertRequest{App: *app, Expires: until, OutlivesLogin: true})
	if err != nil {
		return time.Time{}, err
	}
	return cert.Leaf.NotAfter, c.saveApp(ctx, c.Profile, app, cert)
}

// findApp looks up an app; if there is none, the error names similar ones.
func findApp(ctx context.Context, c *Cluster, auth *teleport.Auth, name string) (*teleport.App, error) {
	app, err := auth.App(ctx, name)
	var missing *teleport.AppNotFoundError
	if !errors.As(err, &missing) {
		return app, err
	}
	all, err := auth.Apps(ctx)
	if err != nil {
		return nil, err
	}
	return nil, NewUnknownServer(name, c, all)
}

func (c *Cluster) saveApp(ctx context.Context, p *creds.Profile, app *teleport.App, cert *tls.Certificate) error {
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		return err
	}
	return c.store.SaveApp(ctx, p, c.app(app.Name), creds.KeyPair{
		Key:  key,
		Cert: cert.Leaf.Raw,
		Meta: map[string]string{metaURI: app.URI, metaSubKind: app.SubKind},
	})
}
