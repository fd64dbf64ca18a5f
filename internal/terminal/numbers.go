// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// chooseByNumber is Choose for a terminal that shows lines. What is marked already
// stays as it is, unless it is named.
func (s Screen) chooseByNumber(ctx context.Context, m menu) ([]Item, error) {
	fmt.Fprintf(s.Out, "%s:\n", m.title)
	s.listNumbers(m.items, "")
	for {
		fmt.Fprint(s.Out, "Numbers separated by commas, or \"all\" (Enter alone cancels): ")
		line, err := s.typed(ctx)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return nil, ErrLeft
		}
		if filter, ok := strings.CutPrefix(line, "/"); ok {
			s.listNumbers(m.items, filter)
			continue
		}
		if chosen, ok := numbers(line, len(m.items)); ok {
			return marked(m.items, chosen), nil
		}
		fmt.Fprintf(s.Out, "That is not a list of numbers from 1 to %d.\n\"2,5-7\" is one; \"/word\" shows what has that word in it.\n", len(m.items))
	}
}

// marked are the items with marks for those of the numbers.
func marked(items []Item, chosen []int) []Item {
	items = slices.Clone(items)
	for i := range items {
		chosen := slices.Contains(chosen, i)
		items[i].Partly = !chosen && (items[i].Chosen || items[i].Partly)
		items[i].Chosen = chosen
	}
	return items
}

// listNumbers lists the items that have a text in them.
func (s Screen) listNumbers(items []Item, filter string) {
	for i, item := range items {
		line := fmt.Sprintf("  %d. %s", i+1, item.Label)
		notes := item.Note
		if item.Kept != "" {
			notes = strings.TrimSuffix(item.Kept+"; "+notes, "; ")
		}
		if notes != "" {
			line += " (" + notes + ")"
		}
		if item.has(filter) {
			fmt.Fprintln(s.Out, line)
		}
	}
}

// typed is a line that a person types, ErrLeft at the end of the input.
func (s Screen) typed(ctx context.Context) (string, error) {
	line, err := ReadLine(ctx, s.In)
	if err != nil {
		fmt.Fprintln(s.Out)
	}
	if errors.Is(err, io.EOF) {
		err = ErrLeft
	}
	return strings.TrimSpace(line), err
}

// numbers reads "1,3-5" or "all" as indices below n, each once and in order.
func numbers(line string, n int) ([]int, bool) {
	meant := make([]bool, n)
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' }) {
		first, last, ok := numberRange(word, n)
		if !ok {
			return nil, false
		}
		for i := first; i <= last; i++ {
			meant[i-1] = true
		}
	}
	var all []int
	for i, yes := range meant {
		if yes {
			all = append(all, i)
		}
	}
	return all, len(all) > 0
}

// numberRange reads "3", "3-5" or "all" as numbers from 1 to n.
func numberRange(word string, n int) (first, last int, ok bool) {
	if strings.EqualFold(word, "all") {
		return 1, n, true
	}
	from, to, isRange := strings.Cut(word, "-")
	if !isRange {
		to = from
	}
	first, err := strconv.Atoi(from)
	last, errLast := strconv.Atoi(to)
	return first, last, err == nil && errLast == nil && 1 <= first && first <= last && last <= n
}
