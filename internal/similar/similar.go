// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package similar finds the names that somebody who mistyped one may have meant.
package similar

import (
	"sort"
	"strings"
)

const (
	// most is how many names are offered.
	most = 3
	// longest is the longest name, in bytes, that is compared letter by letter:
	// names come from elsewhere.
	longest = 128
)

// To returns the names that are like the one that was typed, the most similar
// first, three at most: one edit away, or two where that is less than half of it, or
// one of at least three letters inside the other, or what a name begins with. Two letters
// that changed places are one edit. Upper and lower case are the same.
func To(typed string, names []string) []string {
	type candidate struct {
		name  string
		edits int
	}
	var all []candidate
	for _, name := range names {
		if edits, ok := edits(strings.ToLower(typed), strings.ToLower(name)); ok {
			all = append(all, candidate{name, edits})
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].edits < all[j].edits })
	var best []string
	for _, c := range all[:min(len(all), most)] {
		best = append(best, c.name)
	}
	return best
}

// Hint is the question whether one of the names was meant, none without names.
func Hint(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	return []string{"did you mean " + strings.Join(names, " or ") + "?"}
}

// edits is how far two names are apart, if they are similar at all.
func edits(a, b string) (n int, similar bool) {
	switch {
	case a == "" || b == "" || len(a) > longest || len(b) > longest:
		return 0, false
	case len(a)-len(b) > 2 || len(b)-len(a) > 2:
	default:
		if n = distance(a, b); n == 1 && max(len(a), len(b)) > 1 || n <= 2 && 2*n < max(len(a), len(b)) {
			return n, true
		}
	}
	inside := min(len(a), len(b)) >= 3 && (strings.Contains(a, b) || strings.Contains(b, a)) || len(a) == 2 && strings.HasPrefix(b, a)
	return 2 + max(len(a), len(b)), inside
}

// distance is the Levenshtein distance in bytes, where two that changed places count
// once.
func distance(a, b string) int {
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range len(a) {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range len(b) {
			cost := last[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, row[j]+1, last[j+1]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
