// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what scripts say about access requests.
//
//	cluster-review STATE [REASON] [DURATION]
//	                     as the reviewer rita, decide about the access request that is
//	                     pending, as soon as there is one: approved, denied or
//	                     promoted. The access ends after DURATION. Sets $REQUEST.

package main

import (
	"context"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func cmdClusterReview(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 || len(args) > 3 {
		ts.Fatalf("usage: cluster-review STATE [REASON] [DURATION]")
	}
	cluster := theCluster(ts)
	review := testcluster.Review{State: testcluster.RequestState(args[0]), Author: "rita"}
	if len(args) > 1 {
		review.Reason = args[1]
	}
	if len(args) > 2 {
		d, err := time.ParseDuration(args[2])
		ts.Check(err)
		review.Expires = time.Now().Add(d)
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	pending := func(r testcluster.AccessRequest) bool { return r.State == testcluster.RequestPending }
	for n := 0; ; n++ {
		_, err := cluster.AwaitAccessRequest(ctx, n)
		ts.Check(err)
		all := cluster.AccessRequests()
		if i := slices.IndexFunc(all, pending); i >= 0 {
			ts.Check(cluster.ReviewAccess(all[i].ID, review))
			ts.Setenv("REQUEST", all[i].ID)
			return
		}
	}
}
