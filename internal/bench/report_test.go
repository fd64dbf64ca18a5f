// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the tables of docs/performance.md.

//go:build bench

package bench

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The marks between which docs/performance.md is written by this program.
const (
	beginMark = "<!-- bench -->\n"
	endMark   = "<!-- /bench -->\n"
)

// sides are the rows of the table of all programs: which figure, and which program
// is the limit.
var sides = []struct {
	title, row string
	unit       unit
	limit      string
}{
	{"process start and `initialize`", "Start", nanoseconds, relay},
	{"a call", "Call", nanoseconds, plain},
	{"calls/s, 32 in flight", "Flight32", rate, plain},
	{"a result of 1 MB", "Result1MB", nanoseconds, plain},
	{"a result of 9 MB", "Result9MB", nanoseconds, plain},
	{"resident memory", "Memory", resident, ""},
	{"of it private", "Memory", private, ""},
}

// columns are the programs of that table.
var columns = []string{plain, relay, tshmcp, "mcp-remote", "supergateway"}

func (m *measures) sideTable() string {
	var b strings.Builder
	row(&b, "", "plain client", "plain relay", "**tshmcp**", "mcp-remote (no proxy)", "supergateway (no proxy)")
	rule(&b, 6)
	for _, side := range sides {
		cells := []string{side.title}
		for _, name := range columns {
			cell := m.median(side.row, name, side.unit)
			if side.limit != "" && name != side.limit && cell != "-" {
				cell += " (" + m.ratio(side.row, name, side.limit, side.unit) + ")"
			}
			cells = append(cells, cell)
		}
		row(&b, cells...)
	}
	b.WriteString("\n" + m.versionText())
	return b.String()
}

// versionText is what a start costs before anything is done.
func (m *measures) versionText() string {
	takes := func(name string) string { return m.median("Version", name, nanoseconds) }
	return fmt.Sprintf("A Go program that does nothing takes %s, one that prints a version and is linked with the same libraries %s (%s), "+
		"`tshmcp version` %s (%s). The three have %s, %s and %s.\n",
		takes(empty), takes(libraries), m.ratio("Version", libraries, empty, nanoseconds), takes(tshmcp), m.ratio("Version", tshmcp, empty, nanoseconds),
		m.median("Binary", empty, size), m.median("Binary", libraries, size), m.median("Binary", tshmcp, size))
}

func (m *measures) appsTable() string {
	var b strings.Builder
	row(&b, "apps in the cluster", "`ls`", "`config --all`")
	rule(&b, 3)
	for _, n := range appSteps {
		step := fmt.Sprintf("apps=%d", n)
		row(&b, fmt.Sprint(n), m.median("Ls", step, nanoseconds), m.median("Config", step, nanoseconds))
	}
	return b.String()
}

func (m *measures) loginsTable() string {
	var b strings.Builder
	row(&b, "logins in the store", "start of `connect`")
	rule(&b, 2)
	for _, n := range loginSteps {
		row(&b, fmt.Sprint(n), m.median("Logins", fmt.Sprintf("logins=%d", n), nanoseconds))
	}
	return b.String()
}

func (m *measures) flightTable() string {
	var b strings.Builder
	row(&b, "calls in flight", "plain client, calls/s", "plain relay", "**tshmcp**")
	rule(&b, 4)
	for _, n := range flightSteps {
		name := fmt.Sprintf("Flight%d", n)
		row(&b, fmt.Sprint(n), m.median(name, plain, rate), m.median(name, relay, rate),
			m.median(name, tshmcp, rate)+" ("+m.ratio(name, tshmcp, plain, rate)+")")
	}
	return b.String()
}

func (m *measures) idleTable() string {
	var b strings.Builder
	row(&b, fmt.Sprintf("%d bridges that rest", bridges), "in all")
	rule(&b, 2)
	row(&b, "memory (PSS)", m.median("Idle20", tshmcp, pss))
	row(&b, "wake-ups per second", m.median("Idle20", tshmcp, wakeups))
	row(&b, "connections", m.median("Idle20", tshmcp, sockets))
	b.WriteString("\n")
	row(&b, "one bridge that rests after", "resident", "private", "connections")
	rule(&b, 4)
	for _, n := range []string{"100", "10000"} {
		step := "calls=" + n
		row(&b, n+" calls", m.median("Calls", step, resident), m.median("Calls", step, private), m.median("Calls", step, sockets))
	}
	return b.String()
}

func row(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

func rule(b *strings.Builder, n int) { b.WriteString(strings.Repeat("| --- ", n) + "|\n") }

// report is all that was measured, and on what.
func (m *measures) report(began machine) string {
	return strings.Join([]string{
		began.describe(machineNow()),
		"## Side by side\n", m.sideTable(),
		"## Growth\n", m.appsTable(), m.loginsTable(), m.flightTable(),
		"## Idle\n", m.idleTable(),
	}, "\n")
}

// machine is where and when.
type machine struct {
	time time.Time
	load string // the load average of the last minute; "" where it is not known
}

func machineNow() machine {
	text, _ := os.ReadFile("/proc/loadavg")
	load, _, _ := strings.Cut(string(text), " ")
	return machine{time.Now(), load}
}

func (m machine) describe(end machine) string {
	load := ""
	if m.load != "" {
		load = fmt.Sprintf(", load %s at the beginning and %s at the end", m.load, end.load)
	}
	return fmt.Sprintf("Measured on %s in %.0f s on %s/%s with %d processors (%s)%s. %s, node %s, mcp-remote 0.15.1, supergateway 4.0.0.\n",
		m.time.UTC().Format(time.DateOnly), end.time.Sub(m.time).Seconds(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor(), load,
		runtime.Version(), output(exec.Command("node", "--version")))
}

// processor is the name of this machine's.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "of a kind that is not known"
}

// writeReport puts the text between the marks of a file.
func writeReport(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	next, err := between(string(old), text)
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(next), 0o644)
}

func between(old, text string) (string, error) {
	head, rest, ok := strings.Cut(old, beginMark)
	_, tail, ok2 := strings.Cut(rest, endMark)
	if !ok || !ok2 {
		return "", fmt.Errorf("the marks %q and %q are not there", beginMark, endMark)
	}
	return head + beginMark + "\n" + text + "\n" + endMark + tail, nil
}

func TestVersionText(t *testing.T) {
	m := &measures{records: &records{lines: io.Discard}}
	for i, name := range []string{empty, libraries, tshmcp} {
		m.add("Version", name, nanoseconds, float64(i+1)*1e6)
		m.add("Binary", name, size, float64(i+1)*1e6)
	}
	want := "A Go program that does nothing takes 1.00 ms, one that prints a version and is linked with the same libraries 2.00 ms (2.00x), " +
		"`tshmcp version` 3.00 ms (3.00x). The three have 1.0 MB, 2.0 MB and 3.0 MB.\n"
	if got := m.versionText(); got != want {
		t.Errorf("%s", got)
	}
}

func TestBetween(t *testing.T) {
	got, err := between("a\n"+beginMark+"old\n"+endMark+"z\n", "new\n")
	if want := "a\n" + beginMark + "\nnew\n\n" + endMark + "z\n"; got != want || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := between("a\n"+endMark, "new\n"); err == nil {
		t.Error("a file without marks was written")
	}
}
