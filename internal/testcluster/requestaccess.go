// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

var uuidForm = pattern.New(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// requestDesk is the part of the auth service that is about access requests.
type requestDesk struct{ auth *authServer }

// create makes a request for roles, or for apps (protocol.md 7.6).
// Its name is the client's to choose.
func (s requestDesk) create(ctx context.Context, req *wirepb.AccessRequest) (*wirepb.AccessRequest, error) {
	caller := client(ctx).identity
	spec, id := req.GetSpec(), req.GetMetadata().GetName()
	switch {
	case s.auth.root != nil:
		return nil, grpcserve.Error(grpcserve.Unimplemented, "access requests of leaf clusters are not modelled")
	case spec.GetUser() != caller.Username:
		return nil, denied("create", "access_request")
	case req.GetKind() != "access_request", req.GetVersion() != "v3", !uuidForm.MatchString(id):
		return nil, grpcserve.Errorf(grpcserve.InvalidArgument, "invalid access request id %q", id)
	case s.auth.access.get(id) != nil:
		return nil, grpcserve.Errorf(grpcserve.AlreadyExists, "access request %q already exists", id)
	}
	roles, err := s.requestedRoles(caller, spec)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	expires := earlier(caller.Expires, now.Add(s.auth.longest))
	if wanted := spec.GetMaxDuration(); wanted != nil && wanted.AsTime().After(now) {
		expires = earlier(expires, wanted.AsTime())
	}
	return s.auth.access.add(&wirepb.AccessRequest{
		Kind: "access_request", Version: "v3", Metadata: storedMetadata(id),
		Spec: &wirepb.AccessRequestSpec{
			User: caller.Username, Roles: roles, State: wirepb.RequestState_REQUEST_STATE_PENDING,
			Created: wire.NewTimestamp(now), Expires: wire.NewTimestamp(expires), RequestReason: spec.GetRequestReason(),
			SuggestedReviewers: spec.GetSuggestedReviewers(), RequestedResourceIds: spec.GetRequestedResourceIds(),
			MaxDuration: wire.NewTimestamp(expires), SessionTtl: wire.NewTimestamp(expires),
		},
	}), nil
}

// requestedRoles are the roles that a request is for: those it names, or those
// that let its apps be used.
func (s requestDesk) requestedRoles(caller identity, spec *wirepb.AccessRequestSpec) ([]string, error) {
	rules := s.auth.requestRules(caller.Username)
	if rules.needsReason && spec.GetRequestReason() == "" {
		return nil, grpcserve.Error(grpcserve.InvalidArgument, "request reason must be specified (required by role configuration)")
	}
	if resources := spec.GetRequestedResourceIds(); len(resources) > 0 {
		roles, err := s.auth.applicable(caller, rules, resources)
		if err != nil || len(spec.GetRoles()) == 0 {
			return roles, err
		}
		return onlyOf(roles, caller, spec.GetRoles())
	}
	if len(spec.GetRoles()) == 0 {
		return nil, grpcserve.Error(grpcserve.InvalidArgument, "access request names no roles and no resources")
	}
	return onlyOf(rules.roles, caller, spec.GetRoles())
}

// onlyOf is asked, if all of it may be requested.
func onlyOf(may []string, caller identity, asked []string) ([]string, error) {
	for _, role := range asked {
		if !slices.Contains(may, role) {
			return nil, grpcserve.Errorf(grpcserve.InvalidArgument, "user %q can not request role %q", caller.Username, role)
		}
	}
	return asked, nil
}

// requestRules are what a user may request, by the roles of the user.
type requestRules struct {
	roles       []string // that can be requested by name
	searchAs    []string // that apps can be requested by
	reviewers   []string
	needsReason bool
	prompt      string
}

func (s *site) requestRules(user string) (rules requestRules) {
	account, _ := s.user(user)
	for _, role := range s.rolesOf(identity{Roles: account.Roles}) {
		rules.roles = append(rules.roles, s.rolesLike(role.RequestRoles)...)
		rules.searchAs = append(rules.searchAs, s.rolesLike(role.SearchAsRoles)...)
		rules.reviewers = append(rules.reviewers, role.SuggestedReviewers...)
		rules.needsReason = rules.needsReason || role.RequireReason
		rules.prompt = firstOf(rules.prompt, role.RequestPrompt)
	}
	rules.roles = slices.DeleteFunc(rules.roles, func(name string) bool { return slices.Contains(account.Roles, name) })
	for _, list := range []*[]string{&rules.roles, &rules.searchAs, &rules.reviewers} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return rules
}

// rolesLike are the names of the roles that match a pattern.
func (r *registry) rolesLike(patterns []string) (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range r.roles {
		if slices.ContainsFunc(patterns, func(p string) bool { return patternMatches(p, name) }) {
			names = append(names, name)
		}
	}
	return names
}

// applicable are the roles by which apps can be requested. Which of them lets an app
// of a leaf be used is not known here.
func (s *site) applicable(caller identity, rules requestRules, resources []*wirepb.ResourceID) (roles []string, err error) {
	if roles = s.granting(rules.searchAs, caller, resources); len(roles) == 0 {
		return nil, grpcserve.Errorf(grpcserve.PermissionDenied, "Resource Access Requests require usable \"search_as_roles\", none found for user %q", caller.Username)
	}
	return roles, nil
}

// granting are those of the roles that let one of the apps be used.
func (s *site) granting(among []string, caller identity, resources []*wirepb.ResourceID) (roles []string) {
	for _, name := range among {
		role, _ := s.role(name)
		if slices.ContainsFunc(resources, func(id *wirepb.ResourceID) bool {
			app, exists := s.app(id.GetName())
			here := id.GetClusterName() == s.cfg.Name
			return id.GetKind() == "app" && (!here || exists && appAllowed([]Role{role}, caller.Traits, app))
		}) {
			roles = append(roles, name)
		}
	}
	return roles
}

// capabilities tells what the caller may request.
func (s requestDesk) capabilities(ctx context.Context, req *wirepb.AccessCapabilitiesRequest) (*wirepb.AccessCapabilities, error) {
	caller := client(ctx).identity
	switch {
	case s.auth.root != nil:
		return nil, grpcserve.Error(grpcserve.Unimplemented, "access requests of leaf clusters are not modelled")
	case req.GetUser() != "" && req.GetUser() != caller.Username:
		return nil, denied("read", "access_request")
	}
	rules := s.auth.requestRules(caller.Username)
	answer := &wirepb.AccessCapabilities{RequireReason: rules.needsReason, RequestPrompt: rules.prompt}
	if req.GetRequestableRoles() {
		answer.RequestableRoles = rules.roles
	}
	if req.GetFilterRequestableRolesByResource() && len(req.GetResourceIds()) > 0 {
		answer.RequestableRoles = s.auth.granting(answer.RequestableRoles, caller, req.GetResourceIds())
	}
	if req.GetSuggestedReviewers() {
		answer.SuggestedReviewers = rules.reviewers
	}
	if len(req.GetResourceIds()) > 0 {
		roles, err := s.auth.applicable(caller, rules, req.GetResourceIds())
		if err != nil {
			return nil, err
		}
		answer.ApplicableRolesForResources = roles
	}
	return answer, nil
}

// list lists those of the caller: whose others one may see is a
// matter of review rights, which nobody has here.
func (s requestDesk) list(ctx context.Context, req *wirepb.ListAccessRequestsRequest) (*wirepb.ListAccessRequestsResponse, error) {
	caller, filter := client(ctx).identity.Username, req.GetFilter()
	answer := &wirepb.ListAccessRequestsResponse{}
	if filter.GetUser() != "" && filter.GetUser() != caller {
		return answer, nil
	}
	begun := req.GetStartKey() == ""
	for _, one := range s.auth.access.of(caller) {
		id := one.GetMetadata().GetName()
		begun = begun || id == req.GetStartKey()
		switch {
		case !begun, filter.GetId() != "" && filter.GetId() != id:
		case filter.GetState() != wirepb.RequestState_REQUEST_STATE_NONE && filter.GetState() != one.GetSpec().GetState():
		case req.GetLimit() > 0 && len(answer.AccessRequests) == int(req.GetLimit()):
			answer.NextKey = id
			return answer, nil
		default:
			answer.AccessRequests = append(answer.AccessRequests, one)
		}
	}
	return answer, nil
}

// assume adds what access requests give to an identity, and takes away what is
// dropped. Those that are active already stay as they are, also when they were
// denied since, but not when they are deleted.
func (s requestDesk) assume(caller identity, req *wirepb.UserCertsRequest) (identity, error) {
	if len(req.GetAccessRequests())+len(req.GetDropAccessRequests())+len(caller.Requests) == 0 {
		return caller, nil
	}
	var active []string
	for _, id := range append(slices.Clone(caller.Requests), req.GetAccessRequests()...) {
		if slices.Contains(req.GetAccessRequests(), id) {
			if err := s.assumable(caller, id); err != nil {
				return identity{}, err
			}
		}
		dropped := slices.Contains(req.GetDropAccessRequests(), id) || slices.Contains(req.GetDropAccessRequests(), "*")
		switch {
		case dropped || slices.Contains(active, id):
		case s.auth.access.get(id) == nil:
			return identity{}, grpcserve.Errorf(grpcserve.NotFound, "access request %q not found", id)
		default:
			active = append(active, id)
		}
	}
	user, _ := s.auth.user(caller.Username)
	id := caller
	id.Roles, id.Requests, id.Resources = slices.Clone(user.Roles), active, nil
	for _, name := range active {
		spec := s.auth.access.get(name).GetSpec()
		id.Roles = append(id.Roles, spec.GetRoles()...)
		id.Resources = append(id.Resources, resourceNames(spec.GetRequestedResourceIds())...)
		id.Until = earliest(id.Until, spec.GetExpires().AsTime())
	}
	slices.Sort(id.Roles)
	id.Roles = slices.Compact(id.Roles)
	return id, nil
}

// assumable is why a request cannot be assumed, or nil.
func (s requestDesk) assumable(caller identity, id string) error {
	req := s.auth.access.get(id)
	if req == nil || req.GetSpec().GetUser() != caller.Username {
		return grpcserve.Errorf(grpcserve.NotFound, "access request %q not found", id)
	}
	spec := req.GetSpec()
	switch starts := spec.GetAssumeStartTime(); {
	case spec.GetState() == wirepb.RequestState_REQUEST_STATE_DENIED:
		return grpcserve.Errorf(grpcserve.PermissionDenied, "access request %q has been denied", id)
	case spec.GetState() == wirepb.RequestState_REQUEST_STATE_PROMOTED:
		return grpcserve.Errorf(grpcserve.PermissionDenied, "access request %q has been promoted. Use access list to access resources.", id)
	case spec.GetState() != wirepb.RequestState_REQUEST_STATE_APPROVED:
		return grpcserve.Errorf(grpcserve.PermissionDenied, "access request %q is awaiting approval", id)
	case !spec.GetExpires().AsTime().After(time.Now()):
		return grpcserve.Errorf(grpcserve.PermissionDenied, "access request %q has expired", id)
	case starts != nil && starts.AsTime().After(time.Now()):
		return grpcserve.Errorf(grpcserve.PermissionDenied, "access request %q can not be assumed until %v", id, starts.AsTime())
	}
	return nil
}

// earliest is the earlier of two times; a zero one is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return earlier(a, b)
}
