// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what was measured, as medians, ratios, and lines for benchstat.

//go:build bench

package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// A unit is how benchstat calls a figure, and how people read it.
type unit string

const (
	nanoseconds unit = "ns/op"
	rate        unit = "calls/s"
	resident    unit = "RSS-bytes"
	private     unit = "private-bytes"
	pss         unit = "PSS-bytes"
	size        unit = "file-bytes"
	wakeups     unit = "wakeups/s"
	sockets     unit = "sockets"
)

func (u unit) format(v float64) string {
	switch {
	case u == nanoseconds && v >= 100e6:
		return fmt.Sprintf("%.0f ms", v/1e6)
	case u == nanoseconds && v >= 10e6:
		return fmt.Sprintf("%.1f ms", v/1e6)
	case u == nanoseconds:
		return fmt.Sprintf("%.2f ms", v/1e6)
	case strings.HasSuffix(string(u), "-bytes"):
		return fmt.Sprintf("%.1f MB", v/1e6)
	case u == rate, u == sockets:
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}

// A series is one figure of one program, of all its turns.
type series struct {
	row, name string
	unit      unit
	values    []float64
}

// records are all figures, in the order in which they were first measured.
type records struct {
	all   []*series
	lines io.Writer // for benchstat, one line a figure
}

// add notes a figure of a turn. name is the program, or a step of a growth as key=value.
func (r *records) add(row, name string, u unit, value float64) {
	s := r.find(row, name, u)
	if s == nil {
		s = &series{row: row, name: name, unit: u}
		r.all = append(r.all, s)
	}
	s.values = append(s.values, value)
	if !strings.Contains(name, "=") {
		name = "peer=" + name
	}
	fmt.Fprintf(r.lines, "Benchmark%s/%s 1 %.6g %s\n", row, name, value, u)
}

func (r *records) find(row, name string, u unit) *series {
	for _, s := range r.all {
		if s.row == row && s.name == name && s.unit == u {
			return s
		}
	}
	return nil
}

// median is the figure of all turns, as people read it; "-" if there is none.
func (r *records) median(row, name string, u unit) string {
	s := r.find(row, name, u)
	if s == nil {
		return "-"
	}
	return u.format(median(s.values))
}

// ratio is the median of the ratios turn by turn: what disturbs this machine for a
// while disturbs both.
func (r *records) ratio(row, name, other string, u unit) string {
	a, b := r.find(row, name, u), r.find(row, other, u)
	if a == nil || b == nil {
		return "-"
	}
	ratios := make([]float64, min(len(a.values), len(b.values)))
	for i := range ratios {
		ratios[i] = a.values[i] / b.values[i]
	}
	return fmt.Sprintf("%.2fx", median(ratios))
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		in   []float64
		want float64
	}{{[]float64{3}, 3}, {[]float64{5, 1, 3}, 3}, {[]float64{4, 1, 3, 2}, 2.5}} {
		if got := median(c.in); got != c.want {
			t.Errorf("median(%v) = %v, want %v", c.in, got, c.want)
		}
	}
}

func TestRecords(t *testing.T) {
	var lines strings.Builder
	r := &records{lines: &lines}
	for _, turn := range [][2]float64{{2e6, 1e6}, {30e6, 10e6}, {4e6, 1e6}} { // the second turn was disturbed
		r.add("Call", "a", nanoseconds, turn[0])
		r.add("Call", "b", nanoseconds, turn[1])
	}
	if got := r.ratio("Call", "a", "b", nanoseconds); got != "3.00x" {
		t.Errorf("the ratio is %s", got)
	}
	if got := r.median("Call", "a", nanoseconds); got != "4.00 ms" {
		t.Errorf("the median is %s", got)
	}
	if got := r.median("Call", "c", nanoseconds) + r.ratio("Call", "a", "c", nanoseconds); got != "--" {
		t.Errorf("what was not measured is %s", got)
	}
	if want := "BenchmarkCall/peer=a 1 2e+06 ns/op\nBenchmarkCall/peer=b 1 1e+06 ns/op\n"; !strings.HasPrefix(lines.String(), want) {
		t.Errorf("the lines are\n%s", lines.String())
	}
}
