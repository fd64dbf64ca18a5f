// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// checkPrinted prints a finding in a window.
func checkPrinted(t *testing.T, f Finding, width int, want string) {
	t.Helper()
	var b strings.Builder
	w := plain.NewWriter(&b)
	w.Width = width
	if err := f.Print(w); err != nil || b.String() != want {
		t.Errorf("%d: %v\n%s", width, err, b.String())
	}
}

// In a narrow window what mends something stands where its text does, in one piece.
func TestPrintNarrow(t *testing.T) {
	f := Finding{Step: "clients", State: Warning, Text: "no MCP client has an entry for notes", Command: "tshmcp config notes", Hint: "it asks"}
	for width, want := range map[int]string{
		40: "warning  clients\n    no MCP client has an entry for notes\n    run: tshmcp config notes\n    it asks\n",
		80: "warning  clients        no MCP client has an entry for notes\n                        run: tshmcp config notes\n                        it asks\n",
		0:  "warning  clients        no MCP client has an entry for notes\n                        run: tshmcp config notes\n                        it asks\n",
	} {
		checkPrinted(t, f, width, want)
	}
}

// A hint that begins like a command is a sentence: it is wrapped as such, and has no
// backslashes, with which a command goes on.
func TestPrintSentence(t *testing.T) {
	f := Finding{Step: "app", State: Failed, Text: "no", Hint: "tshmcp ls shows what you may use"}
	for width, want := range map[int]string{
		40: "failed   app\n    no\n    tshmcp ls shows what you may use\n",
		50: "failed   app            no\n                        tshmcp ls shows what you\n                            may use\n",
	} {
		checkPrinted(t, f, width, want)
	}
}
