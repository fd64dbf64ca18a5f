// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// auths are the auth services that answer for a cluster. A leaf is asked about
// itself; what the user is given comes from the root (protocol.md 6.7).
type auths struct {
	id   *teleport.Identity
	root *teleport.Auth // issues certificates
	home *teleport.Auth // that of the cluster that was asked for: apps and roles
}

// name is the cluster that was asked for: a leaf or the root.
func (c *cluster) name() string { return cmp.Or(c.leaf, c.profile.Cluster) }

// leafFlag is what a command line needs to mean the same cluster, with a blank
// before it; empty for the root.
func leafFlag(leaf string) string {
	if leaf == "" {
		return ""
	}
	return " --cluster=" + leaf
}

// ask puts a question to the auth services as the logged-in user. It may be
// called a second time, so it must only read, or write with its last step.
func (c *cluster) ask(ctx context.Context, question func(auths) error) error {
	id, err := c.identity(ctx)
	if err != nil {
		return err
	}
	root, err := c.proxy.DialAuth(id)
	if err != nil {
		return err
	}
	defer root.Close()
	if c.leaf == "" {
		return c.loginOver(question(auths{id: id, root: root, home: root}))
	}
	return c.loginOver(c.askLeaf(ctx, auths{id: id, root: root}, question))
}

// askLeaf is ask for a leaf. Its host CA is the one that the login has kept; if
// that does not verify the leaf any more, the CA was rotated, and the root is
// asked for it once more.
func (c *cluster) askLeaf(ctx context.Context, a auths, question func(auths) error) error {
	cas := c.keptCAs()
	kept := len(cas) > 0
	if !kept {
		var err error
		if cas, err = c.fetchCAs(ctx, a.root); err != nil {
			return err
		}
	}
	err := c.askWith(a, cas, question)
	var unverified *tls.CertificateVerificationError
	if kept && c.fromLeaf(err) != nil && errors.As(err, &unverified) {
		if cas, err = c.fetchCAs(ctx, a.root); err != nil {
			return err
		}
		err = c.askWith(a, cas, question)
	}
	return c.whyLeaf(ctx, a.root, err)
}

func (c *cluster) askWith(a auths, cas []*x509.Certificate, question func(auths) error) error {
	leaf, err := c.proxy.DialLeaf(a.id, c.leaf, cas)
	if err != nil {
		return err
	}
	defer leaf.Close()
	a.home = leaf
	return question(a)
}

// keptCAs are the leaf's host CAs as the login remembers them, or none.
func (c *cluster) keptCAs() []*x509.Certificate {
	var cas []*x509.Certificate
	for _, text := range c.profile.LeafCAs[c.leaf] {
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
func (c *cluster) fetchCAs(ctx context.Context, root *teleport.Auth) ([]*x509.Certificate, error) {
	all, err := root.HostCAs(ctx)
	if err != nil {
		return nil, err
	}
	cas := all[c.leaf]
	if len(cas) == 0 {
		return nil, c.unknownLeaf(ctx, root, all)
	}
	if c.store == nil {
		return cas, nil
	}
	var texts []string
	for _, ca := range cas {
		texts = append(texts, certPEM(ca))
	}
	// If it fails, the next command has to ask again; that is all.
	_ = c.store.SaveLeafCAs(ctx, c.profile, c.leaf, texts)
	return cas, nil
}

// unknownLeaf says that the root has no such leaf, and which it has: those that
// the user may see and those whose CA it knows.
func (c *cluster) unknownLeaf(ctx context.Context, root *teleport.Auth, cas map[string][]*x509.Certificate) error {
	known := map[string]bool{}
	for name := range cas {
		known[name] = true
	}
	if leaves, err := root.Leaves(ctx); err == nil {
		for _, leaf := range leaves {
			known[leaf.Name] = true
		}
	}
	delete(known, c.profile.Cluster)
	delete(known, c.leaf)
	return &unknownLeafError{Leaf: c.leaf, Root: c.profile.Cluster, Known: slices.Sorted(maps.Keys(known))}
}

// fromLeaf is err as the failure of a call to the leaf itself, or nil.
func (c *cluster) fromLeaf(err error) *teleport.AuthError {
	var failed *teleport.AuthError
	if errors.As(err, &failed) && failed.Cluster == c.leaf {
		return failed
	}
	return nil
}

// whyLeaf says why the leaf did not answer. The proxy closes the connection to
// a leaf that is away and to one that does not exist in the same way, so the
// root is asked. Its word that a leaf is offline lags behind, and counts only
// for one that was tried.
func (c *cluster) whyLeaf(ctx context.Context, root *teleport.Auth, err error) error {
	failed := c.fromLeaf(err)
	var (
		unverified *tls.CertificateVerificationError
		alert      tls.AlertError
	)
	switch {
	case failed == nil:
		return err
	case failed.Denied():
		return &leafDeniedError{Leaf: c.leaf, Root: c.profile.Cluster, Roles: c.profile.Roles, Err: err}
	case errors.As(err, &unverified):
		return &leafUnverifiedError{Leaf: c.leaf, Root: c.profile.Cluster, Err: err}
	case !failed.Unreachable(), errors.As(err, &alert), ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), whyTime)
	defer cancel()
	cas, asked := root.HostCAs(ctx)
	if asked != nil {
		return asked // the root is what cannot be reached
	}
	if len(cas[c.leaf]) == 0 {
		return c.unknownLeaf(ctx, root, cas)
	}
	away := &leafAwayError{Leaf: c.leaf, Root: c.profile.Cluster, Err: err}
	if leaves, asked := root.Leaves(ctx); asked == nil {
		away.Offline = slices.Contains(leaves, teleport.Leaf{Name: c.leaf})
	}
	return away
}

// unknownLeafError means that the root has no leaf cluster of that name.
type unknownLeafError struct {
	Leaf, Root string
	Known      []string
}

func (e *unknownLeafError) Error() string {
	return fmt.Sprintf("%s has no leaf cluster %q", e.Root, e.Leaf)
}

func (e *unknownLeafError) hint() string {
	if len(e.Known) == 0 {
		return "it has none at all: leave --cluster and TSHMCP_CLUSTER out"
	}
	return "its leaf clusters: " + strings.Join(e.Known, ", ") + "; without --cluster it is " + e.Root + " itself"
}

// leafAwayError means that a leaf cluster did not answer.
type leafAwayError struct {
	Leaf, Root string
	Offline    bool // so says the root
	Err        error
}

func (e *leafAwayError) Error() string {
	if e.Offline {
		return fmt.Sprintf("the leaf cluster %s is offline and does not answer: %v", e.Leaf, e.Err)
	}
	return fmt.Sprintf("the leaf cluster %s does not answer, although %s calls it online: %v", e.Leaf, e.Root, e.Err)
}

func (e *leafAwayError) Unwrap() error { return e.Err }

// leafUnverifiedError means that what answers for a leaf cluster is not verified
// by the CA that the root has just told.
type leafUnverifiedError struct {
	Leaf, Root string
	Err        error
}

func (e *leafUnverifiedError) Error() string {
	return fmt.Sprintf("what answers for the leaf cluster %s is not verified by the CA that %s knows of it: %v", e.Leaf, e.Root, e.Err)
}

func (e *leafUnverifiedError) Unwrap() error { return e.Err }

// leafDeniedError means that a leaf cluster lets the user do nothing.
type leafDeniedError struct {
	Leaf, Root string
	Roles      []string // at the root
	Err        error
}

func (e *leafDeniedError) Error() string {
	return fmt.Sprintf("the leaf cluster %s refuses you: %v", e.Leaf, e.Err)
}

func (e *leafDeniedError) Unwrap() error { return e.Err }

func (e *leafDeniedError) hint() string {
	return fmt.Sprintf("its trust in %s must map one of your roles there (%s) to a role of its own (role_map): ask the Teleport administrator of %s",
		e.Root, cmp.Or(strings.Join(e.Roles, ", "), "you have none"), e.Leaf)
}

// explainLeaf phrases what is wrong with a leaf cluster.
func explainLeaf(err error) (string, []string, int) {
	var (
		unknown    *unknownLeafError
		away       *leafAwayError
		denied     *leafDeniedError
		unverified *leafUnverifiedError
	)
	switch {
	case errors.As(err, &unknown):
		return err.Error(), []string{unknown.hint()}, exitError
	case errors.As(err, &away):
		return err.Error(), []string{"try again in a minute; if that does not help, ask the Teleport administrator of " + away.Leaf + " whether it is connected to " + away.Root}, exitError
	case errors.As(err, &denied):
		return err.Error(), []string{denied.hint()}, exitError
	case errors.As(err, &unverified):
		return err.Error(), []string{"if " + unverified.Leaf + " is having its CA rotated, try again in a minute; if that does not help, something on the way ends TLS"}, exitError
	}
	return "", nil, 0
}

// app names an app of the cluster that was asked for in the store.
func (c *cluster) app(name string) creds.App { return creds.App{Leaf: c.leaf, Name: name} }
