// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package format

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/usage"
)

func TestPrinter(t *testing.T) {
	text := func(w io.Writer, n int) error { _, err := fmt.Fprintf(w, "n is %d\n", n); return err }
	bare := Layout[int]{Name: "bare", Print: func(w io.Writer, n int) error { _, err := fmt.Fprint(w, n); return err }}
	for named, want := range map[string]string{"text": "n is 3\n", "json": "3\n", "yaml": "3\n", "bare": "3"} {
		print, err := Printer(named, text, bare)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := print(&b, 3); err != nil || b.String() != want {
			t.Errorf("--format=%s writes %q, %v; want %q", named, b.String(), err, want)
		}
	}
}

// A format that there is not is a mistake on the command line, which names those
// that there are, and what may have been meant.
func TestPrinterUnknown(t *testing.T) {
	_, err := Printer("jsno", func(io.Writer, int) error { return nil }, Layout[int]{Name: "wide"})
	var wrong *usage.Error
	if !errors.As(err, &wrong) || wrong.Error() != `--format takes text, json, yaml or wide, not "jsno"` {
		t.Fatalf("%v", err)
	}
	if hints := strings.Join(wrong.Hints(), "\n"); !strings.Contains(hints, "json") {
		t.Errorf("hints %q do not say what may have been meant", hints)
	}
}
