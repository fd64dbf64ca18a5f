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

// endedBy is what was assumed for the app that c is for, where the cluster refuses it
// because of one of its access requests: it was deleted, and the certificate goes on
// naming it. left are the others. Else a is nil.
func endedBy(c *Cluster, err error) (a *creds.Assumed, left []string) {
	var refused *teleport.AuthError
	if a = Assumed(c); a == nil || !errors.As(err, &refused) {
		return nil, nil
	}
	left = slices.DeleteFunc(slices.Clone(a.Requests), func(id string) bool { return strings.Contains(refused.Message, id) })
	if len(left) == len(a.Requests) {
		return nil, nil
	}
	return a, left
}

// without is c where what was assumed so is given up, but for the requests that are
// left: else the login counts again, as at the end of it. That it could not be stored
// is no error.
func without(ctx context.Context, c *Cluster, a *creds.Assumed, left []string) *Cluster {
	if c.Proxy != nil && c.Proxy.Log != nil {
		c.Proxy.Log.Warn("the cluster does not know an access request any more; what was assumed by it is over", "assumed", a.Requests, "left", left)
	}
	requests := a.Requests
	var instead []creds.Assumed
	if len(left) > 0 {
		_ = Login(c).Root().Ask(ctx, func(at Auths) error {
			cert, err := teleport.AccessRequests{RootAuth: at.Root}.Assume(ctx, left)
			if err == nil {
				rest := NewAssumed(left, cert)
				rest.Apps = a.Apps
				instead = append(instead, rest)
			}
			return err
		})
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
	return &mine
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
