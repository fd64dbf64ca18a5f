// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package request decides what tshmcp request does: what is asked of a cluster for
// a user whose roles do not allow enough, how its decision is waited for, and what
// is assumed and dropped with a login. What reviewers and requesters have written is
// cleaned where it is shown.
package request

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Desk is where a user requests access to a cluster. Cluster and Now must be set.
type Desk struct {
	Cluster *access.Cluster
	Now     func() time.Time
}

// Asked is what the user asks for: an app, or roles.
type Asked struct {
	App       string
	Roles     []string
	Reason    string
	Reviewers []string // none: those that the cluster suggests
	// Longest is how long the access may last at most; 0: as long as the cluster lets it.
	Longest time.Duration
}

// Check says what of it cannot be asked for by anybody, or nil.
func (a Asked) Check() error {
	switch {
	case a.Longest < 0:
		return errNoTime
	case slices.Contains(a.Roles, ""):
		return errNoRole
	}
	return nil
}

var (
	errNoTime = errcode.New(errcode.Usage, "--max-duration takes a time such as 4h")
	errNoRole = errcode.New(errcode.Usage, "--roles has an empty name in it")
)

// Create makes a request and returns it. What can be said of it beforehand is said
// before it is made.
func (d *Desk) Create(ctx context.Context, asked Asked) (made *teleport.AccessRequest, err error) {
	if err := access.CanRequest(d.Cluster); err != nil {
		return nil, err
	}
	req := teleport.NewRequest{Roles: asked.Roles, Reason: asked.Reason, Reviewers: asked.Reviewers}
	if asked.Longest > 0 {
		req.Until = d.Cluster.Now().Add(asked.Longest)
	}
	if asked.App != "" {
		req.Apps = []teleport.Resource{{Cluster: d.Cluster.Name(), App: asked.App}}
	}
	err = access.Login(d.Cluster).Ask(ctx, func(at access.Auths) error {
		requests := teleport.AccessRequests{RootAuth: at.Root}
		may, err := requests.Requestable(ctx, req.Apps...)
		if err != nil {
			return err
		}
		if err := d.check(ctx, at, asked, may); err != nil {
			return err
		}
		if len(req.Reviewers) == 0 {
			req.Reviewers = may.Reviewers
		}
		made, err = requests.Create(ctx, req)
		return err
	})
	return made, refused(err)
}

// check says why a request would be in vain.
func (d *Desk) check(ctx context.Context, at access.Auths, asked Asked, may *teleport.Requestable) error {
	switch {
	case asked.App == "" && len(may.Roles) == 0, asked.App != "" && len(may.ForApps)+len(may.Roles) == 0:
		return d.nothing(ctx, at, asked)
	case may.NeedsReason && strings.TrimSpace(asked.Reason) == "":
		return &ReasonError{Prompt: may.Prompt}
	case asked.App != "" && len(may.ForApps) == 0:
		return d.notByName(ctx, at, asked, may.Roles)
	}
	for _, role := range asked.Roles {
		if !slices.Contains(may.Roles, role) {
			return &RoleError{Role: role, Roles: may.Roles, Has: slices.Contains(at.ID.Roles(), role)}
		}
	}
	return nil
}

// nothing is the error where the cluster lets its user request nothing.
func (d *Desk) nothing(ctx context.Context, at access.Auths, asked Asked) error {
	if err := d.notByName(ctx, at, asked, nil); asked.App != "" {
		var missing *access.UnknownServerError
		if !errors.As(err, &missing) {
			return err
		}
	}
	return &NothingError{Cluster: d.Cluster.Name(), User: d.Cluster.Profile.Username, App: asked.App, Named: d.Cluster.Named}
}

// notByName is the error where an app cannot be requested by its name: it may be
// used already, or a role may help, or there is none.
func (d *Desk) notByName(ctx context.Context, at access.Auths, asked Asked, roles []string) error {
	if asked.App == "" {
		return nil
	}
	_, err := at.Home.App(ctx, asked.App)
	var missing *teleport.AppNotFoundError
	switch {
	case err == nil:
		return &UsableError{App: asked.App, Roles: roles, Named: d.Cluster.Named}
	case !errors.As(err, &missing):
		return err
	case len(roles) > 0:
		return &ByRoleError{App: asked.App, Cluster: d.Cluster.Name(), Roles: roles, Named: d.Cluster.Named}
	}
	return access.NewUnknownServer(asked.App, d.Cluster, nil)
}

// Entry is a request as request ls shows it. Readers of the JSON get empty lists,
// never null.
type Entry struct {
	ID       string    `json:"id" yaml:"id"`
	State    string    `json:"state" yaml:"state"` // pending, approved, denied, promoted or expired
	Assumed  bool      `json:"assumed" yaml:"assumed"`
	Roles    []string  `json:"roles" yaml:"roles"`
	Apps     []string  `json:"apps" yaml:"apps"` // APP, or APP@LEAF; none: the roles were requested
	Reason   string    `json:"reason" yaml:"reason"`
	Reviews  []Review  `json:"reviews" yaml:"reviews"`
	Resolved string    `json:"resolved" yaml:"resolved"` // the reason of the decision
	Created  time.Time `json:"created" yaml:"created"`
	// Expires is the end of the access, and Starts its beginning where that is later
	// than the decision.
	Expires *time.Time `json:"expires" yaml:"expires"`
	Starts  *time.Time `json:"starts,omitempty" yaml:"starts,omitempty"`
}

// Review is what a reviewer has said.
type Review struct {
	Author string `json:"author" yaml:"author"`
	State  string `json:"state" yaml:"state"`
	Reason string `json:"reason" yaml:"reason"`
}

// stateExpired is the state of a request whose access is over.
const stateExpired = "expired"

// List returns the user's requests, the latest first.
func (d *Desk) List(ctx context.Context) ([]Entry, error) {
	if err := access.CanRequest(d.Cluster); err != nil {
		return nil, err
	}
	var all []teleport.AccessRequest
	err := access.Login(d.Cluster).Root().Ask(ctx, func(at access.Auths) (err error) {
		all, err = teleport.AccessRequests{RootAuth: at.Root}.All(ctx)
		return err
	})
	entries := []Entry{}
	for _, one := range all {
		entries = append(entries, d.entry(one))
	}
	return entries, refused(err)
}

func (d *Desk) entry(r teleport.AccessRequest) Entry {
	e := Entry{
		ID: r.ID, State: string(r.State), Assumed: slices.ContainsFunc(d.Assumed(), has(r.ID)), Roles: append([]string{}, r.Roles...),
		Apps: []string{}, Reason: r.Reason, Reviews: []Review{}, Resolved: r.Resolved, Created: r.Created,
	}
	for _, app := range r.Apps {
		name := app.App
		if app.Cluster != d.Cluster.Profile.Cluster {
			name += "@" + app.Cluster
		}
		e.Apps = append(e.Apps, name)
	}
	for _, review := range r.Reviews {
		e.Reviews = append(e.Reviews, Review{Author: review.Author, State: string(review.State), Reason: review.Reason})
	}
	if !r.Expires.IsZero() {
		e.Expires = &r.Expires
	}
	if r.Starts.After(d.Cluster.Now()) {
		e.Starts = &r.Starts
	}
	if d.over(r) {
		e.State = stateExpired
	}
	return e
}

// over tells that the access of a request that was not refused is past.
func (d *Desk) over(r teleport.AccessRequest) bool {
	undecided := r.State == teleport.RequestPending || r.State == teleport.RequestApproved
	return undecided && !r.Expires.IsZero() && !d.Cluster.Now().Before(r.Expires)
}

// Assumed is what counts at this moment.
func (d *Desk) Assumed() (all []creds.Assumed) {
	return slices.DeleteFunc(slices.Clone(d.Cluster.Profile.Assumed), func(a creds.Assumed) bool { return !d.Cluster.Now().Before(a.Expires) })
}

// has matches what was assumed by a request.
func has(id string) func(creds.Assumed) bool {
	return func(a creds.Assumed) bool { return slices.Contains(a.Requests, id) }
}
