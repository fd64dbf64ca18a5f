// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// AppCertRequest asks for a certificate for one app.
type AppCertRequest struct {
	App App // as Apps or App returned it
	// Expires is the end of its validity; the zero time, and any after the end
	// of the login, means the end of the login.
	Expires time.Time
	// OutlivesLogin takes Expires as it is: the end of the login does not bound
	// it, the session time of the user's roles does. It is for logins that live
	// a minute (protocol.md 3.4).
	OutlivesLogin bool
}

// IssueAppCert gets a certificate, with a new P-256 key and Leaf set, that
// opens the app at [Proxy.AppTransport] (GenerateUserCerts, protocol.md 7.4).
// The cluster starts an app session with it but does not check the user's
// access to the app: that comes with the first request. It may also give less
// time than asked for. The root issues the certificates for the apps of its
// leaf clusters too.
func (a *Auth) IssueAppCert(ctx context.Context, req AppCertRequest) (*tls.Certificate, error) {
	const op = "issue app certificate"
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	key, err := NewKey()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	pub, err := PublicKeyPEM(key.Public())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	certs, err := a.auth.GenerateUserCerts(ctx, a.userCertsRequest(req, pub))
	if err != nil {
		return nil, a.failed(ctx, op, err)
	}
	cert, err := pairCertificate(certs.GetTls(), key)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	return cert, nil
}

func (a *Auth) userCertsRequest(req AppCertRequest, pub []byte) *wirepb.UserCertsRequest {
	cluster := req.App.Cluster
	if cluster == "" {
		cluster = a.id.Cluster()
	}
	return &wirepb.UserCertsRequest{
		Username: a.id.Username(), // any other name asks for impersonation
		Expires:  timestamppb.New(req.expiry(a.id.Expires())),
		Usage:    wirepb.UserCertsRequest_App,
		// One certificate for many connections over hours, as tsh's own local
		// proxy needs it.
		RequesterName:  wirepb.UserCertsRequest_TSH_APP_LOCAL_PROXY,
		RouteToCluster: cluster,
		RouteToApp: &wirepb.RouteToApp{
			Name:        req.App.Name,
			PublicAddr:  req.App.PublicAddr, // the proxy finds the app by it: exact
			ClusterName: cluster,
			Uri:         req.App.URI,
		},
		TlsPublicKey: pub,
	}
}

// expiry caps what is asked for. The server does not: for this requester it
// counts a role's whole session time from now.
func (r AppCertRequest) expiry(login time.Time) time.Time {
	if r.Expires.IsZero() || r.Expires.After(login) && !r.OutlivesLogin {
		return login
	}
	return r.Expires
}

// pairCertificate joins the issued PEM with the key it was asked for.
func pairCertificate(pem []byte, key *ecdsa.PrivateKey) (*tls.Certificate, error) {
	chain, err := ParseCertificates(pem)
	if err != nil {
		return nil, err
	}
	if !key.PublicKey.Equal(chain[0].PublicKey) {
		return nil, errors.New("the certificate is for another key")
	}
	cert := &tls.Certificate{PrivateKey: key, Leaf: chain[0]}
	for _, c := range chain {
		cert.Certificate = append(cert.Certificate, c.Raw)
	}
	return cert, nil
}
