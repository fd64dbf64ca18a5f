// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: commands of scripts about load balancers.

package main

import (
	"slices"
	"strconv"

	"github.com/rogpeppe/go-internal/testscript"
)

// Commands of scripts about load balancers:
//
//	balancer KIND        put a load balancer that ends TLS in front of the
//	                     cluster, at the same address: http, no-alpn, or off
//	upgraded N           N connections or more were upgraded since the last
//	                     time; 0 is none
func cmdBalancer(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: balancer KIND")
	}
	kind := args[0]
	if kind == "off" {
		kind = ""
	}
	ts.Check(theCluster(ts).SetBalancer(kind))
}

// upgradesSeen are the numbers of upgrades that upgraded has looked at.
var upgradesSeen syncMap[clusterKey, int]

func cmdUpgraded(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: upgraded N")
	}
	least, err := strconv.Atoi(args[0])
	ts.Check(err)
	all := theCluster(ts).Upgrades()
	seen, _ := upgradesSeen.Load(clusterKey{ts})
	if seen > len(all) {
		seen = 0 // another cluster
	}
	upgradesSeen.Store(clusterKey{ts}, len(all))
	ts.Defer(func() { upgradesSeen.LoadAndDelete(clusterKey{ts}) })
	if n := len(all) - seen; n < least || least == 0 && n > 0 {
		ts.Fatalf("%d connections were upgraded, want %d", n, least)
	}
	if slices.ContainsFunc(all, func(proto string) bool { return proto != "alpn-ping" }) {
		ts.Fatalf("upgrades of the kinds %q", all)
	}
}
