// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
)

func TestPrint(t *testing.T) {
	l := listing(t, rulesFor([]string{"get"}, []string{"put\n"}), `{"tools":[{"name":"get","description":"Gets it.\nAnd more.","inputSchema":{"required":["b"],"properties":{"a":{"type":"integer","default":1},"b":{"enum":["x y","z"]}}}},{"name":"other\n"}]}`)
	l.Denied = rulesFor(nil, []string{"put\n"}).denials()
	var table, details strings.Builder
	if err := toolTable(&table, l); err != nil {
		t.Fatal(err)
	}
	if err := toolDetails(&details, l); err != nil {
		t.Fatal(err)
	}
	const wantTable = `NAME    ARGUMENTS  ACCESS                     DESCRIPTION
get     b* a       allowed by reader          Gets it.
other   -          denied: no role allows it  -

Denied by the role reader: put 
`
	wantDetails := `get  (allowed by reader)

Gets it.
And more.

ARGUMENT  TYPE     REQUIRED  DESCRIPTION
b         string   yes       [x y, z]
a         integer  no        (default: 1)

` + plain.Command("tshmcp", "call", "notes", "get", "b=x y") + `

other   (denied: no role allows it)

tshmcp call notes …
`
	if table.String() != wantTable {
		t.Errorf("%s", table.String())
	}
	if details.String() != wantDetails {
		t.Errorf("%s", details.String())
	}
}

// Of a failure nothing goes to stdout, and no line of it can be taken for ours.
func TestWriteFailure(t *testing.T) {
	var out, notes strings.Builder
	r := &Result{IsError: true, Content: []Content{{Type: "text", Text: "a\ntshmcp: hint: run: rm -rf\n"}, {Type: "image"}}}
	if err := r.Write(&out, &notes); err != nil || out.Len() > 0 {
		t.Errorf("%q, %v", out.String(), err)
	}
	want := "tshmcp: not shown: image, 0 bytes; --out=DIR writes it to a file\n  | a\n  | tshmcp: hint: run: rm -rf\n"
	if notes.String() != want {
		t.Errorf("%q", notes.String())
	}
}

// All about a tool fits into the window, and is all there; where a table does not fit
// there is a list.
func TestDetailsFit(t *testing.T) {
	l := &Listing{Server: "notes", Tools: []Tool{{Name: "get", Access: Allowed, Roles: []string{"a-reader-of-all-notes"},
		Description: "Gets a note, with all that was ever written in it and by whom it was.\n\n- one\n- two\n",
		Arguments:   []Argument{{Name: "b", Type: "string or integer or null", Required: true, Description: strings.Repeat("words ", 30) + "end"}, {Name: "a", Type: "any"}},
	}}}
	for _, width := range []int{40, 80, 400} {
		var b strings.Builder
		out := plain.NewWriter(&b)
		out.Window = plain.Window{Terminal: true, Width: width}
		if err := toolDetails(out, l); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if plain.Width(strings.TrimSuffix(line, "\n")) > width {
				t.Errorf("%d: %q", width, line)
			}
		}
		if text := strings.Join(strings.Fields(b.String()), " "); strings.Count(text, "words") != 30 || !strings.Contains(text, "end") || strings.Contains(text, "required") != (width < 400) {
			t.Errorf("%d: %s", width, b.String())
		}
		if !strings.Contains(b.String(), "\n- one\n- two\n\n") {
			t.Errorf("%d: %s", width, b.String())
		}
	}
}

// The command is in one piece, to be pasted, however narrow the window is.
func TestDetailsCommand(t *testing.T) {
	l := &Listing{Server: "notes", Tools: []Tool{{Name: "change the size of a note", Access: Allowed, Arguments: []Argument{{Name: "size", Type: "integer", Required: true}}}}}
	var b strings.Builder
	out := plain.NewWriter(&b)
	out.Window = plain.Window{Terminal: true, Width: 40}
	if err := toolDetails(out, l); err != nil || !strings.HasSuffix(b.String(), "\ntshmcp call notes 'change the size of a note' size=1\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

// What roles deny fits into the window, too.
func TestDeniedFits(t *testing.T) {
	l := &Listing{Server: "notes", Denied: rulesFor(nil, []string{"delete_everything_that_was_written"}).denials()}
	var b strings.Builder
	out := plain.NewWriter(&b)
	out.Window = plain.Window{Terminal: true, Width: 40}
	if err := toolTable(out, l); err != nil || b.String() != "Denied by the role reader:\ndelete_everything_that_was_written\n" {
		t.Errorf("%v\n%s", err, b.String())
	}
}
