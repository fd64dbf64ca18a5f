// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// drawnIn is a window with the picture of a view in it, below two lines of others.
func drawnIn(t *testing.T, width, height int) (*vt, *picture) {
	v := newVT(t, width, height)
	v.write("$ tshmcp config\r\n")
	return v, &picture{}
}

// TestFrames: after each frame the window has what was there before, and the view, also
// where that has more or fewer lines than the view before it, or more than the window.
func TestFrames(t *testing.T) {
	views := []string{
		"title\n> a\n  b\n  c\nhelp\n", "title\n  a\n> b\n  c\nhelp\n", "title\n/ x\nnothing\nhelp\n", "title\n", "one",
		strings.Repeat("line\n", 30), "漢字 wide\ne\u0301 é\n👩 b\n", "", "title\n\n\n\nx", "\x1b[1mbold\x1b[0m\nplain\n",
	}
	for _, height := range []int{1, 2, 5, 24} {
		v, p := drawnIn(t, 20, height)
		for _, a := range views {
			for _, b := range views {
				for _, text := range []string{a, b} {
					v.write(p.next(view{text: text}, height))
					want := strings.Split(strings.NewReplacer("\x1b[1m", "", "\x1b[0m", "").Replace(text), "\n")
					want = want[:min(len(want), height)]
					got := v.lines()
					got = append(got, slices.Repeat([]string{""}, v.height-len(got))...)[v.y:]
					if !slices.Equal(got[:len(want)], want) || strings.Join(got[len(want):], "") != "" {
						t.Fatalf("%d lines, %q after %q: the window has\n%s", height, b, a, v.text())
					}
					if v.modes["?25"] || !v.modes["?2004"] {
						t.Fatalf("modes %v", v.modes)
					}
				}
			}
		}
		all := slices.Concat(v.above, v.lines())
		if all[0] != "$ tshmcp config" || slices.Contains(v.above, "title") {
			t.Errorf("%d lines: scrolled to\n%q", height, all)
		}
		v.write(p.next(view{text: "done\n"}, height) + p.end())
		v.restored()
		v.write("$ ")
		if got := slices.Concat(v.above, v.lines()); !slices.Equal(got[len(got)-2:], []string{"done", "$"}) {
			t.Errorf("%d lines: at the end\n%q", height, got)
		}
	}
}

// TestFramesAreSmall: what has not changed is not written again.
func TestFramesAreSmall(t *testing.T) {
	var p picture
	text := func(at int) view {
		var lines []string
		for i := range 20 {
			mark := " "
			if i == at {
				mark = ">"
			}
			lines = append(lines, fmt.Sprintf("%s server-%02d", mark, i))
		}
		return view{text: strings.Join(lines, "\n") + "\n"}
	}
	p.next(text(3), 24)
	frame := p.next(text(4), 24)
	if strings.Count(frame, "server-") != 2 || strings.Contains(frame, eraseBelow) {
		t.Errorf("%q", frame)
	}
	if frame := p.next(text(4), 24); strings.Contains(frame, "server-") {
		t.Errorf("%q", frame)
	}
}

// TestFrameResized: after a change of the window there is one picture in it, and what
// stood above is still there.
func TestFrameResized(t *testing.T) {
	v, p := drawnIn(t, 40, 10)
	show := func() {
		line := strings.Repeat("x", v.width-1)
		v.write(p.next(view{text: "title\n" + line + "\n" + line + "\nhelp\n"}, v.height))
		want := []string{"title", line, line, "help"}
		want = want[:min(len(want), v.height)]
		if got := v.lines(); v.y+len(want) != len(got) || !slices.Equal(got[v.y:], want) {
			t.Fatalf("%dx%d:\n%s", v.width, v.height, v.text())
		}
		if all := slices.Concat(v.above, v.lines()); all[0] != "$ tshmcp config" || strings.Count(strings.Join(all, "\n"), "title") != 1 {
			t.Fatalf("%dx%d: %q", v.width, v.height, all)
		}
	}
	show()
	for _, size := range [][2]int{{20, 10}, {60, 10}, {60, 5}, {20, 3}, {80, 24}, {10, 2}, {40, 10}} {
		v.resize(size[0], size[1])
		p.outdated = true
		show()
	}
}

// TestFrameWide: a line that the terminal takes for wider than it is here goes on to no
// other.
func TestFrameWide(t *testing.T) {
	v, p := drawnIn(t, 10, 5)
	v.write(p.next(view{text: "title\nwider than the window is\nhelp\n"}, 5))
	if got := v.lines(); len(got) != 4 || got[3] != "help" {
		t.Errorf("%q", got)
	}
}

// TestFrameAlone: what is shown by itself leaves nothing behind.
func TestFrameAlone(t *testing.T) {
	for _, last := range []string{"", "stays\n"} {
		v, p := drawnIn(t, 20, 5)
		long := view{text: "1\n2\n3\n4\n5", alone: true}
		v.write(p.next(long, 5))
		if v.text() != "1\n2\n3\n4\n5" {
			t.Errorf("%s", v.text())
		}
		v.resize(20, 3)
		p.outdated = true
		v.write(p.next(long, 3))
		if v.text() != "1\n2\n3" {
			t.Errorf("%s", v.text())
		}
		v.resize(20, 5)
		p.outdated = true
		if last != "" {
			v.write(p.next(view{text: last}, 5))
		}
		v.write(p.end())
		v.restored()
		if want := strings.TrimSuffix("$ tshmcp config\n"+last, "\n"); v.text() != want || len(v.above) > 0 {
			t.Errorf("%q, want %q", v.text(), want)
		}
	}
	var none picture
	if got := none.end(); got != "" {
		t.Errorf("a terminal that was told nothing is told %q", got)
	}
}
