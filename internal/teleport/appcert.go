// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
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
	// Factor is the second factor, where the app needs one; nil: none was given.
	Factor *SessionAnswer
}

// IssueAppCert gets a certificate, with a new P-256 key and Leaf set, that
// opens the app at [Proxy.AppTransport] (GenerateUserCerts, protocol.md 7.4).
// The cluster starts an app session with it but does not check the user's
// access to the app: that comes with the first request. It may also give less
// time than asked for. The root issues the certificates for the apps of its
// leaf clusters too.
func (a *RootAuth) IssueAppCert(ctx context.Context, req AppCertRequest) (*tls.Certificate, error) {
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
		return nil, req.failed(a.failed(ctx, op, err))
	}
	cert, err := pairCertificate(certs.GetTls(), key)
	if err != nil {
		return nil, &WrongCertError{Op: op, Err: err}
	}
	if err := a.checkAppCert(op, req.App, cert.Leaf); err != nil {
		return nil, err
	}
	if req.Factor != nil && !HasFactor(cert.Leaf) {
		return nil, &WrongCertError{op, errors.New("a certificate without the second factor that was given")}
	}
	return cert, nil
}

// failed is err for a request that was refused: with a second factor, it may be that.
func (r AppCertRequest) failed(err error) error {
	if r.Factor == nil {
		return err
	}
	return factorRefused(r.App.Name, err)
}

// WrongCertError tells that the cluster has answered with a certificate that is
// not what was asked for. It is not used.
type WrongCertError struct {
	Op  string
	Err error
}

func (e *WrongCertError) Error() string {
	return e.Op + ": the cluster's answer is of no use: " + e.Err.Error()
}

// Unwrap returns what is wrong.
func (e *WrongCertError) Unwrap() error           { return e.Err }
func (e *WrongCertError) ErrorCode() errcode.Code { return errcode.AppCertUnusable }

// checkAppCert looks at what a cluster has issued. Nothing is checked there, and
// the end of a login has no part in it: over a connection that is open since
// before, it answers with a certificate that ends where the login did
// (protocol.md 7.4).
func (a *RootAuth) checkAppCert(op string, app App, cert *x509.Certificate) error {
	attribute := func(oid asn1.ObjectIdentifier) string { return strings.Join(subjectValues(cert, oid), " ") }
	for _, field := range []struct{ what, got, want string }{
		{"user", cert.Subject.CommonName, a.id.Username()},
		{"app", attribute(oidAppName), app.Name},
		{"address", attribute(oidAppAddr), app.PublicAddr},
		{"cluster", attribute(oidAppCluster), a.clusterOf(app)},
	} {
		if field.got != field.want {
			return &WrongCertError{op, fmt.Errorf("a certificate for the %s %q, not %q", field.what, field.got, field.want)}
		}
	}
	if a.clock.Now().Before(cert.NotAfter) {
		return nil
	}
	if !cert.NotAfter.Before(a.id.Expires()) {
		return &ExpiredError{Op: op, Expires: a.id.Expires()}
	}
	return &WrongCertError{op, fmt.Errorf("a certificate that was over at %s, before it came", cert.NotAfter.UTC().Format(time.RFC3339))}
}

// clusterOf is the name of the cluster that has the app.
func (a *RootAuth) clusterOf(app App) string { return cmp.Or(app.Cluster, a.id.Cluster()) }

func (a *RootAuth) userCertsRequest(req AppCertRequest, pub []byte) *wirepb.UserCertsRequest {
	cluster := a.clusterOf(req.App)
	wire := &wirepb.UserCertsRequest{
		Username: a.id.Username(), // any other name asks for impersonation
		Expires:  wire.NewTimestamp(req.expiry(a.id.Expires())),
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
	if req.Factor != nil {
		wire.MfaResponse, wire.Purpose = req.Factor.wire, wirepb.CertPurpose_CERT_PURPOSE_SINGLE_USE_CERTS
	}
	return wire
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
		return nil, errcode.New(errcode.AppCertUnusable, "the certificate is for another key")
	}
	cert := &tls.Certificate{PrivateKey: key, Leaf: chain[0]}
	for _, c := range chain {
		cert.Certificate = append(cert.Certificate, c.Raw)
	}
	return cert, nil
}
