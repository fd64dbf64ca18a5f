// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"strings"
	"testing"
)

// TestRecords: where what must be whole has no room in a table, each row is lines of its
// own, none of them wider than the window, and nothing is missing.
func TestRecords(t *testing.T) {
	write := func(width int, colours bool) (string, bool) {
		var out strings.Builder
		w := NewWriter(&out)
		w.Window = Window{Terminal: true, Width: width, Colours: colours}
		table := NewTable(w, "", "PROXY", "STATE", "APPS")
		table.Whole("PROXY", "STATE")
		table.Tall()
		table.Colour("STATE", func(string) Colour { return Green })
		table.Row("*", "teleport.long-name.example.com:443", "ok", "one, two, three, four, five")
		table.Row("", "図表.example.com", "expired", "")
		if err := table.Flush(); err != nil {
			t.Fatal(err)
		}
		return out.String(), table.Cut()
	}
	for width, want := range map[int]string{
		40: `* PROXY  teleport.long-name.example.com:
         443
  STATE  ok
  APPS   one, two, three, four, five

  PROXY  図表.example.com
  STATE  expired
`,
		24: `* PROXY  teleport.long-n
         ame.example.com
         :443
  STATE  ok
  APPS   one, two,
         three, four,
         five

  PROXY  図表.example.co
         m
  STATE  expired
`,
		12: `* PROXY
    teleport
    .long-na
    me.examp
    le.com:4
    43
  STATE
    ok
  APPS
    one,
    two,
    three,
    four,
    five

  PROXY
    図表.exa
    mple.com
  STATE
    expired
`,
	} {
		if got, cut := write(width, false); got != want || cut {
			t.Errorf("%d: cut %v\n%s", width, cut, got)
		}
	}
	if got, _ := write(40, true); !strings.Contains(got, "STATE  \x1b[32mok\x1b[0m\n") {
		t.Errorf("without its colour: %q", got)
	}
	for width := 1; width < 45; width++ {
		got, _ := write(width, false)
		for line := range strings.Lines(got) {
			if width >= 12 && Width(strings.TrimSuffix(line, "\n")) > width {
				t.Errorf("%d: %q is wider", width, line)
			}
		}
	}
}
