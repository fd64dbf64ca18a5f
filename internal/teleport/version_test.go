// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"strings"
	"testing"
)

func TestCheckVersion(t *testing.T) {
	for _, tc := range []struct {
		name, server, minClient string
		want                    [][]string // per warning: what it must contain
	}{
		{"same release", "18.8.0", "17.0.0-aa", nil},
		{"first with MCP over HTTP", "18.3.0", "17.0.0-aa", nil},
		{"its pre-release", "18.3.0-rc.1", "17.0.0-aa", nil},
		{"build metadata", "18.4.1+ent", "17.0.0-aa", nil},
		{"next major", "19.2.0", "18.0.0-aa", nil},
		{"next major, minimum not told", "19.2.0", "", nil},
		{"minimum is this version", "19.9.0", "18.8.0", nil},
		{"old patch level", "18.2.9", "17.0.0-aa", [][]string{{"over HTTP and of type sse need Teleport 18.3, ", "18.2.9", "upgraded", "stdio work"}}},
		{"first with stdio", "18.1.0-rc.2", "17.0.0-aa", [][]string{{"over HTTP", "18.3", "18.1.0-rc.2"}}},
		{"the measured server", "18.0.0", "17.0.0-aa", [][]string{{"MCP", "18.3", "18.0.0"}}},
		{"old major", "17.5.1", "16.0.0-aa", [][]string{{"18.3 (18.1 those of type stdio)", "17.5.1", "the cluster runs 17.5.1 and has to be upgraded", "--path"}}},
		{"the oldest", "17.0.0", "16.0.0-aa", [][]string{{"18.3"}}},
		{"older than that", "16.4.0", "15.0.0-aa", [][]string{{"runs Teleport 16.4.0", "needs 17 or newer", "the cluster has to be upgraded"}}},
		{"two majors ahead", "20.0.1", "19.0.0-aa", [][]string{{"20.0.1", "from 19 on", "18.8.0", "upgrade tshmcp"}}},
		{"two majors ahead, minimum not told", "20.0.1", "", [][]string{{"20.0.1", "from 19 on", "18.8.0"}}},
		{"minimum raised within the major", "18.9.9", "18.9.0", [][]string{{"18.9.9", "from 18.9 on", "18.8.0"}}},
		{"with a v", "v18.8.0", "v17.0.0", nil},
		{"no version", "", "", [][]string{{"18.8.0"}}},
		{"not a version", "dev\x1b[31m", "", [][]string{{`"dev"`, "18.8.0"}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := CheckVersion(tc.server, tc.minClient)
			if len(got) != len(tc.want) {
				t.Fatalf("warnings %q; want %d", got, len(tc.want))
			}
			for i, parts := range tc.want {
				for _, part := range parts {
					if !strings.Contains(got[i], part) {
						t.Errorf("warning %q lacks %q", got[i], part)
					}
				}
			}
		})
	}
}

func TestSupportsMCP(t *testing.T) {
	for version, want := range map[string]bool{
		"18.3.0": true, "18.3.0-rc.1": true, "18.8.0": true, "19.0.0-alpha.1": true, "v18.3": true,
		"18.2.9": false, "18.0.0": false, "17.7.7": false, "": false, "dev": false,
	} {
		if got := supportsMCP(version); got != want {
			t.Errorf("%q: %v; want %v", version, got, want)
		}
	}
}
