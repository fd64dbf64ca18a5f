// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/x509"
	"encoding/asn1"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

var (
	oidAppSession = asn1.ObjectIdentifier{1, 3, 9999, 1, 4}
	oidAppCluster = asn1.ObjectIdentifier{1, 3, 9999, 1, 5}
	oidAppAddr    = asn1.ObjectIdentifier{1, 3, 9999, 1, 6}
	oidAppName    = asn1.ObjectIdentifier{1, 3, 9999, 1, 10}
)

// AppSession returns the id of the app session that an app certificate is for,
// empty for another certificate (protocol.md 5.1).
func AppSession(cert *x509.Certificate) string {
	for _, id := range subjectValues(cert, oidAppSession) {
		return id
	}
	return ""
}

// AppCluster returns the name of the cluster that has the app of an app
// certificate, empty for another certificate (protocol.md 5.1).
func AppCluster(cert *x509.Certificate) string {
	for _, name := range subjectValues(cert, oidAppCluster) {
		return name
	}
	return ""
}

// DeleteAppSession ends an app session of the user's own, and with it the use
// of every certificate that names it: seconds later, since proxies remember
// sessions (protocol.md 7.6). A session that is already gone is no
// error. Sessions of a leaf's apps are the root's too.
func (a *RootAuth) DeleteAppSession(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	_, err := a.auth.DeleteAppSession(ctx, &wirepb.DeleteAppSessionRequest{SessionId: id})
	if err == nil || rpc.CodeOf(err) == rpc.NotFound {
		return nil
	}
	return a.failed(ctx, "end app session", err)
}
