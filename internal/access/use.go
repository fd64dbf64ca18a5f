// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Use makes the login to a cluster the one that commands use by default. The
// cluster is named by its name, or by its proxy's address, with or without the
// port. Errors: *[UnknownLoginError], *[SeveralLoginsError], those of the store.
func Use(ctx context.Context, store *creds.Store, name string) (*creds.Profile, error) {
	profiles, failed := store.Profiles()
	found := named(profiles, name)
	switch {
	case len(found) == 0 && failed != nil:
		return nil, failed
	case len(found) == 0:
		return nil, newUnknownLogin(name, profiles)
	case len(found) > 1:
		return nil, &SeveralLoginsError{Name: name, Proxies: addresses(found)}
	}
	return &found[0], store.Use(ctx, found[0].Proxy)
}

// named are the logins to the cluster of that name, else those to the proxy at
// that address.
func named(profiles []creds.Profile, name string) []creds.Profile {
	of := func(fits func(creds.Profile) bool) (all []creds.Profile) {
		for _, p := range profiles {
			if fits(p) {
				all = append(all, p)
			}
		}
		return all
	}
	if found := of(func(p creds.Profile) bool { return p.Cluster == name || p.Proxy == name }); len(found) > 0 {
		return found
	}
	to, err := teleport.ReadAddr(name)
	if err != nil {
		return nil
	}
	return of(func(p creds.Profile) bool {
		at, err := teleport.ReadAddr(p.Proxy)
		return err == nil && at.Host == to.Host && (to.Port == "" || to.Port == at.Port)
	})
}

func addresses(profiles []creds.Profile) []string {
	var all []string
	for _, p := range profiles {
		all = append(all, p.Proxy)
	}
	return all
}

// UnknownLoginError means that there is no login to a cluster of that name.
type UnknownLoginError struct {
	Name  string
	Known []string // the clusters with a login, by their proxies where they have one name
}

func newUnknownLogin(name string, profiles []creds.Profile) error {
	e := &UnknownLoginError{Name: name}
	for _, p := range profiles {
		known := p.Cluster
		if slices.ContainsFunc(profiles, func(q creds.Profile) bool { return q.Cluster == p.Cluster && q.Proxy != p.Proxy }) {
			known = p.Proxy // which tells them apart
		}
		if !slices.Contains(e.Known, known) {
			e.Known = append(e.Known, known)
		}
	}
	slices.Sort(e.Known)
	return e
}

func (e *UnknownLoginError) Error() string           { return "there is no login to " + plain.Line(e.Name) }
func (e *UnknownLoginError) ExitCode() int           { return ExitNotLoggedIn }
func (e *UnknownLoginError) ErrorCode() errcode.Code { return errcode.LoginMissing }

// Hints say what there is, and how to get there.
func (e *UnknownLoginError) Hints() []string {
	hints := similar.Hint(similar.To(e.Name, e.Known))
	if len(hints) == 0 && len(e.Known) > 0 {
		hints = []string{"there are logins to " + plain.Line(strings.Join(e.Known, ", "))}
	}
	return append(hints, "to sign in there, run: tshmcp login --proxy=ADDR; a leaf cluster is meant by --cluster=NAME")
}

// SeveralLoginsError means that a name is that of several logins.
type SeveralLoginsError struct {
	Name    string
	Proxies []string
}

func (e *SeveralLoginsError) Error() string {
	return fmt.Sprintf("there are %d logins to %s", len(e.Proxies), plain.Line(e.Name))
}

// Hints are the commands that name one of them.
func (e *SeveralLoginsError) Hints() []string {
	var hints []string
	for _, proxy := range e.Proxies {
		hints = append(hints, "run: "+plain.Command("tshmcp", "use", proxy))
	}
	return hints
}
func (e *SeveralLoginsError) ExitCode() int           { return exitError }
func (e *SeveralLoginsError) ErrorCode() errcode.Code { return errcode.LoginAmbiguous }
