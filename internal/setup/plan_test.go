// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

func TestDiff(t *testing.T) {
	p := Plan{
		Target: Target{File: "/home/a/mcp.json"},
		Planned: clientcfg.Planned{
			Before: []byte("{\n  \"a\": 1,\n}\n"),
			After:  []byte("{\n  \"a\": 1,\n  \"b\": 1\n}"),
		},
	}
	const want = `--- /home/a/mcp.json
+++ /home/a/mcp.json
@@ -1,3 +1,4 @@
 {
   "a": 1,
-}
+  "b": 1
+}
\ No newline at end of file
`
	if got := p.Diff(); got != want || !p.Changes() {
		t.Errorf("got\n%s", got)
	}
	p.Before = nil
	const created = `--- /dev/null
+++ /home/a/mcp.json
@@ -0,0 +1,4 @@
+{
+  "a": 1,
+  "b": 1
+}
\ No newline at end of file
`
	if got := p.Diff(); got != created {
		t.Errorf("a new file: got\n%s", got)
	}
	if p.Before = p.After; p.Changes() {
		t.Error("changes without any")
	}
}
