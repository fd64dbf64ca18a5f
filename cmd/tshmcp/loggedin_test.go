// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: logins that are stored without the ceremony.

package main

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// startLoggedIn starts a cluster with these apps, in which alice may do
// everything, and leaves her login in the state folder.
func startLoggedIn(ctx context.Context, state string, apps ...testcluster.App) (*testcluster.Cluster, error) {
	cluster, err := testcluster.Start(testcluster.Config{
		Users: demo.Users(),
		Roles: demo.Roles(demo.Role([]string{"*"}, nil)),
		Apps:  apps,
	})
	if err != nil {
		return nil, err
	}
	if err := storeLogin(ctx, cluster, state, "alice"); err != nil {
		return nil, errors.Join(err, cluster.Close())
	}
	return cluster, nil
}

// storeLogin is a login without the ceremony.
func storeLogin(ctx context.Context, cluster *testcluster.Cluster, state, user string) error {
	return storeLoginFor(ctx, cluster, state, user, time.Hour)
}

// storeLoginFor is storeLogin for a time, which may be over.
func storeLoginFor(ctx context.Context, cluster *testcluster.Cluster, state, user string, ttl time.Duration) error {
	return storeLoginAt(ctx, cluster, cluster.Addr(), state, user, ttl)
}

// storeLoginAt is storeLoginFor with the cluster's proxy at another host:port.
func storeLoginAt(ctx context.Context, cluster *testcluster.Cluster, addr, state, user string, ttl time.Duration) error {
	keyPEM, certPEM, hostCA, err := cluster.Issue(user, ttl)
	if err != nil {
		return err
	}
	key, _ := pem.Decode(keyPEM)
	cert, _ := pem.Decode(certPEM)
	leaf, err := x509.ParseCertificate(cert.Bytes)
	if err != nil {
		return err
	}
	store := creds.Store{Dir: state}
	return store.SaveLogin(ctx, creds.Profile{
		Proxy:    addr,
		Cluster:  cluster.Name(),
		Username: user,
		Expires:  leaf.NotAfter,
		Store:    creds.File,
		HostCAs:  []string{string(hostCA)},
		WebCA:    string(cluster.WebCA()),
	}, creds.KeyPair{Key: key.Bytes, Cert: cert.Bytes})
}
