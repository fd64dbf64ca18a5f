// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"slices"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/setup"
)

// The command line that repeats what was picked has the flags that were given, and
// the clients that were picked in place of those that were named.
func TestSameCommand(t *testing.T) {
	s := newStage(t, "{}")
	given := []string{"--client-config=old", "--dry-run", "--header=X: a b"}
	cursor, codex := setup.Target{Client: clientcfg.Client{ID: "cursor"}}, setup.Target{File: "/a b.json"}
	all := []setup.Server{{Name: "notes"}, {Name: "wiki"}}
	p := &setup.Planner{Machine: s.Machine, Cluster: setup.Cluster{Proxy: "a.test:443", Leaf: "leaf"}}
	for _, tt := range []struct {
		picked
		want []string
	}{
		{picked{setup.Jobs([]setup.Target{cursor, codex}, all), all, nil},
			[]string{"tshmcp config notes wiki '--client-config=cursor,/a b.json' --dry-run '--header=X: a b'"}},
		{picked{[]setup.Job{{Target: cursor, Drop: []string{"wiki"}}}, nil, []string{"wiki"}},
			[]string{"tshmcp config --remove wiki --client-config=cursor --proxy=a.test:443 --cluster=leaf"}},
		{picked{}, nil},
	} {
		if got := tt.commands(p, given); !slices.Equal(got, tt.want) {
			t.Errorf("%q\nwant %q", got, tt.want)
		}
	}
}
