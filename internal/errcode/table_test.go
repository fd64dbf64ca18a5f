// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the table of codes and the constants are the same, and codes stay.

package errcode

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/troubleshooting.md, and the list of codes")

var wellFormed = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// TestTable: every code is there once, at a hop, with cause and remedy.
func TestTable(t *testing.T) {
	seen, used, last := map[Code]bool{}, map[Hop]bool{}, 0
	for _, e := range All() {
		hop := slices.Index(Hops(), e.Hop)
		switch {
		case seen[e.Code]:
			t.Errorf("%s is there twice", e.Code)
		case !wellFormed.MatchString(string(e.Code)):
			t.Errorf("%q is not of lower case words with hyphens", e.Code)
		case hop < last:
			t.Errorf("%s is of the hop %q, and comes after others", e.Code, e.Hop)
		case !isClause(e.Cause) || !isClause(e.Remedy):
			t.Errorf("%s: %q, %q: a clause each", e.Code, e.Cause, e.Remedy)
		}
		seen[e.Code], used[e.Hop], last = true, true, hop
	}
	for _, hop := range Hops() {
		if !used[hop] {
			t.Errorf("no code is of the hop %q", hop)
		}
	}
	for name, code := range constants(t) {
		if !seen[code] {
			t.Errorf("%s = %q is not in the table", name, code)
		}
		delete(seen, code)
	}
	for code := range seen {
		t.Errorf("%s has no constant", code)
	}
}

// constants are those of type Code in this package's source.
func constants(t *testing.T) map[string]Code {
	t.Helper()
	found := map[string]Code{}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			kind, _ := spec.Type.(*ast.Ident)
			value, _ := spec.Values[0].(*ast.BasicLit)
			if kind != nil && kind.Name == "Code" && value != nil {
				code, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				found[spec.Names[0].Name] = Code(code)
			}
			return true
		})
	}
	if len(found) < 50 {
		t.Fatalf("%d constants, are they read right?", len(found))
	}
	return found
}

// TestCodesStay: a code that was once there is neither renamed nor taken away, since
// others go by it. -update adds to the list, and never takes from it.
func TestCodesStay(t *testing.T) {
	const list = "testdata/codes.txt"
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, code := range strings.Fields(string(text)) {
		listed[code] = true
	}
	var lines []string
	for _, e := range All() {
		if !listed[string(e.Code)] && !*update {
			t.Errorf("%s is not in %s: go test ./internal/errcode -update", e.Code, list)
		}
		listed[string(e.Code)] = true
	}
	for code := range listed {
		if !slices.ContainsFunc(All(), func(e Entry) bool { return string(e.Code) == code }) {
			t.Errorf("%s was there and is gone", code)
		}
		lines = append(lines, code+"\n")
	}
	slices.Sort(lines)
	if *update {
		if err := os.WriteFile(list, []byte(strings.Join(lines, "")), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
