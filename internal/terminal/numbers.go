// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// chooseByNumber is Choose for a terminal that shows lines.
func (s Screen) chooseByNumber(ctx context.Context, m menu) ([]int, error) {
	fmt.Fprintf(s.Out, "%s:\n", m.title)
	for i, item := range m.items {
		line := fmt.Sprintf("  %d. %s", i+1, item.Label)
		if item.Note != "" {
			line += " (" + item.Note + ")"
		}
		fmt.Fprintln(s.Out, line)
	}
	for {
		fmt.Fprint(s.Out, "Numbers separated by commas, or \"all\" (Enter alone cancels): ")
		line, err := s.typed(ctx)
		if err != nil {
			return nil, err
		}
		if line == "" {
			return nil, ErrLeft
		}
		if chosen, ok := numbers(line, len(m.items)); ok {
			return chosen, nil
		}
		fmt.Fprintf(s.Out, "That is not a list of numbers from 1 to %d.\n", len(m.items))
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

// numbers reads "1,3" or "all" as indices below n, each once and in order.
func numbers(line string, n int) ([]int, bool) {
	meant := make([]bool, n)
	for _, word := range strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' }) {
		if strings.EqualFold(word, "all") {
			for i := range meant {
				meant[i] = true
			}
			continue
		}
		number, err := strconv.Atoi(word)
		if err != nil || number < 1 || number > n {
			return nil, false
		}
		meant[number-1] = true
	}
	var all []int
	for i, yes := range meant {
		if yes {
			all = append(all, i)
		}
	}
	return all, len(all) > 0
}
