// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster_test

import (
	"crypto"
	"crypto/tls"
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

const createAccessRequest = "/proto.AuthService/CreateAccessRequestV2"

// requesting is a cluster in which alice may request the role ops.
func requesting(t *testing.T) *testcluster.Cluster {
	return start(t, withApps, func(c *testcluster.Config) {
		c.Roles[0].RequestRoles, c.Roles[0].SearchAsRoles = []string{"ops"}, []string{"ops"}
		c.Roles = append(c.Roles, testcluster.Role{Name: "ops", AllowAppLabels: map[string][]string{"env": {"prod"}}})
	})
}

func wireRequest(id, user string, roles ...string) *wirepb.AccessRequest {
	return &wirepb.AccessRequest{
		Kind: "access_request", Version: "v3", Metadata: &wirepb.Metadata{Name: id},
		Spec: &wirepb.AccessRequestSpec{User: user, Roles: roles},
	}
}

func uuid(n byte) string { return "00000000-0000-4000-8000-00000000000" + string('0'+n) }

// TestCreateRequestRefused is a request that is malformed, another's, or there already.
func TestCreateRequestRefused(t *testing.T) {
	conn := dialAs(t, requesting(t), "alice")
	call[wirepb.AccessRequest](t, conn, createAccessRequest, wireRequest(uuid(1), "alice", "ops"))
	for name, test := range map[string]struct {
		req  *wirepb.AccessRequest
		code codes.Code
	}{
		"again":      {wireRequest(uuid(1), "alice", "ops"), codes.AlreadyExists},
		"of another": {wireRequest(uuid(2), "bob", "ops"), codes.PermissionDenied},
		"own name":   {wireRequest("mine", "alice", "ops"), codes.InvalidArgument},
		"no kind":    {&wirepb.AccessRequest{Version: "v3", Metadata: &wirepb.Metadata{Name: uuid(2)}, Spec: &wirepb.AccessRequestSpec{User: "alice"}}, codes.InvalidArgument},
		"had":        {wireRequest(uuid(2), "alice", "editor"), codes.InvalidArgument},
	} {
		if err := conn.Invoke(t.Context(), createAccessRequest, test.req, &wirepb.AccessRequest{}); status.Code(err) != test.code {
			t.Errorf("%s: %v, want %v", name, err, test.code)
		}
	}
}

// TestRequestRoleForApp: a request for an app may name the roles for it, of those that may
// be searched with, and no others.
func TestRequestRoleForApp(t *testing.T) {
	cluster := start(t, withApps, func(c *testcluster.Config) {
		c.Roles[0].SearchAsRoles = []string{"ops", "more"}
		for _, name := range []string{"ops", "more", "admin"} {
			c.Roles = append(c.Roles, testcluster.Role{Name: name, AllowAppLabels: map[string][]string{"*": {"*"}}})
		}
	})
	conn := dialAs(t, cluster, "alice")
	ask := func(id byte, roles ...string) (*wirepb.AccessRequest, error) {
		req, made := wireRequest(uuid(id), "alice", roles...), &wirepb.AccessRequest{}
		req.Spec.RequestedResourceIds = []*wirepb.ResourceID{{ClusterName: clusterName, Kind: "app", Name: "secret-mcp"}}
		err := conn.Invoke(t.Context(), createAccessRequest, req, made)
		return made, err
	}
	for i, tt := range []struct{ asked, given []string }{{nil, []string{"more", "ops"}}, {[]string{"ops"}, []string{"ops"}}} {
		if made, err := ask(byte(i), tt.asked...); err != nil || !slices.Equal(made.GetSpec().GetRoles(), tt.given) {
			t.Errorf("%q: %q, %v", tt.asked, made.GetSpec().GetRoles(), err)
		}
	}
	if _, err := ask(9, "ops", "admin"); status.Code(err) != codes.InvalidArgument || !strings.Contains(err.Error(), `user "alice" can not request role "admin"`) {
		t.Errorf("a role that is not to be had: %v", err)
	}
}

// assuming asks for a login certificate with requests, or without.
func assuming(t *testing.T, key any, assume, drop []string) *wirepb.UserCertsRequest {
	req := certsRequest(t, "", key)
	req.Usage, req.RouteToApp, req.RequesterName = wirepb.CertUsage_CERT_USAGE_ALL, nil, 0
	req.AccessRequests, req.DropAccessRequests = assume, drop
	return req
}

// TestAssumeStates is what each state of a request says to who would assume it.
func TestAssumeStates(t *testing.T) {
	c := requesting(t)
	conn := dialAs(t, c, "alice")
	call[wirepb.AccessRequest](t, conn, createAccessRequest, wireRequest(uuid(1), "alice", "ops"))
	key := newKey(t).Public()
	for _, test := range []struct {
		review testcluster.Review
		want   string
	}{
		{testcluster.Review{State: testcluster.RequestPending}, `access request "` + uuid(1) + `" is awaiting approval`},
		{testcluster.Review{State: testcluster.RequestDenied}, "has been denied"},
		{testcluster.Review{State: testcluster.RequestPromoted}, "has been promoted"},
		{testcluster.Review{State: testcluster.RequestApproved, Starts: time.Now().Add(time.Hour)}, "can not be assumed until"},
		{testcluster.Review{State: testcluster.RequestApproved, Expires: time.Now().Add(-time.Second)}, "has expired"},
	} {
		if err := c.ReviewAccess(uuid(1), test.review); err != nil {
			t.Fatal(err)
		}
		err := conn.Invoke(t.Context(), generateUserCerts, assuming(t, key, []string{uuid(1)}, nil), &wirepb.Certs{})
		if status.Code(err) != codes.PermissionDenied || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%+v: %v, want %q", test.review, err, test.want)
		}
	}
	if err := c.ReviewAccess("none", testcluster.Review{State: testcluster.RequestApproved}); err == nil {
		t.Error("a review of nothing")
	}
}

// TestAssumeDrop is an approved request: for the login's key alone, for an app's
// certificate too, and dropped again.
func TestAssumeDrop(t *testing.T) {
	c := requesting(t)
	login, hostCA := issue(t, c, "alice", time.Hour)
	key := login.PrivateKey.(crypto.Signer)
	conn := dialAuth(t, c, authConfig(login, hostCA))
	call[wirepb.AccessRequest](t, conn, createAccessRequest, wireRequest(uuid(1), "alice", "ops"))
	if err := c.ReviewAccess(uuid(1), testcluster.Review{State: testcluster.RequestApproved, Expires: time.Now().Add(10 * time.Minute)}); err != nil {
		t.Fatal(err)
	}
	err := conn.Invoke(t.Context(), generateUserCerts, assuming(t, newKey(t).Public(), []string{uuid(1)}, nil), &wirepb.Certs{})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("another key: %v", err)
	}
	had := parseCert(t, call[wirepb.Certs](t, conn, generateUserCerts, assuming(t, key.Public(), []string{uuid(1)}, nil)).GetTls())
	if !slices.Contains(had.Subject.Organization, "ops") || attribute(t, had, "1.3.9999.2.8") != uuid(1) || !about(had.NotAfter, time.Now().Add(10*time.Minute)) {
		t.Errorf("%v until %v", had.Subject, had.NotAfter)
	}
	conn = dialAuth(t, c, authConfig(tls.Certificate{Certificate: [][]byte{had.Raw}, PrivateKey: key}, hostCA))
	app := certsRequest(t, "secret-mcp", newKey(t).Public())
	app.Expires = wire.NewTimestamp(time.Now().Add(time.Hour))
	if got := parseCert(t, call[wirepb.Certs](t, conn, generateUserCerts, app).GetTls()); !slices.Contains(got.Subject.Organization, "ops") || !about(got.NotAfter, had.NotAfter) {
		t.Errorf("the app's: %v until %v", got.Subject, got.NotAfter)
	}
	for _, drop := range []string{"*", uuid(1)} {
		left := parseCert(t, call[wirepb.Certs](t, conn, generateUserCerts, assuming(t, key.Public(), nil, []string{drop})).GetTls())
		if slices.Contains(left.Subject.Organization, "ops") || attribute(t, left, "1.3.9999.2.8") != "" {
			t.Errorf("after dropping %s: %v", drop, left.Subject)
		}
	}
}

// TestListRequests is the list in pages, and by id and state.
func TestListRequests(t *testing.T) {
	c := requesting(t)
	conn := dialAs(t, c, "alice")
	for n := range byte(3) {
		call[wirepb.AccessRequest](t, conn, createAccessRequest, wireRequest(uuid(n), "alice", "ops"))
	}
	if err := c.ReviewAccess(uuid(1), testcluster.Review{State: testcluster.RequestDenied}); err != nil {
		t.Fatal(err)
	}
	for want, req := range map[string]*wirepb.ListAccessRequestsRequest{
		"0 1+": {Limit: 2},
		"2":    {Limit: 2, StartKey: uuid(2)},
		"1":    {Filter: &wirepb.AccessRequestFilter{State: wirepb.RequestState_REQUEST_STATE_DENIED}},
		"0":    {Filter: &wirepb.AccessRequestFilter{Id: uuid(0), User: "alice"}},
		"":     {Filter: &wirepb.AccessRequestFilter{User: "bob"}},
	} {
		if got := listed(t, conn, req); got != want {
			t.Errorf("%v: %q, want %q", req, got, want)
		}
	}
	if got := listed(t, dialAs(t, c, "bob"), &wirepb.ListAccessRequestsRequest{}); got != "" {
		t.Errorf("bob sees %q", got)
	}
}

// listed are the last digits of the ids, with + where there are more.
func listed(t *testing.T, conn *grpc.ClientConn, req *wirepb.ListAccessRequestsRequest) string {
	t.Helper()
	answer := call[wirepb.ListAccessRequestsResponse](t, conn, "/proto.AuthService/ListAccessRequests", req)
	var ids []string
	for _, one := range answer.GetAccessRequests() {
		id := one.GetMetadata().GetName()
		ids = append(ids, id[len(id)-1:])
	}
	text := strings.Join(ids, " ")
	if answer.GetNextKey() != "" {
		text += "+"
	}
	return text
}
