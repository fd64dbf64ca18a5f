// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: commands and flags in the texts of the sources, whether or not a script makes the program say them.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// TestCommandsInTexts: each command that a text or an expression of the sources names
// exists, with its flags and as many arguments.
func TestCommandsInTexts(t *testing.T) {
	commands, flags := 0, 0
	eachClientFile(t, func(_ string, set *token.FileSet, file *ast.File) {
		inside := map[ast.Node]bool{} // parts of a text that is looked at as a whole
		ast.Inspect(file, func(n ast.Node) bool {
			complain := func(err error) {
				if err != nil {
					t.Errorf("%s: %v", set.Position(n.Pos()), err)
				}
			}
			switch n := n.(type) {
			case *ast.ImportSpec:
				return false
			case *ast.CallExpr:
				if words, whole := commandOf(n); len(words) > 1 {
					commands++
					complain(fits(words[1:], whole))
				}
			case *ast.BinaryExpr, *ast.BasicLit:
				if inside[n] {
					return true
				}
				ast.Inspect(n, func(part ast.Node) bool {
					if _, call := part.(*ast.CallExpr); call {
						return false // has texts of its own
					}
					inside[part] = true
					return true
				})
				text := folded(n.(ast.Expr))
				for _, words := range mentions(text) {
					commands++
					complain(fits(words, false))
				}
				for _, flag := range flagInText.Regexp().FindAllStringSubmatch(text, -1) {
					flags++
					if !slices.Contains(flagsOfOthers, flag[1]) && !anyCommandHas(flag[1]) {
						complain(fmt.Errorf("no command has the flag --%s", flag[1]))
					}
				}
			}
			return true
		})
	})
	if commands < 100 || flags < 200 {
		t.Errorf("%d commands and %d flags, are they found?", commands, flags)
	}
}

// TestCommandsAreLookedAt: what is no command, or has no such flag, is found.
func TestCommandsAreLookedAt(t *testing.T) {
	for text, want := range map[string]bool{
		"run: tshmcp login --proxy=ADDR": true, "run: tshmcp lgoin": false, "tshmcp login --prxy=ADDR": false,
		"tshmcp request assume ID": true, "tshmcp request assum ID": false, "sign in with tshmcp login; --all": true,
		"tshmcp cannot do that": true, "tshmcp tools NAME shows them": true, "run tshmcp ls --requestable --wide": false,
	} {
		err := error(nil)
		for _, words := range mentions(text) {
			err = errors.Join(err, fits(words, false))
		}
		if (err == nil) != want {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, tt := range []struct {
		words []string
		want  bool
	}{{[]string{"use", "X"}, true}, {[]string{"use", "X", "X"}, false}, {[]string{"request", "assume"}, false}, {[]string{"tools", "X", "--proxy=X"}, true}} {
		if err := fits(tt.words, true); (err == nil) != tt.want {
			t.Errorf("%q: %v", tt.words, err)
		}
	}
}

// unknown is what stands for what is known only when the program runs.
const unknown = "X"

// folded is a text as far as the source has it.
func folded(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return verb.ReplaceAllString(text, unknown)
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return folded(e.X) + folded(e.Y)
		}
		return ""
	case *ast.ParenExpr:
		return folded(e.X)
	}
	return unknown
}

var verb = pattern.New(`%[-+#]?[0-9.]*[a-z]`)

// commandOf are the words of a call of plain.Command or plain.Again, and whether these are
// all of them.
func commandOf(call *ast.CallExpr) (words []string, whole bool) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	args := call.Args
	switch {
	case ok && sel.Sel.Name == "Command":
	case ok && sel.Sel.Name == "Again" && len(args) > 1: // behind the flags
		words, args = []string{"tshmcp"}, args[1:]
	default:
		return nil, false
	}
	for _, arg := range args {
		words = append(words, folded(arg))
	}
	if words == nil || words[0] != "tshmcp" {
		return nil, false
	}
	if call.Ellipsis.IsValid() {
		return words[:len(words)-1], false
	}
	return words, true
}

// mentions are the commands in a text, without the program's name: up to the next one, or
// the end of the clause.
func mentions(text string) (all [][]string) {
	for _, found := range mention.Regexp().FindAllStringSubmatch(text, -1) {
		rest, _, _ := strings.Cut(found[2], "tshmcp ")
		all = append(all, append([]string{found[1]}, strings.Fields(rest)...))
	}
	return all
}

var (
	mention    = pattern.New("(?m)(?:^|[ :(`'])tshmcp ([a-z]+)([^;)\\n`]*)")
	flagInText = pattern.New("(?:^|[ (`'\\[])--([a-z][a-z-]+)")
)

// prose are words behind the program's name that go on with a sentence.
var prose = strings.Fields(`against and bridges broke cannot connects does entries entry from has in is it keeps needs relies speaks that to and or shows lists says
	which again for first updates remembers of works with as may the you than holds`)

// flagsOfOthers are those of other programs, that texts or calls have.
var flagsOfOthers = []string{"add-mcp", "max"}

// fits holds that there is a command of these words: with its flags, and, if they are all
// of them, as many arguments.
func fits(words []string, whole bool) error {
	root := newRootCmd(&global{env: systemEnv()})
	root.InitDefaultCompletionCmd(words...)
	root.InitDefaultHelpCmd()
	if slices.Contains(prose, words[0]) {
		return nil
	}
	cmd, rest, err := root.Find(words)
	if err != nil || cmd == root {
		return fmt.Errorf("there is no command tshmcp %s", strings.Join(words, " "))
	}
	if cmd.HasSubCommands() && len(rest) > 0 && regexp.MustCompile(`^[a-z]+$`).MatchString(rest[0]) && !slices.Contains(prose, rest[0]) {
		return fmt.Errorf("%s has no command %s", cmd.CommandPath(), rest[0])
	}
	var given []string
	for _, word := range rest {
		name, isFlag := strings.CutPrefix(word, "--")
		if !isFlag {
			given = append(given, word)
			continue
		}
		name, value, _ := strings.Cut(strings.TrimRight(name, ",.:'"), "=")
		if !hasFlag(cmd, name) {
			return fmt.Errorf("%s has no flag --%s", cmd.CommandPath(), name)
		}
		if !whole {
			continue
		}
		if err := cmd.Flags().Set(name, cmp.Or(value, "true")); err != nil && !strings.Contains(value, unknown) {
			return err
		}
	}
	if whole {
		return cmd.ValidateArgs(given)
	}
	return nil
}

// hasFlag tells whether a command takes a flag.
func hasFlag(cmd *cobra.Command, name string) bool {
	cmd.InitDefaultHelpFlag()
	return cmd.Flags().Lookup(name) != nil || cmd.InheritedFlags().Lookup(name) != nil
}

// anyCommandHas tells whether some command takes a flag.
func anyCommandHas(name string) bool {
	var has func(cmd *cobra.Command) bool
	has = func(cmd *cobra.Command) bool { return hasFlag(cmd, name) || slices.ContainsFunc(cmd.Commands(), has) }
	return has(newRootCmd(&global{env: systemEnv()}))
}
