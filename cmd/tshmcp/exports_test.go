// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the source itself: what has a capital letter is used elsewhere.

package main

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// forTests are packages that only tests use, and doubles that tests set up.
var forTests = []string{"bench", "grafanatest", "grpctest", "logintest", "netnstest", "npmtest", "rawtest", "testcluster", "wiretest"}

// forOtherTests are functions and variables that tests of other packages use alone.
var forOtherTests = map[string]string{
	"internal/access.ParsePair":         "what a store holds is compared with what the cluster issued",
	"internal/demo.NoteTexts":           "the demo's server is that of the scripts",
	"internal/demo.StartNotes":          "the demo's server is that of the scripts",
	"internal/demo.Role":                "the demo's users are those of the scripts",
	"internal/demo.Users":               "the demo's users are those of the scripts",
	"internal/demo.Roles":               "the demo's users are those of the scripts",
	"internal/demo.Release":             "scripts run against each of its versions",
	"internal/errcode.All":              "documents have each code",
	"internal/errcode.Hops":             "documents have each hop",
	"internal/login.ErrNoBrowser":       "what Show gets",
	"internal/login.ErrNotApproved":     "how a headless login ends",
	"internal/settings.PathVariables":   "documents have each of them",
	"internal/settings.StandardBus":     "a keyring of a test's own has another",
	"internal/teleport.ErrCertNotAsked": "how a dial ends",
	"internal/teleport.ErrNoFactor":     "how an order ends",
	"internal/teleport.ErrNoHostCA":     "how a dial ends",
}

// TestExportsAreUsed holds that a function or variable has a capital letter because
// another package uses it.
func TestExportsAreUsed(t *testing.T) {
	exported, used := map[string]string{}, map[string]bool{}
	for _, root := range []string{".", "../../internal"} {
		eachSource(t, root, func(path string, set *token.FileSet, file *ast.File) {
			dir := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(path)), "../../")
			for _, decl := range file.Decls {
				for _, name := range topNames(decl) {
					if ast.IsExported(name.Name) && root != "." && !generated(path) {
						exported[dir+"."+name.Name] = set.Position(name.Pos()).String()
					}
				}
			}
			ofPackage := map[string]string{}
			for _, spec := range file.Imports {
				if own, ok := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), module); ok {
					name := own[strings.LastIndex(own, "/")+1:]
					if spec.Name != nil {
						name = spec.Name.Name
					}
					ofPackage[name] = own
				}
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if pkg, ok := sel.X.(*ast.Ident); ok && ofPackage[pkg.Name] != "" {
						used[ofPackage[pkg.Name]+"."+sel.Sel.Name] = true
					}
				}
				return true
			})
		})
	}
	if len(exported) < 200 {
		t.Errorf("%d exports, are they found?", len(exported))
	}
	for name, at := range exported {
		of, _, _ := strings.Cut(strings.TrimPrefix(name, "internal/"), ".")
		of, _, _ = strings.Cut(of, "/")
		switch {
		case slices.Contains(forTests, of):
		case used[name] == (forOtherTests[name] == ""):
		case used[name]:
			t.Errorf("%s is used, and not for tests alone", name)
		default:
			t.Errorf("%s: no other package uses %s", at, name)
		}
	}
	for name := range forOtherTests {
		if exported[name] == "" {
			t.Errorf("there is no %s", name)
		}
	}
}

// topNames are the functions and variables that a declaration makes.
func topNames(decl ast.Decl) (names []*ast.Ident) {
	switch decl := decl.(type) {
	case *ast.FuncDecl:
		if decl.Recv == nil {
			names = append(names, decl.Name)
		}
	case *ast.GenDecl:
		for _, spec := range decl.Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR {
				names = append(names, v.Names...)
			}
		}
	}
	return names
}
