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
	c.tell("the app's certificate", plain.Leaf, "the store")
	app := teleport.App{Name: name, URI: pair.Meta[metaURI], SubKind: pair.Meta[metaSubKind]}
	return &AppCert{Certificate: plain, MCP: app.IsMCP(), app: app}, nil
}

// tell says of a certificate where it comes from, and until when it is valid.
func (c *Cluster) tell(what string, cert *x509.Certificate, from string) {
	if c.Proxy != nil && c.Proxy.Log != nil && cert != nil {
		c.Proxy.Log.Debug(what, "from", from, "until", cert.NotAfter.UTC().Format(time.RFC3339))
	}
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

// Order is an app certificate that is to be issued.
type Order struct {
	Name string
	Path string // of an ordinary HTTP app
	Any  bool   // any kind of app is right
	// Factor is a second factor; without one, an app that needs it gets no
	// certificate.
	Factor *teleport.SessionAnswer
	// Until is the end of a certificate that outlives the login, as headless logins
	// need it; the zero time is the end of the login.
	Until time.Time
}

// IssueApp asks the cluster for a new certificate for the app and has it stored,
// unless the identity is borrowed, or is itself that certificate. path is that
// of an ordinary HTTP app.
func (c *Cluster) IssueApp(ctx context.Context, name, path string) (*AppCert, error) {
	cert, err := Issue(ctx, c, Order{Name: name, Path: path})
	if err == nil && cert.app.Name != "" {
		keepApp(ctx, c, cert)
	}
	return cert, err
}

// Issue asks the cluster for a new certificate, unless the identity is itself one.
// An app that needs a second factor which was not given is a *MFANeededError.
func Issue(ctx context.Context, c *Cluster, order Order) (*AppCert, error) {
	if cert, err := c.Ready(ctx, order.Name); cert != nil || err != nil {
		return &AppCert{Certificate: cert, MCP: order.Path == ""}, err
	}
	var (
		app  *teleport.App
		cert *tls.Certificate
	)
	c = As(c, order.Name)
	err := c.Ask(ctx, func(at Auths) (err error) {
		if app, err = orderedApp(ctx, c, at.Home, order); err != nil {
			return err
		}
		request := teleport.AppCertRequest{App: *app, Expires: at.ID.Expires(), Factor: order.Factor}
		if !order.Until.IsZero() {
			request.Expires, request.OutlivesLogin = order.Until, true
		}
		cert, err = at.Root.IssueAppCert(ctx, request)
		return err
	})
	var missing *teleport.AppNotFoundError
	if errors.As(err, &missing) {
		return nil, UnknownServer(ctx, c, order.Name, nil)
	}
	if a, left := endedBy(c, err); a != nil {
		if c, err = without(ctx, c, a, left); err == nil {
			return Issue(ctx, c, order)
		}
	}
	if err != nil {
		return nil, err
	}
	c.tell("the app's certificate", cert.Leaf, "the cluster")
	return &AppCert{Certificate: cert, MCP: app.IsMCP(), app: *app}, nil
}

// orderedApp looks up an app, and whether it can be had so.
func orderedApp(ctx context.Context, c *Cluster, home *teleport.Auth, order Order) (*teleport.App, error) {
	app, err := home.App(ctx, order.Name)
	var missing *teleport.AppNotFoundError
	switch {
	case errors.As(err, &missing) && order.Any: // a person is there, who may have meant another one
		all, err := home.Apps(ctx)
		if err != nil {
			return nil, err
		}
		return nil, NewUnknownServer(order.Name, c, all)
	case err != nil:
		return nil, err
	}
	if order.Any && !app.IsMCP() {
		order.Path = "/"
	}
	if err := CheckBridgeable(*app, order.Path); err != nil {
		return nil, err
	}
	// Nobody is refused because the question was: the app is what counts.
	if needs, err := home.MFARequired(ctx, *app); err == nil && needs && order.Factor == nil && order.Until.IsZero() {
		return nil, mfaNeeded(c, order.Name)
	}
	return app, nil
}

// keepApp has a certificate stored soon.
func keepApp(ctx context.Context, c *Cluster, cert *AppCert) {
	c.keep(ctx, "the certificate of "+cert.app.Name, func(ctx context.Context, p *creds.Profile) error {
		return c.saveApp(ctx, p, &cert.app, cert.Certificate)
	})
}

// SaveApp stores a certificate that was issued.
func SaveApp(ctx context.Context, c *Cluster, cert *AppCert) error {
	return c.saveApp(ctx, c.Profile, &cert.app, cert.Certificate)
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
