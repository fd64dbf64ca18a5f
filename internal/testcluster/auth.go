// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// authService is proto.AuthService. Listing apps and issuing certificates have
// files of their own.
type authService struct {
	wirepb.UnimplementedAuthServiceServer
	auth *authServer
}

// Ping describes the cluster (protocol.md 7.1).
func (s *authService) Ping(ctx context.Context, _ *wirepb.PingRequest) (*wirepb.PingResponse, error) {
	answer := &wirepb.PingResponse{
		ClusterName:             s.auth.cfg.Name,
		ServerVersion:           s.auth.cfg.Version,
		ProxyPublicAddr:         s.auth.publicAddr,
		SignatureAlgorithmSuite: wirepb.SignatureAlgorithmSuite_SIGNATURE_ALGORITHM_SUITE_BALANCED_V1,
	}
	answer.RemoteAddr = client(ctx).conn.RemoteAddr().String()
	return answer, nil
}

func (s *authService) GetDomainName(context.Context, *wire.Empty) (*wirepb.GetDomainNameResponse, error) {
	return &wirepb.GetDomainNameResponse{DomainName: s.auth.cfg.Name}, nil
}

func (s *authService) GetClusterCACert(context.Context, *wire.Empty) (*wirepb.GetClusterCACertResponse, error) {
	return &wirepb.GetClusterCACertResponse{TlsCa: s.auth.host.ca().pem()}, nil
}

// GetCurrentUserRoles streams the roles of the certificate, and no implicit
// one (protocol.md 7.2, 14).
func (s *authService) GetCurrentUserRoles(ctx context.Context, _ *wire.Empty, send func(*wirepb.Role) error) error {
	for _, role := range s.auth.rolesOf(client(ctx).identity) {
		if err := send(wireRole(role, s.auth.knowsMCP())); err != nil {
			return err
		}
	}
	return nil
}

// GetRole returns a role of the caller's own, and does not tell whether another
// one exists.
func (s *authService) GetRole(ctx context.Context, req *wirepb.GetRoleRequest) (*wirepb.Role, error) {
	role, ok := s.auth.role(req.GetName())
	if !ok || !slices.Contains(client(ctx).identity.Roles, role.Name) {
		return nil, denied("read", "role")
	}
	return wireRole(role, s.auth.knowsMCP()), nil
}

// CreateAccessRequestV2, GetAccessCapabilities and ListAccessRequests are in
// requestaccess.go.
func (s *authService) CreateAccessRequestV2(ctx context.Context, req *wirepb.AccessRequest) (*wirepb.AccessRequest, error) {
	return requestDesk{s.auth}.create(ctx, req)
}

func (s *authService) GetAccessCapabilities(ctx context.Context, req *wirepb.AccessCapabilitiesRequest) (*wirepb.AccessCapabilities, error) {
	return requestDesk{s.auth}.capabilities(ctx, req)
}

func (s *authService) ListAccessRequests(ctx context.Context, req *wirepb.ListAccessRequestsRequest) (*wirepb.ListAccessRequestsResponse, error) {
	return requestDesk{s.auth}.list(ctx, req)
}

// denied is the refusal of an action on a kind of resource.
func denied(action, kind string) error {
	return grpcserve.Errorf(grpcserve.PermissionDenied, "access denied to perform action %q on %q", action, kind)
}

// wireRole is a role as a cluster sends it, whose release knows MCP servers or not.
func wireRole(role Role, mcp bool) *wirepb.Role {
	return &wirepb.Role{
		Kind:     "role",
		Version:  "v8",
		Metadata: storedMetadata(role.Name),
		Spec: &wirepb.RoleSpec{
			Allow: wireConditions(role.AllowAppLabels, role.AllowTools, mcp),
			Deny:  wireConditions(role.DenyAppLabels, role.DenyTools, mcp),
		},
	}
}

func wireConditions(labels map[string][]string, tools []string, mcp bool) *wirepb.RoleConditions {
	conditions := &wirepb.RoleConditions{AppLabels: wireValues(labels)}
	if len(tools) > 0 && mcp {
		conditions.Mcp = &wirepb.MCPPermissions{Tools: tools}
	}
	return conditions
}

// DeleteAppSession ends an app session of the caller's own. A real cluster
// notices a second or three later; this one does at once.
func (s *authService) DeleteAppSession(ctx context.Context, req *wirepb.DeleteAppSessionRequest) (*wire.Empty, error) {
	for _, session := range s.auth.sessions.Sessions() {
		if session.ID != req.GetSessionId() {
			continue
		}
		if session.User != client(ctx).identity.Username {
			return nil, grpcserve.Error(grpcserve.PermissionDenied,
				`access denied to perform action "list" on "web_session", access denied to perform action "delete" on "web_session"`)
		}
		s.auth.sessions.KillSession(session.ID)
		return &wire.Empty{}, nil
	}
	return nil, grpcserve.Errorf(grpcserve.NotFound, `"app_session" %q does not exist`, req.GetSessionId())
}

// usersService is teleport.users.v1.UsersService.
type usersService struct {
	wirepb.UnimplementedUsersServiceServer
	auth *authServer
}

// remoteTraits are those of a user of the root: made from what the certificate
// says, with its principals for logins.
func remoteTraits(id identity) map[string][]string {
	traits := map[string][]string{}
	for _, name := range []string{"aws_role_arns", "db_names", "db_users", "kubernetes_groups", "kubernetes_users"} {
		traits[name] = nil
	}
	maps.Copy(traits, id.Traits)
	traits["logins"] = id.Principals
	return traits
}

// GetUser returns the caller (protocol.md 7.2). Nobody may read others.
func (s *usersService) GetUser(ctx context.Context, req *wirepb.GetUserRequest) (*wirepb.GetUserResponse, error) {
	id := client(ctx).identity
	if !req.GetCurrentUser() && req.GetName() != id.Username || req.GetWithSecrets() {
		return nil, denied("read", "user")
	}
	user, ok := s.auth.user(id.Username)
	metadata := storedMetadata(id.Username)
	if s.auth.root != nil { // the users of the root are not stored here
		user, ok = User{Name: id.Username, Roles: id.Roles, Traits: remoteTraits(id)}, true
		metadata = metadataOf(id.Username, "", nil)
	}
	if !ok {
		return nil, grpcserve.Errorf(grpcserve.NotFound, "user %q is not found", id.Username)
	}
	return &wirepb.GetUserResponse{User: &wirepb.User{
		Kind:     "user",
		Version:  "v2",
		Metadata: metadata,
		Spec: &wirepb.UserSpec{
			Roles:   user.Roles,
			Traits:  wireValues(user.Traits),
			Expires: wire.NewTimestamp(time.Time{}), // an unset time is sent as the year 1 (protocol.md 7)
		},
	}}, nil
}

// trustService is teleport.trust.v1.TrustService.
type trustService struct {
	wirepb.UnimplementedTrustServiceServer
	auth *authServer
}

// GetCertAuthorities returns the host or the user CA, of the cluster and of its
// leaves (protocol.md 5.2).
func (s *trustService) GetCertAuthorities(_ context.Context, req *wirepb.GetCertAuthoritiesRequest) (*wirepb.GetCertAuthoritiesResponse, error) {
	if req.GetIncludeKey() {
		return nil, denied("read", "cert_authority")
	}
	if req.GetType() != "host" && req.GetType() != "user" {
		return nil, grpcserve.Errorf(grpcserve.Unimplemented, "the cluster has no authority of type %q", req.GetType())
	}
	answer := &wirepb.GetCertAuthoritiesResponse{CertAuthoritiesV2: []*wirepb.CertAuthority{s.auth.wireAuthority(req.GetType())}}
	for _, l := range s.auth.leaves.all {
		answer.CertAuthoritiesV2 = append(answer.CertAuthoritiesV2, l.wireAuthority(req.GetType()))
	}
	return answer, nil
}

// wireAuthority is the host or the user CA.
func (i *issuer) wireAuthority(kind string) *wirepb.CertAuthority {
	active, former := i.userCA, (*authority)(nil)
	if kind == "host" {
		active, former = i.host.trusted()
	}
	return &wirepb.CertAuthority{
		Kind:     "cert_authority",
		SubKind:  kind,
		Version:  "v2",
		Metadata: storedMetadata(i.cluster),
		Spec: &wirepb.CertAuthoritySpec{
			Type:                  kind,
			ClusterName:           i.cluster,
			ActiveKeys:            wireKeys(active),
			AdditionalTrustedKeys: wireKeys(former),
		},
	}
}

func wireKeys(ca *authority) *wirepb.CAKeySet {
	if ca == nil {
		return &wirepb.CAKeySet{}
	}
	return &wirepb.CAKeySet{Tls: []*wirepb.TLSKeyPair{{Cert: ca.pem()}}}
}

func metadataOf(name, description string, labels map[string]string) *wirepb.Metadata {
	return &wirepb.Metadata{Name: name, Namespace: "default", Description: description, Labels: labels}
}

// storedMetadata is that of a resource that the cluster stores.
func storedMetadata(name string) *wirepb.Metadata {
	metadata := metadataOf(name, "", nil)
	metadata.Revision = newUUID()
	return metadata
}

func wireValues(values map[string][]string) *wirepb.LabelValues {
	wire := &wirepb.LabelValues{Values: map[string]*wirepb.StringValues{}}
	for name, list := range values {
		wire.Values[name] = &wirepb.StringValues{Values: list}
	}
	return wire
}
