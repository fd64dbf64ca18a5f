// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// A RequestState is what has become of an access request (protocol.md 7.6).
type RequestState string

const (
	RequestPending  RequestState = "pending"
	RequestApproved RequestState = "approved"
	RequestDenied   RequestState = "denied"
	RequestPromoted RequestState = "promoted" // to an access list: not to be assumed
)

var requestStates = map[RequestState]wirepb.RequestState{
	RequestPending:  wirepb.RequestState_REQUEST_STATE_PENDING,
	RequestApproved: wirepb.RequestState_REQUEST_STATE_APPROVED,
	RequestDenied:   wirepb.RequestState_REQUEST_STATE_DENIED,
	RequestPromoted: wirepb.RequestState_REQUEST_STATE_PROMOTED,
}

// An AccessRequest is a user's request for more access for a while.
type AccessRequest struct {
	ID, User, Reason string
	Roles            []string
	Resources        []string // "/CLUSTER/app/NAME"; none: the roles were asked for
	State            RequestState
	Expires          time.Time // the end of the access
}

// A Review is what a reviewer decides.
type Review struct {
	State          RequestState
	Author, Reason string
	Expires        time.Time // of the access; zero: as it was
	Starts         time.Time // of the access; zero: at once
}

// accessRequests are those of a cluster. One that is over stays until it is deleted.
type accessRequests struct {
	approveAfter time.Duration // Config.ApproveAfter

	mu      sync.Mutex
	all     []*wirepb.AccessRequest // by creation
	changed chan struct{}           // closed at the next change, nil if nobody waits
}

// AccessRequests returns all access requests in the order of their creation.
func (r *accessRequests) AccessRequests() []AccessRequest {
	all, _ := r.snapshot()
	return all
}

func (r *accessRequests) snapshot() (all []AccessRequest, changed <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.changed == nil {
		r.changed = make(chan struct{})
	}
	for _, req := range r.all {
		spec := req.GetSpec()
		all = append(all, AccessRequest{
			ID: req.GetMetadata().GetName(), User: spec.GetUser(), Reason: spec.GetRequestReason(), Roles: slices.Clone(spec.GetRoles()),
			Resources: resourceNames(spec.GetRequestedResourceIds()), State: stateOf(spec.GetState()), Expires: spec.GetExpires().AsTime(),
		})
	}
	return all, r.changed
}

// AwaitAccessRequest waits until there are more than n access requests, and
// returns the first of those.
func (r *accessRequests) AwaitAccessRequest(ctx context.Context, n int) (AccessRequest, error) {
	for {
		all, changed := r.snapshot()
		if len(all) > n {
			return all[n], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return AccessRequest{}, context.Cause(ctx)
		}
	}
}

// ReviewAccess decides about an access request, as a reviewer does in the web UI.
func (r *accessRequests) ReviewAccess(id string, review Review) error {
	state, ok := requestStates[review.State]
	if !ok {
		return fmt.Errorf("no state %q", review.State)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	req := r.find(id)
	if req == nil {
		return fmt.Errorf("there is no access request %q", id)
	}
	spec := req.Spec
	spec.State, spec.ResolveReason = state, review.Reason
	spec.Reviews = append(spec.Reviews, &wirepb.AccessReview{
		Author: review.Author, ProposedState: state, Reason: review.Reason, Created: wire.NewTimestamp(time.Now()),
	})
	if !review.Expires.IsZero() {
		spec.Expires = wire.NewTimestamp(review.Expires)
	}
	if !review.Starts.IsZero() {
		spec.AssumeStartTime = wire.NewTimestamp(review.Starts)
	}
	r.wake()
	return nil
}

// DeleteAccessRequest deletes an access request, as an administrator does, and as a
// cluster does by itself with one that nobody has decided in time.
func (r *accessRequests) DeleteAccessRequest(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = slices.DeleteFunc(r.all, func(req *wirepb.AccessRequest) bool { return req.GetMetadata().GetName() == id })
	r.wake()
}

// add keeps a request that was checked.
func (r *accessRequests) add(req *wirepb.AccessRequest) *wirepb.AccessRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, req)
	r.wake()
	return wire.Clone(req)
}

// wake tells whoever waits for a change. r.mu must be held.
func (r *accessRequests) wake() {
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

// get returns the request of an id as it is now, or nil.
func (r *accessRequests) get(id string) *wirepb.AccessRequest {
	r.mu.Lock()
	defer r.mu.Unlock()
	if req := r.find(id); req != nil {
		return wire.Clone(req)
	}
	return nil
}

// find must be called with r.mu held. It approves what is due by Config.ApproveAfter.
func (r *accessRequests) find(id string) *wirepb.AccessRequest {
	i := slices.IndexFunc(r.all, func(req *wirepb.AccessRequest) bool { return req.GetMetadata().GetName() == id })
	if i < 0 {
		return nil
	}
	r.approveDue(r.all[i])
	return r.all[i]
}

func (r *accessRequests) approveDue(req *wirepb.AccessRequest) {
	spec := req.Spec
	due := r.approveAfter > 0 && time.Since(spec.GetCreated().AsTime()) >= r.approveAfter
	if due && spec.GetState() == wirepb.RequestState_REQUEST_STATE_PENDING {
		spec.State = wirepb.RequestState_REQUEST_STATE_APPROVED
		spec.Reviews = append(spec.Reviews, &wirepb.AccessReview{Author: "demo-approver", ProposedState: spec.State, Created: wire.NewTimestamp(time.Now())})
	}
}

// of returns the requests of a user, by creation.
func (r *accessRequests) of(user string) (mine []*wirepb.AccessRequest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, req := range r.all {
		if req.GetSpec().GetUser() == user {
			r.approveDue(req)
			mine = append(mine, wire.Clone(req))
		}
	}
	return mine
}

func stateOf(wire wirepb.RequestState) RequestState {
	for state, number := range requestStates {
		if number == wire {
			return state
		}
	}
	return ""
}

// resourceNames are resources as certificates name them.
func resourceNames(ids []*wirepb.ResourceID) (names []string) {
	for _, id := range ids {
		names = append(names, resourceName(id.GetClusterName(), id.GetKind(), id.GetName()))
	}
	return names
}

func resourceName(cluster, kind, name string) string { return "/" + cluster + "/" + kind + "/" + name }
