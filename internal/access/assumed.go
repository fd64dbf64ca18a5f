// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// As is the cluster as its user is there for an app: with the access request that
// was assumed for it, else with those for roles, else as logged in.
func As(c *Cluster, app string) *Cluster {
	mine := *c
	mine.asFor = c.app(app)
	return &mine
}

// Assumed is what is assumed at this moment for the app that c is for, nil where
// the login itself counts.
func Assumed(c *Cluster) *creds.Assumed {
	if c.borrowed != nil {
		return nil
	}
	return c.Profile.AssumedFor(c.asFor, c.Now())
}

// Until is the end of the identity in use.
func Until(c *Cluster) time.Time {
	if a := Assumed(c); a != nil {
		return a.Expires
	}
	return c.Profile.Expires
}

// elevate puts the certificate of what is assumed in the place of the login's.
func elevate(c *Cluster, id *teleport.Identity) error {
	a := Assumed(c)
	if a == nil {
		return nil
	}
	cert, err := teleport.ParseCertificate([]byte(a.Cert))
	if err != nil {
		return &AssumedError{Requests: a.Requests, Err: err}
	}
	if own, ok := id.Cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(cert.PublicKey) {
		return &AssumedError{Requests: a.Requests, Err: errors.New("its certificate is for another key")}
	}
	id.Cert = cert
	return nil
}

// Login is the cluster as its user has logged in, without anything assumed.
func Login(c *Cluster) *Cluster {
	plain := *c
	profile := *c.Profile
	profile.Assumed, plain.Profile = nil, &profile
	return &plain
}

// Assume changes what is assumed with a login of tshmcp's own. It reads what is
// assumed by then, and must not keep it.
func Assume(ctx context.Context, c *Cluster, change func([]creds.Assumed) []creds.Assumed) error {
	return creds.Assume(ctx, c.store, c.Profile, change)
}

// NewAssumed is what access requests give by a certificate for the login's key, for
// all that its roles allow.
func NewAssumed(requests []string, cert *x509.Certificate) creds.Assumed {
	return creds.Assumed{Requests: requests, Roles: cert.Subject.Organization, Cert: CertPEM(cert), Expires: cert.NotAfter}
}

// Grant is the cluster as its user is there for some apps alone.
type Grant struct {
	*Cluster
	Apps []string // by name
}

// Grants are what is assumed at this moment for apps of the cluster that is meant.
// All other apps are used as c without them.
func Grants(c *Cluster) (grants []Grant) {
	for i, a := range c.Profile.Assumed {
		var apps []string
		for _, app := range a.Apps {
			if app.Leaf == c.Leaf && c.Profile.AssumedFor(app, c.Now()) == &c.Profile.Assumed[i] {
				apps = append(apps, app.Name)
			}
		}
		if len(apps) > 0 {
			grants = append(grants, Grant{As(c, apps[0]), apps})
		}
	}
	return grants
}

// AssumedError means that what is kept of an assumed access request is damaged.
type AssumedError struct {
	Requests []string
	Err      error
}

func (e *AssumedError) Error() string {
	return "what was assumed by an access request cannot be used: " + e.Err.Error()
}

// Unwrap returns what is wrong with it.
func (e *AssumedError) Unwrap() error           { return e.Err }
func (e *AssumedError) Hints() []string         { return []string{"run: tshmcp request drop"} }
func (e *AssumedError) ExitCode() int           { return exitError }
func (e *AssumedError) ErrorCode() errcode.Code { return errcode.StoreDamaged }
