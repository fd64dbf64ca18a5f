// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"fmt"
	"strings"
	"testing"
)

// TestTable holds that no cell makes another cell or row.
func TestTable(t *testing.T) {
	var out strings.Builder
	table := NewTable(NewWriter(&out), "", "NAME", "TEXT")
	table.Row("*", "a\tb", "c\nd")
	table.Row("", "\u200b", "x")
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "   NAME  TEXT\n*  a b   c d\n   -     x\n"; got != want {
		t.Errorf("got\n%s", got)
	}
}

// cells are texts whose characters, bytes and cells are different in number.
var cells = []string{"grafana-mcp", "本番環境のダッシュボード", "👩‍👩‍👧‍👦 family", "e\u0301a\u0308o\u0302 combined", "ﾊﾝｶｸ", "streamable-http", "🇩🇪 flag", strings.Repeat("long ", 40), "नमस्ते"}

// drawn is a table in a window, and whether it was cut.
func drawn(t *testing.T, window Window, spare ...string) (string, bool) {
	t.Helper()
	var out strings.Builder
	w := NewWriter(&out)
	w.Window = window
	table := NewTable(w, "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "LABELS")
	table.Spare(spare...)
	table.Colour("TYPE", func(cell string) Colour {
		if cell == "streamable-http" {
			return Green
		}
		return NoColour
	})
	for i := range cells {
		row := []string{fmt.Sprintf("server-%02d", i)}
		for j := range 4 {
			row = append(row, cells[(i+j*j)%len(cells)])
		}
		table.Row(row...)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	return out.String(), table.Cut()
}

// TestTableFits: nothing is wider than the window, whatever script it is in; the
// columns stay below each other; names are whole as long as they can be.
func TestTableFits(t *testing.T) {
	for _, width := range []int{1, 5, 10, 20, 40, 60, 80, 120, 5000} {
		text, cut := drawn(t, Window{Width: width})
		for _, line := range strings.Split(text, "\n") {
			if Width(line) > width {
				t.Errorf("%d: %d cells: %q", width, Width(line), line)
			}
			if width >= 20 && line != "" && !strings.HasPrefix(line, "NAME") && !strings.HasPrefix(line, "server-0") {
				t.Errorf("%d: a name was cut: %q", width, line)
			}
		}
		if cut != (width < 5000) {
			t.Errorf("%d: cut %t", width, cut)
		}
		if width == 5000 && strings.Contains(text, "…") {
			t.Errorf("cut where there is room:\n%s", text)
		}
	}
	whole, _ := drawn(t, Window{Width: 5000})
	if pipe, cut := drawn(t, Window{}); pipe != whole || cut {
		t.Errorf("in a pipe:\n%s", pipe)
	}
}

func TestTableSpares(t *testing.T) {
	text, _ := drawn(t, Window{Width: 40}, "TYPE", "LABELS")
	if head, _, _ := strings.Cut(text, "\n"); strings.Join(strings.Fields(head), " ") != "NAME DESCRIPTION ALLOWED TOOLS" {
		t.Errorf("shown: %s", head)
	}
}

// TestTableColours: colours are beside the text, and only where they are wanted.
func TestTableColours(t *testing.T) {
	text, _ := drawn(t, Window{Width: 5000, Colours: true})
	without := strings.NewReplacer(string(Green), "", "\x1b[0m", "").Replace(text)
	if plain, _ := drawn(t, Window{Width: 5000}); without != plain || !strings.Contains(text, string(Green)+"streamable-http\x1b[0m") {
		t.Errorf("with colours:\n%q", text)
	}
}

// TestTableWhole: columns that say little when they are cut stay whole, while others can
// be left out for them.
func TestTableWhole(t *testing.T) {
	const until = "2026-11-26 23:40 UTC (in 11h59m)"
	for width, want := range map[int]string{
		100: "teleport.example.com  alice  " + until + "  one,two,three\n",
		70:  "teleport.example.com  alice  " + until + "\n",
		60:  "teleport.example.com  " + until + "\n",
		54:  "teleport.example.com  " + until + "\n",
		53:  "teleport.example.com  alice  2026-11-26…  one,two,th…\n",
	} {
		var out strings.Builder
		w := NewWriter(&out)
		w.Window = Window{Terminal: true, Width: width}
		table := NewTable(w, "PROXY", "USER", "VALID UNTIL", "APPS")
		table.Spare("APPS", "USER")
		table.Whole("PROXY", "USER", "VALID UNTIL")
		table.Row("teleport.example.com", "alice", until, "one,two,three")
		if err := table.Flush(); err != nil || !strings.HasSuffix(out.String(), want) {
			t.Errorf("%d: %v\n%s", width, err, out.String())
		}
	}
}

// TestTableLongName: a name that is typed is whole where others have room beside it, and
// one that is very long does not take the other columns from all rows.
func TestTableLongName(t *testing.T) {
	for name, want := range map[string]string{
		strings.Repeat("n", 56): strings.Repeat("n", 56) + "  what it does",
		strings.Repeat("n", 77): "n…  what it do…  env=prod,…",
	} {
		var out strings.Builder
		w := NewWriter(&out)
		w.Window = Window{Terminal: true, Width: 80}
		table := NewTable(w, "NAME", "DESCRIPTION", "LABELS")
		table.Spare("LABELS")
		table.Whole("NAME")
		table.Row(name, "what it does", "env=prod,team=platform")
		if err := table.Flush(); err != nil || !strings.Contains(out.String(), want+"\n") {
			t.Errorf("%v\n%s, want %s", err, out.String(), want)
		}
	}
}
