// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: commands of scripts about leaf clusters.

package main

import "github.com/rogpeppe/go-internal/testscript"

// cmdLeaf changes a leaf cluster of the running cluster:
//
//	leaf NAME online|offline     what the root says about it
//	leaf NAME cut|back           whether it can be reached
//	leaf NAME rotate|finish      the two steps of a rotation of its host CA
//	leaf NAME stray              it uses a CA that the root does not know
//	leaf NAME forget|remember    whether it knows the user CA of the root
func cmdLeaf(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: leaf NAME online|offline|cut|back|rotate|finish|stray|forget|remember")
	}
	cluster, name := runningCluster(ts), args[0]
	switch args[1] {
	case "online", "offline":
		cluster.SetLeafOnline(name, args[1] == "online")
	case "cut", "back":
		cluster.SetLeafReachable(name, args[1] == "back")
	case "forget", "remember":
		cluster.SetLeafKnowsRoot(name, args[1] == "remember")
	case "rotate":
		ts.Check(cluster.RotateLeafCA(name))
	case "finish":
		ts.Check(cluster.FinishLeafRotation(name))
	case "stray":
		ts.Check(cluster.HideLeafCA(name))
	default:
		ts.Fatalf("leaf: unknown change %q", args[1])
	}
}
