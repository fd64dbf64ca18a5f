// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto"
	"math"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
)

// singleUseTTL is what a single-use certificate lives at most
// (protocol.md 7.4).
const singleUseTTL = time.Minute

// GenerateUserCerts issues an app certificate, with its app session, or the
// login certificate anew (protocol.md 7.4). Whether the app exists and
// may be used is not checked here, as on a real cluster: that comes to light
// at the app.
func (s *authService) GenerateUserCerts(ctx context.Context, req *wirepb.UserCertsRequest) (*wirepb.Certs, error) {
	caller := client(ctx).identity
	if err := s.checkCertsRequest(caller, req); err != nil {
		return nil, err
	}
	caller, err := requestDesk{s.auth}.assume(caller, req)
	if err != nil {
		return nil, err
	}
	if caller.MFADevice, err = s.auth.factors.verify(caller.Username, req); err != nil {
		return nil, err
	}
	answer := &wirepb.Certs{}
	if req.GetPurpose() != wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS {
		answer.TlsCaCerts = [][]byte{s.auth.host.ca().pem()}
		answer.SshCaCerts = [][]byte{s.auth.sshCA.line()}
	}
	if len(req.GetTlsPublicKey()) == 0 {
		return answer, nil // only an SSH key, and there is no SSH
	}
	pub, err := parsePublicKey(req.GetTlsPublicKey())
	if err != nil {
		return nil, grpcserve.Error(grpcserve.InvalidArgument, "failed to decode public key PEM block")
	}
	if err := sameKey(ctx, req, pub); err != nil {
		return nil, err
	}
	answer.Tls, err = s.auth.issueUserCert(s.requestedIdentity(caller, req), pub)
	if err != nil {
		return nil, grpcserve.Error(grpcserve.Internal, err.Error())
	}
	return answer, nil
}

func (s *authService) checkCertsRequest(caller identity, req *wirepb.UserCertsRequest) error {
	forApp := req.GetUsage() == wirepb.CertUsage_CERT_USAGE_APP
	singleUse := req.GetPurpose() == wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS
	switch {
	case req.GetUsername() != caller.Username, s.auth.root != nil: // only the root issues (protocol.md 6.7)
		return grpcserve.Error(grpcserve.PermissionDenied, "access denied: impersonation is not allowed")
	case s.auth.cfg.DeviceTrust && forApp:
		return grpcserve.Error(grpcserve.PermissionDenied, "access denied: this needs a trusted device")
	case !req.GetExpires().AsTime().After(time.Now()):
		return grpcserve.Error(grpcserve.PermissionDenied, "access denied: client credentials have expired, please relogin.")
	case !forApp && req.GetUsage() != wirepb.CertUsage_CERT_USAGE_ALL:
		return grpcserve.Errorf(grpcserve.Unimplemented, "certificates for %v are not modelled", req.GetUsage())
	case req.GetMfaResponse().GetTotp() != nil && singleUse:
		return grpcserve.Error(grpcserve.InvalidArgument, "per-session MFA is not satisfied by OTP devices")
	case forApp && req.GetRouteToApp().GetName() == "":
		return grpcserve.Error(grpcserve.InvalidArgument, "missing app Name field in an app-only UserCertsRequest")
	case forApp && req.GetRequesterName() == wirepb.Requester_REQUESTER_DB_EXEC:
		return grpcserve.Errorf(grpcserve.InvalidArgument, "requester %v is not for apps", req.GetRequesterName())
	case len(req.GetTlsPublicKey()) == 0 && len(req.GetSshPublicKey()) == 0:
		return grpcserve.Error(grpcserve.InvalidArgument, "must provide a public key")
	}
	return s.checkRoute(req.GetRouteToCluster())
}

// sameKey refuses a login certificate with other access requests than before for
// another key than the login's (protocol.md 7.6).
func sameKey(ctx context.Context, req *wirepb.UserCertsRequest, pub crypto.PublicKey) error {
	own, ok := client(ctx).state.PeerCertificates[0].PublicKey.(interface{ Equal(crypto.PublicKey) bool })
	changed := len(req.GetAccessRequests())+len(req.GetDropAccessRequests()) > 0
	if changed && req.GetUsage() == wirepb.CertUsage_CERT_USAGE_ALL && !(ok && own.Equal(pub)) {
		return grpcserve.Error(grpcserve.InvalidArgument, "access requests are assumed and dropped with the key of the login")
	}
	return nil
}

// checkRoute refuses a cluster that does not exist. That of RouteToApp is not
// looked at, and whether a leaf is online neither.
func (s *authService) checkRoute(cluster string) error {
	if cluster != "" && cluster != s.auth.cfg.Name && s.auth.leaves.find(cluster) == nil {
		return grpcserve.Errorf(grpcserve.NotFound, "remote cluster %q is not found", cluster)
	}
	return nil
}

// requestedIdentity is the identity that a request is granted. For an app its
// session has begun.
func (s *authService) requestedIdentity(caller identity, req *wirepb.UserCertsRequest) identity {
	id := caller
	id.Expires = s.certExpiry(caller, req)
	id.RouteToCluster = firstOf(req.GetRouteToCluster(), s.auth.cfg.Name)
	if req.GetPurpose() == wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS {
		id.PreviousExpiry = caller.Expires
	}
	if route := req.GetRouteToApp(); req.GetUsage() == wirepb.CertUsage_CERT_USAGE_APP {
		id.Usage = []string{usageApps}
		id.AppName, id.AppPublicAddr = route.GetName(), route.GetPublicAddr()
		id.AppCluster = firstOf(route.GetClusterName(), s.auth.cfg.Name)
		id.SessionID = s.auth.sessions.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	}
	return id
}

// certExpiry is when a requested certificate ends. One that tsh's local proxy
// asks for may outlive the login and is bounded by the session TTL of the
// roles, all others by the login.
func (s *authService) certExpiry(caller identity, req *wirepb.UserCertsRequest) time.Time {
	expires := req.GetExpires().AsTime()
	bound := caller.Expires
	localProxy := req.GetUsage() == wirepb.CertUsage_CERT_USAGE_APP &&
		req.GetRequesterName() == wirepb.Requester_REQUESTER_APP_LOCAL_PROXY
	switch {
	case localProxy:
		roles := s.auth.rolesOf(caller)
		bound = earlier(time.Now().Add(s.auth.sessionTTL(roles)), verificationEnd(roles))
	case req.GetPurpose() == wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS:
		bound = earlier(bound, time.Now().Add(singleUseTTL))
	}
	if !caller.Until.IsZero() {
		bound = earlier(bound, caller.Until)
	}
	return s.auth.hooks.capExpiry(earlier(expires, bound))
}

// verificationEnd is how long roles let a second factor count, from now; the end of
// time if they do not say.
func verificationEnd(roles []Role) time.Time {
	end := time.Now().Add(math.MaxInt64)
	for _, role := range roles {
		if role.MFAVerificationInterval > 0 {
			end = earlier(end, time.Now().Add(role.MFAVerificationInterval))
		}
	}
	return end
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
