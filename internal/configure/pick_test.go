// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package configure

import (
	"testing"

	"github.com/tshmcp/tshmcp/internal/setup"
)

// The command line that repeats what was picked has the flags that were given, and
// the clients that were picked in place of those that were named.
func TestSameCommand(t *testing.T) {
	s := newStage(t, "{}")
	s.Clients = "cursor,codex"
	s.Given = []string{"--client-config=old", "--dry-run", "--header=X: a b"}
	want := "tshmcp config notes wiki --client-config=cursor,codex --dry-run '--header=X: a b'"
	if got := s.sameCommand([]setup.Server{{Name: "notes"}, {Name: "wiki"}}); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}
