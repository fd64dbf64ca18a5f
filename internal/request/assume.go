// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Assume takes an approved request up: from now on the apps that it is for, or all
// apps if it is for roles, are used with what it gives, by running bridges too. The
// login's own certificate stays beside it, so that everything else goes on, and
// the login counts again when the access is over.
func (d *Desk) Assume(ctx context.Context, id string) (*creds.Assumed, error) {
	if err := access.CanRequest(d.Cluster); err != nil {
		return nil, err
	}
	var found *teleport.AccessRequest
	var cert *x509.Certificate
	ids := []string{id}
	err := access.Login(d.Cluster).Root().Ask(ctx, func(at access.Auths) (err error) {
		requests := teleport.AccessRequests{RootAuth: at.Root}
		if found, err = requests.Get(ctx, id); err != nil {
			return err
		}
		if err := d.assumable(found); err != nil {
			return err
		}
		if len(found.Apps)+found.Others == 0 {
			if ids, err = d.lasting(ctx, requests, withID(d.ofRoles(), id)); err != nil {
				return err
			}
		}
		cert, err = requests.Assume(ctx, ids)
		return err
	})
	if err != nil {
		return nil, refused(err)
	}
	a := access.NewAssumed(ids, cert)
	for _, app := range found.Apps {
		a.Apps = append(a.Apps, d.app(app))
	}
	return &a, access.Assume(ctx, d.Cluster, func(all []creds.Assumed) []creds.Assumed {
		return append(d.without(all, a), a)
	})
}

// app is an app as what is stored names it.
func (d *Desk) app(r teleport.Resource) creds.App {
	if r.Cluster == d.Cluster.Profile.Cluster {
		return creds.App{Name: r.App}
	}
	return creds.App{Leaf: r.Cluster, Name: r.App}
}

// without is what stays beside something new: nothing that is over, nothing of the
// same requests, and one set of roles.
func (d *Desk) without(all []creds.Assumed, fresh creds.Assumed) []creds.Assumed {
	return slices.DeleteFunc(all, func(a creds.Assumed) bool {
		same := slices.ContainsFunc(a.Requests, func(id string) bool { return slices.Contains(fresh.Requests, id) })
		return same || !d.Cluster.Now().Before(a.Expires) || len(a.Apps)+len(fresh.Apps) == 0
	})
}

// ofRoles are the requests for roles that count at this moment.
func (d *Desk) ofRoles() []string {
	for _, a := range d.Assumed() {
		if len(a.Apps) == 0 {
			return a.Requests
		}
	}
	return nil
}

// lasting are those of several requests that can still be assumed: one that was
// deleted since would take the others with it.
func (d *Desk) lasting(ctx context.Context, requests teleport.AccessRequests, ids []string) ([]string, error) {
	if len(ids) < 2 {
		return ids, nil
	}
	all, err := requests.All(ctx)
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		i := slices.IndexFunc(all, func(r teleport.AccessRequest) bool { return r.ID == id })
		return i < 0 || d.assumable(&all[i]) != nil
	}), err
}

func withID(ids []string, id string) []string {
	if slices.Contains(ids, id) {
		return slices.Clone(ids)
	}
	return append(slices.Clone(ids), id)
}

// assumable says why a request cannot be taken up, or nil.
func (d *Desk) assumable(r *teleport.AccessRequest) error {
	switch {
	case d.over(*r):
		return &OverError{ID: r.ID, Expired: r.Expires}
	case r.State == teleport.RequestPending:
		return &PendingError{ID: r.ID, Proxy: d.Cluster.Profile.Proxy}
	case r.State == teleport.RequestDenied:
		return d.denied(r)
	case r.State == teleport.RequestPromoted:
		return &PromotedError{ID: r.ID, Proxy: d.Cluster.Profile.Proxy}
	case r.Starts.After(d.Cluster.Now()):
		return &EarlyError{ID: r.ID, Starts: r.Starts, Proxy: d.Cluster.Profile.Proxy}
	case r.Others > 0:
		return &OtherKindError{ID: r.ID}
	}
	return nil
}

func (d *Desk) denied(r *teleport.AccessRequest) error {
	e := &DeniedError{ID: r.ID, Reason: r.Resolved}
	for _, review := range r.Reviews {
		if review.State == teleport.RequestDenied {
			e.By, e.Reason = append(e.By, review.Author), review.Reason
		}
	}
	if r.Resolved != "" {
		e.Reason = r.Resolved
	}
	return e
}

// Drop gives up what was assumed by a request, or all of it where id is empty, and
// returns the requests that are dropped. The cluster is asked only where other
// roles stay that were assumed together with it.
func (d *Desk) Drop(ctx context.Context, id string) (dropped []string, err error) {
	if err := access.CanRequest(d.Cluster); err != nil {
		return nil, err
	}
	var left []creds.Assumed
	for _, a := range d.Cluster.Profile.Assumed {
		var keep []string
		for _, one := range a.Requests {
			if id == "" || one == id {
				dropped = append(dropped, one)
			} else {
				keep = append(keep, one)
			}
		}
		switch {
		case id != "" && len(keep) == len(a.Requests):
			left = append(left, a)
		case len(keep) > 0 && d.Cluster.Now().Before(a.Expires):
			again, err := d.again(ctx, keep)
			var missing *NotFoundError
			switch err := refused(err); {
			case errors.As(err, &missing): // there is nothing to keep
				dropped = append(dropped, keep...)
			case err != nil:
				return nil, err
			default:
				left = append(left, again)
				dropped = append(dropped, slices.DeleteFunc(slices.Clone(keep), func(one string) bool { return slices.Contains(again.Requests, one) })...)
			}
		}
	}
	if len(dropped) == 0 {
		return nil, d.notAssumed(id)
	}
	return dropped, access.Assume(ctx, d.Cluster, func([]creds.Assumed) []creds.Assumed { return left })
}

// again is what requests for roles give without the others.
func (d *Desk) again(ctx context.Context, ids []string) (a creds.Assumed, err error) {
	err = access.Login(d.Cluster).Root().Ask(ctx, func(at access.Auths) error {
		requests := teleport.AccessRequests{RootAuth: at.Root}
		last, err := d.lasting(ctx, requests, ids)
		if err == nil && len(last) == 0 {
			err = &teleport.RequestNotFoundError{ID: ids[0]}
		}
		if err != nil {
			return err
		}
		cert, err := requests.Assume(ctx, last)
		if err == nil {
			a = access.NewAssumed(last, cert)
		}
		return err
	})
	return a, err
}

func (d *Desk) notAssumed(id string) error {
	e := &NotAssumedError{ID: id}
	for _, a := range d.Assumed() {
		e.Assumed = append(e.Assumed, a.Requests...)
	}
	return e
}
