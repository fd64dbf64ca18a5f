// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// TestLongDiff scrolls a diff to its end and back, in windows of several sizes.
func TestLongDiff(t *testing.T) {
	var diff strings.Builder
	for i := range 100 {
		fmt.Fprintf(&diff, "+line %d %s\n", i, strings.Repeat("漢x", i%40))
	}
	for _, width := range []int{10, 40, 80} {
		for _, height := range []int{3, 10, 24} {
			c := confirmation{question: "Write this file?", diff: diff.String()}.resized(width, height)
			seen := map[string]bool{}
			for last := -1; c.top != last; {
				last = c.top
				lines := strings.Split(c.view().text, "\n")
				for _, line := range lines {
					if plain.Width(line) >= width {
						t.Fatalf("%dx%d: %q is as wide as the window", width, height, line)
					}
				}
				if len(lines) > max(height, 8) {
					t.Fatalf("%dx%d: %d lines", width, height, len(lines))
				}
				for _, line := range lines[:c.room()] {
					seen[line] = true
				}
				c = pressed(c, "pgdown")
			}
			for _, line := range diffLines(diff.String(), width-1, false) {
				if !seen[line] {
					t.Fatalf("%dx%d: %q is never seen", width, height, line)
				}
			}
			if c = pressed(c, "home", "down", "down", "up"); c.top != 1 {
				t.Errorf("%dx%d: at %d", width, height, c.top)
			}
			if c = pressed(c, "enter"); c.ended {
				t.Error("Enter is no answer")
			}
			if c = pressed(c, "y"); !c.yes {
				t.Error("y is a yes")
			}
		}
	}
}

// TestBrokenLines: nothing of a line that is broken is lost.
func TestBrokenLines(t *testing.T) {
	const line = "+ 漢字 and more 👩\u200d👧 of it, ééé"
	for width := -1; width < 40; width++ {
		parts := broken(line, width)
		if strings.Join(parts, "") != line {
			t.Errorf("%d: %q", width, parts)
		}
		for _, part := range parts {
			if width > 2 && plain.Width(part) > width {
				t.Errorf("%d: %q is %d wide", width, part, plain.Width(part))
			}
		}
	}
}
