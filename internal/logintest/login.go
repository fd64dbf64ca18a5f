// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package logintest makes logins to a test cluster without the ceremony, as a
// client keeps them. Only tests use it.
package logintest

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// Issue makes the login of a user, to be kept in files. One with a ttl of zero or
// less is over.
func Issue(cluster *testcluster.Cluster, user string, ttl time.Duration) (creds.Profile, creds.KeyPair, error) {
	keyPEM, certPEM, hostCA, err := cluster.Issue(user, ttl)
	if err != nil {
		return creds.Profile{}, creds.KeyPair{}, err
	}
	key, _ := pem.Decode(keyPEM)
	cert, _ := pem.Decode(certPEM)
	leaf, err := x509.ParseCertificate(cert.Bytes)
	if err != nil {
		return creds.Profile{}, creds.KeyPair{}, err
	}
	return creds.Profile{
		Proxy: cluster.Addr(), Cluster: cluster.Name(), Username: user, Issued: access.IssuedAt(leaf), Expires: leaf.NotAfter,
		Store: creds.File, HostCAs: []string{string(hostCA)}, WebCA: string(cluster.WebCA()),
	}, creds.KeyPair{Key: key.Bytes, Cert: cert.Bytes}, nil
}

// Save is Issue, and keeps what comes of it.
func Save(ctx context.Context, store *creds.Store, cluster *testcluster.Cluster, user string, ttl time.Duration) error {
	profile, pair, err := Issue(cluster, user, ttl)
	if err != nil {
		return err
	}
	return store.SaveLogin(ctx, profile, pair)
}
