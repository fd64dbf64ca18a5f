// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: budgets: how big the program may be, what may be linked into it, and what it does before main.

package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// What is done before main, as the runtime counts it: of all packages, and of those
// of this module. Messages, tables and expressions wait for their first use.
const (
	maxInit    = 260_000 // bytes
	maxOwnInit = 25_000  // 5,000 of them are errors, which errors.New makes where it is not inlined
)

// The budgets are what there is today and a small margin. Who needs more says in
// docs/dependencies.md for what.
const (
	maxMegabytes = 17.0 // stripped, linux/amd64, as `make build` does it
	maxPackages  = 270  // of others
)

// notLinked are packages that are for tests, or that serve what runs inside to
// whoever finds http.DefaultServeMux, or that the library has already. So are grpc-go
// and the runtime of protobuf, which cost each start a millisecond.
var notLinked = []string{
	"testing", "net/http/httptest", "net/http/pprof", "expvar", "golang.org/x/net/trace", "html/template", "golang.org/x/net/http2",
	"golang.org/x/net/idna", "go/parser",
}

// TestPackagesLinked holds what is compiled into the program.
func TestPackagesLinked(t *testing.T) {
	packages := listPackages(t, "-deps", "./cmd/tshmcp")
	// Rooms of the house itself cost nothing; what they are filled with does.
	packages = slices.DeleteFunc(packages, func(p listedPackage) bool { return strings.HasPrefix(p.ImportPath, module) })
	if len(packages) < 200 || len(packages) > maxPackages {
		t.Errorf("%d packages of others, want 200 to %d", len(packages), maxPackages)
	}
	for _, p := range packages {
		if slices.Contains(notLinked, p.ImportPath) || strings.HasPrefix(p.ImportPath, "google.golang.org/") {
			t.Errorf("%s is linked into the program", p.ImportPath)
		}
	}
}

// TestLinkedSize holds the size of the program, and that the linker may leave out
// methods that nobody calls: it keeps all of them when one is called by a name that
// is not known before, as templates of the library do.
func TestLinkedSize(t *testing.T) {
	t.Parallel()
	if runtime.GOOS+"/"+runtime.GOARCH != "linux/amd64" {
		t.Skipf("the budget is that of linux/amd64, this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	exe := filepath.Join(t.TempDir(), "tshmcp")
	var graph bytes.Buffer // of what reaches what
	args := append([]string{"build", "-trimpath", "-ldflags", "-s -w -funcalign=16 -dumpdep"}, coldFlags(t)...)
	cmd := exec.CommandContext(t.Context(), "go", append(args, "-o", exe, ".")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr, cmd.Stdout = &graph, &graph
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%.2000s", err, graph.Bytes())
	}
	if !strings.Contains(graph.String(), "main.main -> main.Main") {
		t.Fatal("the linker's graph does not have main: is it read right?")
	}
	checkGraph(t, graph.String())
	info, err := os.Stat(exe)
	if err != nil {
		t.Fatal(err)
	}
	megabytes := float64(info.Size()) / 1e6
	if megabytes > maxMegabytes {
		t.Errorf("the program has %.2f MB, at most %.1f", megabytes, maxMegabytes)
	}
	t.Logf("%.2f MB", megabytes)
	checkInit(t, exe)
}

// coldFlags are those of the Makefile that say what is not inlined. Releases have them
// too, in the same order: the last that fits a package holds.
func coldFlags(t *testing.T) []string {
	t.Helper()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	flags := regexp.MustCompile(`-gcflags=\S+`)
	var ours []string
	if _, rest, ok := strings.Cut(string(makefile), "\nCOLD "); ok {
		value, _, _ := strings.Cut(rest, "\nBUILD ")
		ours = flags.FindAllString(value, -1)
	}
	releases, err := os.ReadFile("../../.goreleaser.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if theirs := flags.FindAllString(string(releases), -1); len(ours) == 0 || !slices.Equal(ours, theirs) {
		t.Fatalf("the Makefile builds with %q, releases with %q", ours, theirs)
	}
	return ours
}

// checkGraph holds what may not be reached: calls by names, and a sorting of its own for
// each type of ours. The library's sort.Slice is one for all of them.
func checkGraph(t *testing.T, graph string) {
	t.Helper()
	for line := range strings.Lines(graph) {
		from, to, _ := strings.Cut(strings.TrimSpace(line), " -> ")
		if strings.HasSuffix(to, " <ReflectMethod>") {
			t.Errorf("%s reaches %s, which calls methods by name: the linker keeps all there are", from, to)
		}
		if strings.HasPrefix(to, "slices..dict.pdqsortCmpFunc["+module) {
			t.Errorf("%s reaches %s: slices.SortFunc is 15 KB of code for each type, sort.Slice is not", from, to)
		}
	}
}

// checkInit holds that tables, expressions and pages wait for their first use.
func checkInit(t *testing.T, exe string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), exe, "version")
	cmd.Env = []string{"GODEBUG=inittrace=1", "HOME=" + t.TempDir(), "USER=alice"}
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	all, own := 0, 0
	for _, m := range regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes`).FindAllSubmatch(out, -1) {
		bytes, err := strconv.Atoi(string(m[2]))
		if err != nil {
			t.Fatal(err)
		}
		all += bytes
		if strings.HasPrefix(string(m[1])+"/", module) {
			own += bytes
		}
	}
	if own == 0 || all > maxInit || own > maxOwnInit {
		t.Errorf("%d bytes are allocated before main, at most %d; %d of them in our packages, at most %d", all, maxInit, own, maxOwnInit)
	}
	t.Logf("%d bytes before main, %d of them in our packages", all, own)
}
