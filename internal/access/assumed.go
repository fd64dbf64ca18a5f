// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
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
		return &AssumedError{Requests: a.Requests, Named: c.Named, Err: err}
	}
	if own, ok := id.Cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool }); !ok || !own.Equal(cert.PublicKey) {
		return &AssumedError{Requests: a.Requests, Named: c.Named, Err: errors.New("its certificate is for another key")}
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

// endedBy is what was assumed for the app that c is for, where the cluster refuses it
// because of one of its access requests: it was deleted, and the certificate goes on
// naming it. left are the others. Else a is nil.
func endedBy(c *Cluster, err error) (a *creds.Assumed, left []string) {
	if a = Assumed(c); a == nil {
		return nil, nil
	}
	if left = lasting(a.Requests, err); len(left) == len(a.Requests) {
		return nil, nil
	}
	return a, left
}

// lasting are those of access requests that an error of the cluster's does not name.
func lasting(requests []string, err error) []string {
	var refused *teleport.AuthError
	var missing *teleport.RequestNotFoundError
	return slices.DeleteFunc(slices.Clone(requests), func(id string) bool {
		return errors.As(err, &refused) && strings.Contains(refused.Message, id) || errors.As(err, &missing) && missing.ID == id
	})
}

// without is c where what was assumed so is given up, but for the requests that are
// left: else the login counts again, as at the end of it. That it could not be stored
// is no error, but nothing is given up where the cluster could not be asked for the rest.
func without(ctx context.Context, c *Cluster, a *creds.Assumed, left []string) (*Cluster, error) {
	requests := a.Requests
	rest, err := again(ctx, c, a.Apps, left)
	if err != nil {
		return nil, err
	}
	var instead []creds.Assumed
	if left = nil; rest != nil {
		left, instead = rest.Requests, append(instead, *rest)
	}
	if c.Proxy != nil && c.Proxy.Log != nil {
		c.Proxy.Log.Warn("the cluster does not know an access request any more; what was assumed by it is over", "assumed", requests, "left", left)
	}
	change := func(all []creds.Assumed) []creds.Assumed {
		others := slices.DeleteFunc(slices.Clone(all), func(one creds.Assumed) bool { return slices.Equal(one.Requests, requests) })
		if len(others) == len(all) {
			return all // somebody has changed it meanwhile
		}
		return append(others, instead...)
	}
	_ = Assume(ctx, c, change)
	mine, profile := *c, *c.Profile
	profile.Assumed, mine.Profile = change(profile.Assumed), &profile
	return &mine, nil
}

// again is what access requests give by themselves, without those of them that were
// deleted, too: nil where the cluster refuses it.
func again(ctx context.Context, c *Cluster, apps []creds.App, requests []string) (rest *creds.Assumed, err error) {
	if len(requests) == 0 {
		return nil, nil
	}
	err = Login(c).Root().Ask(ctx, func(at Auths) error {
		cert, err := teleport.AccessRequests{RootAuth: at.Root}.Assume(ctx, requests)
		if err == nil {
			a := NewAssumed(requests, cert)
			a.Apps, rest = apps, &a
		}
		return err
	})
	var failed *teleport.AuthError
	if err != nil && ctx.Err() != nil || errors.As(err, &failed) && failed.Unreachable() {
		return nil, err
	}
	if left := lasting(requests, err); len(left) < len(requests) {
		return again(ctx, c, apps, left)
	}
	return rest, nil
}

// AssumedError means that what is kept of an assumed access request is damaged.
type AssumedError struct {
	Requests []string
	Named    []string // see [Source]
	Err      error
}

func (e *AssumedError) Error() string {
	return "what was assumed by an access request cannot be used: " + e.Err.Error()
}

// Unwrap returns what is wrong with it.
func (e *AssumedError) Unwrap() error { return e.Err }
func (e *AssumedError) Hints() []string {
	return []string{"run: " + plain.Again(e.Named, "request", "drop")}
}
func (e *AssumedError) ExitCode() int           { return exitError }
func (e *AssumedError) ErrorCode() errcode.Code { return errcode.StoreDamaged }
