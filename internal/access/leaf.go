// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// leafOf is a cluster whose leaf is meant.
type leafOf struct{ *Cluster }

// ask is Ask for a leaf. Its host CA is the one that the login has kept; if
// that does not verify the leaf any more, the CA was rotated, and the root is
// asked for it once more.
func (c leafOf) ask(ctx context.Context, a Auths, question func(Auths) error) error {
	cas := c.keptCAs()
	kept := len(cas) > 0
	if !kept {
		var err error
		if cas, err = c.fetchCAs(ctx, a.Root); err != nil {
			return err
		}
	}
	err := c.askWith(a, cas, question)
	var unverified *tls.CertificateVerificationError
	if kept && c.fromLeaf(err) != nil && errors.As(err, &unverified) {
		if cas, err = c.fetchCAs(ctx, a.Root); err != nil {
			return err
		}
		err = c.askWith(a, cas, question)
	}
	return c.whyLeaf(ctx, a.Root, err)
}

func (c leafOf) askWith(a Auths, cas []*x509.Certificate, question func(Auths) error) error {
	leaf, err := c.Proxy.DialLeaf(a.ID, c.Leaf, cas)
	if err != nil {
		return err
	}
	defer leaf.Close()
	a.Home = leaf
	return question(a)
}

// keptCAs are the leaf's host CAs as the login remembers them, or none.
func (c leafOf) keptCAs() []*x509.Certificate {
	var cas []*x509.Certificate
	for _, text := range c.Profile.LeafCAs[c.Leaf] {
		certs, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return nil // as good as not kept
		}
		cas = append(cas, certs...)
	}
	return cas
}

// fetchCAs asks the root for the leaf's host CAs: a login brings those of the
// root alone. They are kept with a login of tshmcp's own.
func (c leafOf) fetchCAs(ctx context.Context, root *teleport.RootAuth) ([]*x509.Certificate, error) {
	all, err := root.HostCAs(ctx)
	if err != nil {
		return nil, err
	}
	cas := all[c.Leaf]
	if len(cas) == 0 {
		return nil, c.unknownLeaf(ctx, root, all)
	}
	var texts []string
	for _, ca := range cas {
		texts = append(texts, CertPEM(ca))
	}
	c.keep(ctx, "the CA of "+c.Leaf, func(ctx context.Context, p *creds.Profile) error {
		return c.store.Amend(ctx, p, func(p *creds.Profile) {
			if p.LeafCAs == nil {
				p.LeafCAs = map[string][]string{}
			}
			p.LeafCAs[c.Leaf] = texts
		})
	})
	return cas, nil
}

// unknownLeaf says that the root has no such leaf, and which it has: those that
// the user may see and those whose CA it knows.
func (c leafOf) unknownLeaf(ctx context.Context, root *teleport.RootAuth, cas map[string][]*x509.Certificate) error {
	known := map[string]bool{}
	for name := range cas {
		known[name] = true
	}
	if leaves, err := root.Leaves(ctx); err == nil {
		for _, leaf := range leaves {
			known[leaf.Name] = true
		}
	}
	delete(known, c.Profile.Cluster)
	delete(known, c.Leaf)
	return &UnknownLeafError{Leaf: c.Leaf, Root: c.Profile.Cluster, Known: slices.Sorted(maps.Keys(known))}
}

// fromLeaf is err as the failure of a call to the leaf itself, or nil.
func (c leafOf) fromLeaf(err error) *teleport.AuthError {
	var failed *teleport.AuthError
	if errors.As(err, &failed) && failed.Cluster == c.Leaf {
		return failed
	}
	return nil
}

// whyLeaf says why the leaf did not answer. The proxy closes the connection to
// a leaf that is away and to one that does not exist in the same way, so the
// root is asked. Its word that a leaf is offline lags behind, and counts only
// for one that was tried.
func (c leafOf) whyLeaf(ctx context.Context, root *teleport.RootAuth, err error) error {
	failed := c.fromLeaf(err)
	var (
		unverified *tls.CertificateVerificationError
		alert      tls.AlertError
		policy     *teleport.PolicyError
	)
	switch {
	case failed == nil, errors.As(err, &policy):
		return err
	case failed.Denied():
		return &LeafDeniedError{Leaf: c.Leaf, Root: c.Profile.Cluster, Roles: c.Profile.Roles, Err: err}
	case errors.As(err, &unverified):
		return &LeafUnverifiedError{Leaf: c.Leaf, Root: c.Profile.Cluster, Err: err}
	case errors.As(err, &alert) && errcode.Of(alert) == errcode.CertRefused:
		return &LeafStrangerError{Leaf: c.Leaf, Root: c.Profile.Cluster, Proxy: c.Profile.Proxy, From: c.From, Err: err}
	case !failed.Unreachable(), errors.As(err, &alert), ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), whyTime)
	defer cancel()
	cas, asked := root.HostCAs(ctx)
	if asked != nil {
		return asked // the root is what cannot be reached
	}
	if len(cas[c.Leaf]) == 0 {
		return c.unknownLeaf(ctx, root, cas)
	}
	away := &LeafAwayError{Leaf: c.Leaf, Root: c.Profile.Cluster, Err: err}
	if leaves, asked := root.Leaves(ctx); asked == nil {
		away.Offline = slices.Contains(leaves, teleport.Leaf{Name: c.Leaf})
	}
	return away
}

// whyTime bounds the question why a leaf did not answer.
const whyTime = 5 * time.Second
