// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: logins that are stored without the ceremony.

package main

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/logintest"
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
	profile, pair, err := logintest.Issue(cluster, user, ttl)
	if err != nil {
		return err
	}
	profile.Proxy = addr
	return (&creds.Store{Dir: state}).SaveLogin(ctx, profile, pair)
}
