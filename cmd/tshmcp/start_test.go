// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what is done before main, and before a command begins: nothing that could wait for its first use.

package main

import (
	"go/ast"
	"go/token"
	"io"
	"log"
	"log/slog"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestPatternsCompile holds that expressions are compiled at their first use, and
// that each of those which the source has can be.
func TestPatternsCompile(t *testing.T) {
	count := 0
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, set *token.FileSet, file *ast.File) {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok {
					return true
				}
				switch callee(call) {
				case "regexp.MustCompile":
					if !strings.Contains(path, "internal/pattern/") {
						t.Errorf("%s: use pattern.New", set.Position(n.Pos()))
					}
				case "pattern.New":
					count++
					if _, err := regexp.Compile(constant(call.Args[0])); err != nil {
						t.Errorf("%s: %v", set.Position(n.Pos()), err)
					}
				}
				return true
			})
		})
	}
	if count < 30 {
		t.Errorf("%d patterns, is the source read right?", count)
	}
}

// What the program allocates between main and the command that was asked for, and
// for all of version. The budgets are what there is today and a tenth.
const (
	maxBegun   = 140 // objects
	maxVersion = 225
)

// TestBeginning holds what a command costs before it begins: that it alone is made,
// and nothing is looked for that it does not need.
func TestBeginning(t *testing.T) {
	was, to, flags := slog.Default(), log.Writer(), log.Flags()
	defer func() { slog.SetDefault(was); log.SetOutput(to); log.SetFlags(flags) }()
	for name, max := range map[string]float64{"version": maxVersion, "connect": maxBegun} {
		begin := func() {
			e := systemEnv()
			e.stdout, e.stderr = io.Discard, io.Discard
			if name == "version" {
				if code := run(e, []string{name}); code != exitOK {
					t.Fatalf("exit code %d", code)
				}
				return
			}
			root := rootFor(&global{env: e}, []string{name})
			begun := 0
			root.Commands()[0].RunE = func(*cobra.Command, []string) error { begun++; return nil }
			root.SetArgs([]string{name, "notes"})
			if err := root.Execute(); err != nil || begun != 1 {
				t.Fatalf("%d times begun: %v", begun, err)
			}
		}
		got := testing.AllocsPerRun(20, begin)
		for i := 0; i < 2 && got > max; i++ { // tests that wait allocate too, now and then
			got = min(got, testing.AllocsPerRun(20, begin))
		}
		if got > max {
			t.Errorf("%s: %v objects, at most %v", name, got, max)
		}
		t.Logf("%s: %v objects", name, got)
	}
}

// callee is the name of a function of another package that is called.
func callee(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	pkg, ok := sel.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return pkg.Name + "." + sel.Sel.Name
}

// constant is a string of literals that are joined. What is no literal is "a".
func constant(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.BinaryExpr:
		return constant(expr.X) + constant(expr.Y)
	case *ast.BasicLit:
		text, err := strconv.Unquote(expr.Value)
		if err != nil {
			panic(err) // the parser has taken it
		}
		return text
	}
	return "a"
}
