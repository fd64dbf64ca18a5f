// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/x509"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// leafPage is the number of leaf clusters asked for at once.
const leafPage = 500

// Leaf is a leaf cluster: one that trusts the root and is reached through the
// root's proxy (protocol.md 6.7).
type Leaf struct {
	Name string
	// Online is what the root last heard. It lags: a leaf may answer although
	// it is false, for most of a minute after the trust is made.
	Online bool
}

// Leaves returns the leaf clusters that the user may know of, in the order of
// the root (ListRemoteClusters, protocol.md 6.7).
func (a *RootAuth) Leaves(ctx context.Context) ([]Leaf, error) {
	var leaves []Leaf
	err := a.eachPage(ctx, "list leaf clusters", leafPage, func(ctx context.Context, from string, limit int32) (wire.Message, string, error) {
		page, err := a.presence.ListRemoteClusters(ctx, &wirepb.ListRemoteClustersRequest{PageSize: limit, PageToken: from})
		for _, c := range page.GetRemoteClusters() {
			leaves = append(leaves, Leaf{
				Name:   c.GetMetadata().GetName(),
				Online: c.GetStatus().GetConnection() == "online",
			})
		}
		return page, page.GetNextPageToken(), err
	})
	if err != nil {
		return nil, err
	}
	return leaves, nil
}

// HostCAs returns the host CAs by the names of their clusters: of the root and
// of its leaves. Those that a rotation is about to bring in
// or to retire are among them (GetCertAuthorities, protocol.md 5.2). A
// certificate that cannot be read is left out, so that one cluster does not
// hide the others.
func (a *RootAuth) HostCAs(ctx context.Context) (map[string][]*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(ctx, authTimeout)
	defer cancel()
	answer, err := a.trust.GetCertAuthorities(ctx, &wirepb.GetCertAuthoritiesRequest{Type: "host"})
	if err != nil {
		return nil, a.failed(ctx, "get host CAs", err)
	}
	cas := map[string][]*x509.Certificate{}
	for _, ca := range answer.GetCertAuthoritiesV2() {
		spec := ca.GetSpec()
		for _, keys := range []*wirepb.CAKeySet{spec.GetActiveKeys(), spec.GetAdditionalTrustedKeys()} {
			for _, pair := range keys.GetTls() {
				if certs, err := ParseCertificates(pair.GetCert()); err == nil {
					cas[spec.GetClusterName()] = append(cas[spec.GetClusterName()], certs...)
				}
			}
		}
	}
	return cas, nil
}
