// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import "testing"

const diffOnTerminal = `--- /home/a/mcp.json
+++ /home/a/mcp.json
@@ -1,3 +1,4 @@
 {
     "a": " [2Jx",
-}
+  "b": 1
+}
\ No newline at end of file
`

func TestDiff(t *testing.T) {
	const text = "--- /home/a/mcp.json\n+++ /home/a/mcp.json\n@@ -1,3 +1,4 @@\n {\n \t\"a\": \"\x1b[2Jx\",\n-}\n+  \"b\": 1\n+}\n\\ No newline at end of file\n"
	const coloured = "\x1b[1m--- /home/a/mcp.json\x1b[0m\n\x1b[1m+++ /home/a/mcp.json\x1b[0m\n\x1b[36m@@ -1,3 +1,4 @@\x1b[0m\n" +
		" {\n     \"a\": \" [2Jx\",\n\x1b[31m-}\x1b[0m\n\x1b[32m+  \"b\": 1\x1b[0m\n\x1b[32m+}\x1b[0m\n\\ No newline at end of file\n"
	if got := Diff(text, false); got != diffOnTerminal {
		t.Errorf("got\n%q", got)
	}
	if got := Diff(text, true); got != coloured {
		t.Errorf("with colours: got\n%q\nwant\n%q", got, coloured)
	}
}
