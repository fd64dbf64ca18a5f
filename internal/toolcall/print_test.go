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
