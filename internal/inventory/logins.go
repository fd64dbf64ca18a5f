// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Login is one login. Readers of the JSON get empty lists, never null.
type Login struct {
	Proxy    string    `json:"proxy" yaml:"proxy"`
	Cluster  string    `json:"cluster" yaml:"cluster"`
	Username string    `json:"username" yaml:"username"`
	Roles    []string  `json:"roles" yaml:"roles"`
	Expires  time.Time `json:"expires" yaml:"expires"`
	// ExpiresIn is in seconds, and negative after the expiry.
	ExpiresIn int64    `json:"expires_in" yaml:"expires_in"`
	Expired   bool     `json:"expired" yaml:"expired"`
	Store     string   `json:"store" yaml:"store"` // keyring, file, tsh or identity-file
	Path      string   `json:"path" yaml:"path"`   // where tsh or the identity file is, else empty
	Apps      []string `json:"apps" yaml:"apps"`   // those of the cluster itself with a certificate in the store that has not expired
	// LeafApps are those of leaf clusters, by the leaf's name.
	LeafApps map[string][]string `json:"leaf_apps" yaml:"leaf_apps"`
	// AppsExpire is until when those of them can be used whose time is known;
	// APP@LEAF for those of leaf clusters.
	AppsExpire map[string]time.Time `json:"apps_expire" yaml:"apps_expire"`
	Current    bool                 `json:"current" yaml:"current"`
	// Assumed are the access requests that count at this moment.
	Assumed []Assumed `json:"assumed" yaml:"assumed"`
	// Insecure tells that the proxy was not verified when the login was made, which
	// is therefore good with --insecure alone.
	Insecure bool  `json:"insecure" yaml:"insecure"`
	State    State `json:"state" yaml:"state"`
	// Renew is the command that renews it; empty for an identity file, which
	// another program writes.
	Renew string `json:"renew" yaml:"renew"`

	now time.Time // by the cluster's clock, when it was looked at
}

// Assumed is what an access request gives for a while.
type Assumed struct {
	Requests []string  `json:"requests" yaml:"requests"` // ids
	Roles    []string  `json:"roles" yaml:"roles"`       // that are had with it
	Apps     []string  `json:"apps" yaml:"apps"`         // which it is for, APP@LEAF in leaf clusters; none: for all that the roles allow
	Expires  time.Time `json:"expires" yaml:"expires"`
}

// NewAssumed is what was assumed with a login.
func NewAssumed(a creds.Assumed) Assumed {
	one := Assumed{Requests: a.Requests, Roles: a.Roles, Apps: []string{}, Expires: a.Expires}
	for _, app := range a.Apps {
		one.Apps = append(one.Apps, atLeaf(app.Name, app.Leaf))
	}
	return one
}

// assumedAt are those of a login that are not over.
func assumedAt(all []creds.Assumed, now time.Time) []Assumed {
	list := []Assumed{}
	for _, a := range all {
		if now.Before(a.Expires) {
			list = append(list, NewAssumed(a))
		}
	}
	return list
}

// loginsOf are the logins of this machine: those of tshmcp, those of tsh where it has
// none of its own, and the current one, which may be neither; nil if there is none.
// What is damaged does not hide the others.
func loginsOf(o *access.Clusters, tsh identfile.TSH, current *access.Cluster) (logins []Login, damaged []error) {
	note := func(err error) {
		if err != nil {
			damaged = append(damaged, err)
		}
	}
	own, err := o.Logins()
	note(err)
	borrowed, err := o.TSHLogins(tsh, own)
	note(err)
	all := append(own, borrowed...)
	if current != nil && !slices.ContainsFunc(all, current.Same) {
		all = append(all, current)
	}
	logins = []Login{}
	for _, c := range all {
		l, err := newLogin(c, c.Now())
		note(err)
		l.Current = current.Same(c)
		logins = append(logins, l)
	}
	return logins, damaged
}

// newLogin is the login to c at the time now. The error is about its apps, which
// are left out then.
func newLogin(c *access.Cluster, now time.Time) (Login, error) {
	p := c.Profile
	left := p.Expires.Sub(now)
	l := Login{
		Proxy: p.Proxy, Cluster: p.Cluster, Username: p.Username,
		Expires: p.Expires, ExpiresIn: int64(left / time.Second), Expired: left <= 0,
		Store: cmp.Or(string(c.From), string(p.Store)),
		Roles: append([]string{}, p.Roles...), Apps: []string{}, LeafApps: map[string][]string{},
		AppsExpire: map[string]time.Time{}, Insecure: p.Insecure, Assumed: assumedAt(p.Assumed, now), now: now,
	}
	l.State, l.Renew = stateOf(left), renewal(c, l)
	if l.Path = c.File(); l.Path != "" {
		return l, nil
	}
	apps, err := c.AppsUntil()
	for app, until := range apps {
		if until.IsZero() {
			until = p.Expires // the rule, which headless logins alone break
		} else if now.Before(until) {
			l.AppsExpire[atLeaf(app.Name, app.Leaf)] = until
		}
		switch {
		case !now.Before(until):
		case app.Leaf == "":
			l.Apps = append(l.Apps, app.Name)
		default:
			l.LeafApps[app.Leaf] = append(l.LeafApps[app.Leaf], app.Name)
		}
	}
	slices.Sort(l.Apps)
	for _, names := range l.LeafApps {
		slices.Sort(names)
	}
	return l, err
}

// renewal is the command line that renews a login, also while it is valid.
func renewal(c *access.Cluster, l Login) string {
	switch {
	case c.From == access.FromTSH:
		return plain.Command("tsh", "login", "--proxy="+l.Proxy)
	case c.From != "":
		return ""
	}
	words := []string{"tshmcp", "login", "--proxy=" + l.Proxy}
	if !l.Expired {
		words = append(words, "--force")
	}
	if l.Insecure {
		words = append(words, "--insecure")
	}
	return plain.Command(words...)
}

// ends is how long before its end a login is one that ends soon.
const ends = 30 * time.Minute

// stateOf says in a word what becomes of a login that lasts for so long.
func stateOf(left time.Duration) State {
	switch {
	case left <= 0:
		return Expired
	case left < ends:
		return Expiring
	}
	return OK
}

// State of a login.
type State string

// The states of a login.
const (
	OK       State = "ok"
	Expiring State = "expiring" // within half an hour
	Expired  State = "expired"
)

// allApps are the apps with a certificate, APP@LEAF for those of leaf clusters.
func (l *Login) allApps() []string {
	apps := slices.Clone(l.Apps)
	for _, leaf := range slices.Sorted(maps.Keys(l.LeafApps)) {
		for _, app := range l.LeafApps[leaf] {
			apps = append(apps, atLeaf(app, leaf))
		}
	}
	return apps
}

// outliving are the apps that can be used longer than the login.
func (l *Login) outliving() []string {
	return slices.DeleteFunc(l.allApps(), func(name string) bool {
		return !l.AppsExpire[name].After(l.Expires)
	})
}

func atLeaf(app, leaf string) string {
	if leaf == "" {
		return app
	}
	return app + "@" + leaf
}
