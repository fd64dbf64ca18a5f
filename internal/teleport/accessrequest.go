// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// oidRequest is the attribute of a certificate that names an access request.
var oidRequest = asn1.ObjectIdentifier{1, 3, 9999, 2, 8}

// RequestState is what has become of an access request.
type RequestState string

const (
	RequestPending  RequestState = "pending"
	RequestApproved RequestState = "approved"
	RequestDenied   RequestState = "denied"
	RequestPromoted RequestState = "promoted" // to an access list, which counts from the next login
)

// Resource is what can be requested beside roles: an app of a cluster.
type Resource struct{ Cluster, App string }

// AccessRequest is a user's request for roles or for apps, for a while
// (protocol.md 7.6). Texts are as their authors wrote them.
type AccessRequest struct {
	ID, User  string
	State     RequestState
	Roles     []string   // of a request for apps: those that let them be used
	Apps      []Resource // none: the roles were asked for
	Others    int        // how many resources of other kinds are asked for, too
	Reason    string
	Resolved  string // what the last reviewer said
	Reviews   []Review
	Reviewers []string // that are suggested
	Created   time.Time
	Expires   time.Time // the end of the access; zero if it is not told
	Starts    time.Time // the access cannot be assumed before; zero: it can
}

// Review is what a reviewer thinks of an access request.
type Review struct {
	Author string
	State  RequestState
	Reason string
}

// NewRequest is an access request to make: for roles, or for apps.
type NewRequest struct {
	Roles     []string
	Apps      []Resource
	Reason    string
	Reviewers []string
	Until     time.Time // the access ends then at the latest; zero: when the cluster says
}

// Requestable is what a user may request.
type Requestable struct {
	Roles       []string // by name
	ForApps     []string // by which the apps that were asked about can be requested
	Reviewers   []string // that the user's roles suggest
	NeedsReason bool
	Prompt      string // what the reason is to tell, in the administrator's words
}

// RequestNotFoundError tells that the user has no access request of that id.
type RequestNotFoundError struct{ ID string }

func (e *RequestNotFoundError) Error() string {
	return fmt.Sprintf("you have no access request %q", e.ID)
}
func (e *RequestNotFoundError) ErrorCode() errcode.Code { return errcode.RequestNotFound }

// requestPage is the number of access requests asked for at once.
const requestPage = 100

// AccessRequests are those of a user, which the root keeps.
type AccessRequests struct{ *RootAuth }

// Create makes a request, which then waits for reviewers, and returns it as the
// cluster keeps it.
func (r AccessRequests) Create(ctx context.Context, req NewRequest) (*AccessRequest, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	var until *wire.Timestamp
	if !req.Until.IsZero() {
		until = wire.NewTimestamp(req.Until)
	}
	answer, err := r.auth.CreateAccessRequestV2(ctx, &wirepb.AccessRequestV3{
		Kind: "access_request", Version: "v3", Metadata: &wirepb.Metadata{Name: newUUID()},
		Spec: &wirepb.AccessRequestSpecV3{
			User: r.id.Username(), Roles: req.Roles, State: wirepb.RequestState_PENDING, RequestReason: req.Reason,
			SuggestedReviewers: req.Reviewers, RequestedResourceIds: wireResources(req.Apps), MaxDuration: until,
		},
	})
	if err != nil {
		return nil, r.failed(ctx, "request access", err)
	}
	return newAccessRequest(answer), nil
}

// newUUID returns a random UUID (version 4): the client names a request.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// All returns the user's requests, the latest first.
func (r AccessRequests) All(ctx context.Context) ([]AccessRequest, error) {
	return r.list(ctx, &wirepb.AccessRequestFilter{User: r.id.Username()})
}

// Get returns the request of an id, or a *RequestNotFoundError.
func (r AccessRequests) Get(ctx context.Context, id string) (*AccessRequest, error) {
	found, err := r.list(ctx, &wirepb.AccessRequestFilter{Id: id, User: r.id.Username()})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(found, func(one AccessRequest) bool { return one.ID == id })
	if i < 0 {
		return nil, &RequestNotFoundError{ID: id}
	}
	return &found[i], nil
}

func (r AccessRequests) list(ctx context.Context, filter *wirepb.AccessRequestFilter) ([]AccessRequest, error) {
	var all []AccessRequest
	err := r.eachPage(ctx, "list access requests", requestPage, func(ctx context.Context, from string, limit int32) (wire.Message, string, error) {
		page, err := r.auth.ListAccessRequests(ctx, &wirepb.ListAccessRequestsRequest{Filter: filter, StartKey: from, Limit: limit})
		if rpc.CodeOf(err) == rpc.NotFound {
			return page, "", nil
		}
		for _, one := range page.GetAccessRequests() {
			if one.GetSpec().GetUser() == r.id.Username() { // whoever reviews may see others
				all = append(all, *newAccessRequest(one))
			}
		}
		return page, page.GetNextKey(), err
	})
	if err != nil {
		return nil, err
	}
	sort.SliceStable(all, func(i, j int) bool {
		x, y := all[i], all[j]
		return x.Created.After(y.Created) || x.Created.Equal(y.Created) && x.ID < y.ID
	})
	return all, nil
}

// Assume returns a certificate for the login's own key that has what the
// requests give, with those that are active in the login already. It ends with
// the first of them, and with the login. While it has one for apps, it is good
// for those apps alone.
func (r AccessRequests) Assume(ctx context.Context, ids []string) (*x509.Certificate, error) {
	const op = "assume access request"
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	pub, err := PublicKeyPEM(r.id.Key.Public())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	answer, err := r.auth.GenerateUserCerts(ctx, &wirepb.UserCertsRequest{
		Username: r.id.Username(), Expires: wire.NewTimestamp(r.id.Expires()), RouteToCluster: r.id.Cluster(),
		Usage: wirepb.UserCertsRequest_All, TlsPublicKey: pub, AccessRequests: ids,
	})
	if rpc.CodeOf(err) == rpc.NotFound && len(ids) == 1 {
		return nil, &RequestNotFoundError{ID: ids[0]}
	}
	if err != nil {
		return nil, r.failed(ctx, op, err)
	}
	cert, err := ParseCertificate(answer.GetTls())
	if err != nil {
		return nil, &WrongCertError{Op: op, Err: err}
	}
	if why := r.wrong(cert, ids); why != "" {
		return nil, &WrongCertError{Op: op, Err: fmt.Errorf("a certificate %s", why)}
	}
	return cert, nil
}

// wrong says why a certificate is not the one that was asked for, or is empty.
func (r AccessRequests) wrong(cert *x509.Certificate, ids []string) string {
	own, ok := r.id.Cert.PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	switch active := subjectValues(cert, oidRequest); {
	case !ok || !own.Equal(cert.PublicKey):
		return "for another key"
	case cert.Subject.CommonName != r.id.Username():
		return fmt.Sprintf("for the user %q, not %q", cert.Subject.CommonName, r.id.Username())
	case slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(active, id) }):
		return "without the access request"
	case !r.clock.Now().Before(cert.NotAfter):
		return "that was over at " + cert.NotAfter.UTC().Format(time.RFC3339) + ", before it came"
	}
	return ""
}

// Requestable tells what the user may request, and by which roles these apps: none
// where they cannot be requested. Roles are, as far as the cluster tells, those
// that let one of the apps be used.
func (r AccessRequests) Requestable(ctx context.Context, apps ...Resource) (*Requestable, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	req := &wirepb.AccessCapabilitiesRequest{
		RequestableRoles: true, SuggestedReviewers: true, ResourceIds: wireResources(apps), FilterRequestableRolesByResource: len(apps) > 0,
	}
	answer, err := r.auth.GetAccessCapabilities(ctx, req)
	if len(apps) > 0 && rpc.CodeOf(err) == rpc.PermissionDenied {
		// None of the user's roles lets them be requested. Which of those that can be
		// requested by name would let them be used is not told then.
		req.ResourceIds = nil
		answer, err = r.auth.GetAccessCapabilities(ctx, req)
	}
	if err != nil {
		return nil, r.failed(ctx, "ask what can be requested", err)
	}
	return &Requestable{
		Roles: answer.GetRequestableRoles(), ForApps: answer.GetApplicableRolesForResources(),
		Reviewers: answer.GetSuggestedReviewers(), NeedsReason: answer.GetRequireReason(), Prompt: answer.GetRequestPrompt(),
	}, nil
}

const kindApp = "app"

func wireResources(apps []Resource) (ids []*wirepb.ResourceID) {
	for _, app := range apps {
		ids = append(ids, &wirepb.ResourceID{ClusterName: app.Cluster, Kind: kindApp, Name: app.App})
	}
	return ids
}

var requestStates = map[wirepb.RequestState]RequestState{
	wirepb.RequestState_PENDING: RequestPending, wirepb.RequestState_APPROVED: RequestApproved,
	wirepb.RequestState_DENIED: RequestDenied, wirepb.RequestState_PROMOTED: RequestPromoted,
}

func newAccessRequest(wire *wirepb.AccessRequestV3) *AccessRequest {
	spec := wire.GetSpec()
	r := &AccessRequest{
		ID: wire.GetMetadata().GetName(), User: spec.GetUser(), State: requestStates[spec.GetState()], Roles: spec.GetRoles(),
		Reason: spec.GetRequestReason(), Resolved: spec.GetResolveReason(), Reviewers: spec.GetSuggestedReviewers(),
		Created: timeOf(spec.GetCreated()), Expires: timeOf(spec.GetExpires()), Starts: timeOf(spec.GetAssumeStartTime()),
	}
	for _, id := range spec.GetRequestedResourceIds() {
		if id.GetKind() != kindApp {
			r.Others++
			continue
		}
		r.Apps = append(r.Apps, Resource{Cluster: id.GetClusterName(), App: id.GetName()})
	}
	for _, review := range spec.GetReviews() {
		r.Reviews = append(r.Reviews, Review{Author: review.GetAuthor(), State: requestStates[review.GetProposedState()], Reason: review.GetReason()})
	}
	return r
}

// timeOf is a time on the wire. One that is not set may come as the year 1
// (protocol.md 7).
func timeOf(wire *wire.Timestamp) time.Time {
	if t := wire.AsTime(); wire != nil && t.Year() > 1 {
		return t
	}
	return time.Time{}
}
