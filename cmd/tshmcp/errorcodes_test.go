// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: every error has a code, and every code is shown by a test.

package main

import (
	"go/ast"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/pattern"
)

// notOfUsers are packages whose errors no user of tshmcp sees: those of the test
// cluster are what the demo's StageError is around.
var notOfUsers = pattern.New(`internal/(testcluster|grafanatest|rawtest|npmtest|bench|errcode|wire/gen|wiretest|grpctest)(/|$)`)

// causesTell are types that have no code, and leave it to what they are around.
var causesTell = map[string]string{
	"internal/access/appway.noCertError": "what keeps a certificate away",
	"internal/access/signin.ClosedError": "the login that is missing",
	"internal/connect.FailedError":       "the bridge's error",
	"internal/setup.Errors":              "told one by one",
	"internal/setup.LeftOutError":        "why a server was left out",
	"internal/teleport.AddressesError":   "what the network says of each address",
	"internal/teleport.alertError":       "the alert",
	"internal/teleport/rpc.Error":        "AuthError, which is around it",
	"internal/teleport/rpc.reset":        "AuthError, which is around it",
	"internal/wire.UnimplementedError":   "an answer of the test cluster",
}

// TestErrorTypesHaveCodes: whatever is an error says its code.
func TestErrorTypesHaveCodes(t *testing.T) {
	has := map[string]map[string]bool{}
	eachClientFile(t, func(dir string, _ *token.FileSet, file *ast.File) {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if ok && f.Recv != nil {
				name := dir + "." + receiver(f.Recv.List[0].Type)
				if has[name] == nil {
					has[name] = map[string]bool{}
				}
				has[name][f.Name.Name] = true
			}
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if ok && embedsError(spec) {
				if name := dir + "." + spec.Name.Name; has[name] == nil {
					has[name] = map[string]bool{"Error": true}
				}
				has[dir+"."+spec.Name.Name]["Error"] = true
			}
			return true
		})
	})
	count := 0
	for name, methods := range has {
		if !methods["Error"] {
			continue
		}
		count++
		if _, leaves := causesTell[name]; methods["ErrorCode"] == leaves {
			t.Errorf("%s is an error: it has a method ErrorCode (docs/contributing.md), or is in causesTell", name)
		}
	}
	for name := range causesTell {
		if has[name] == nil || !has[name]["Error"] {
			t.Errorf("%s is no error", name)
		}
	}
	if count < 80 {
		t.Errorf("%d types of errors, are they found?", count)
	}
}

// embedsError: a struct with an error in it is one.
func embedsError(spec *ast.TypeSpec) bool {
	s, ok := spec.Type.(*ast.StructType)
	return ok && slices.ContainsFunc(s.Fields.List, func(f *ast.Field) bool {
		name, ok := f.Type.(*ast.Ident)
		return ok && len(f.Names) == 0 && name.Name == "error"
	})
}

// eachClientFile is eachFile for what users run, with the package's place.
func eachClientFile(t *testing.T, visit func(dir string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, set *token.FileSet, file *ast.File) {
			dir := "cmd/tshmcp"
			if root != "." {
				dir = filepath.ToSlash(strings.TrimPrefix(filepath.Dir(path), "../../"))
			}
			if !notOfUsers.MatchString(dir) {
				visit(dir, set, file)
			}
		})
	}
}

// reasons are files, or folders, whose bare errors reach a user inside of something
// that has a code, or not at all.
var reasons = map[string]string{
	"internal/loginflow/tell.go":        "why no browser is opened is a notice",
	"internal/toolcall/value.go":        "wrong usage",
	"internal/toolcall/arguments.go":    "wrong usage",
	"internal/toolcall/call.go":         "AnswerError",
	"cmd/tshmcp/request.go":             "args makes wrong usage of it",
	"cmd/tshmcp/server.go":              "args makes wrong usage of it",
	"cmd/tshmcp/demo.go":                "Tour.Play has demo-failed around it",
	"internal/access/appway":            "between its own parts",
	"internal/access/signin/turn.go":    "between its own parts",
	"internal/bridge":                   "bridge.Error, whose Kind has a code",
	"internal/bridge/frame":             "bridge.Error, whose Kind has a code",
	"internal/browser":                  "why no browser is opened is a notice",
	"internal/clientcfg/write.go":       "ErrBusy in the end",
	"internal/connect/size.go":          "wrong usage",
	"internal/creds/errors.go":          "what a BusyError is",
	"internal/creds/manifest.go":        "ErrNotFound",
	"internal/creds/payload.go":         "ErrNotFound",
	"internal/creds/profile.go":         "DamageError",
	"internal/demo/asked.go":            "wrong usage",
	"internal/demo/askedcommand.go":     "wrong usage",
	"internal/demo/stage.go":            "wrong usage",
	"internal/demo/client.go":           "Tour.Play has demo-failed around it",
	"internal/demo/notes.go":            "an answer of the demo's MCP server",
	"internal/demo/tour.go":             "Tour.Play has demo-failed around it",
	"internal/login/answer.go":          "readAnswer has proxy-answer around it",
	"internal/login/ceremony.go":        "a forged answer is refused, and waited on",
	"internal/login/sealed.go":          "a forged answer is refused, and waited on",
	"internal/login/errors.go":          "what Show gets",
	"internal/login/window.go":          "wrong usage",
	"internal/settings/address.go":      "wrong usage",
	"internal/settings/typed.go":        "wrong usage",
	"internal/setup/request.go":         "wrong usage",
	"internal/setup/start.go":           "StartError",
	"internal/teleport/addr.go":         "wrong usage",
	"internal/teleport/upgrade.go":      "wrong usage",
	"internal/teleport/dialproxy.go":    "EgressError",
	"internal/teleport/dialsocks.go":    "EgressError",
	"internal/teleport/rpc/greeting.go": "AuthError",
	"internal/teleport/upgradedial.go":  "UpgradeError",
	"internal/terminal/terminal.go":     "ErrLeft, which is no failure",
	"internal/toolcall/limits.go":       "what a person mistypes, who is asked again",
	"internal/toolcall/tools.go":        "AnswerError",
	"internal/wire/reader.go":           "AuthError",
}

// TestBareErrors: an error that is made of a text alone has no code, unless it is
// inside of one that has, at once or by one of the reasons above.
func TestBareErrors(t *testing.T) {
	used, inside := map[string]bool{}, map[ast.Node]bool{}
	eachClientFile(t, func(dir string, set *token.FileSet, file *ast.File) {
		path := dir + "/" + filepath.Base(set.Position(file.Pos()).Filename)
		ast.Inspect(file, func(n ast.Node) bool {
			if lit, ok := n.(*ast.CompositeLit); ok {
				for _, e := range lit.Elts {
					if field, ok := e.(*ast.KeyValueExpr); ok {
						e = field.Value
					}
					inside[e] = true
				}
			}
			switch {
			case !isBare(n) || inside[n]:
			case reasons[path] != "":
				used[path] = true
			case reasons[dir] != "":
				used[dir] = true
			default:
				t.Errorf("%s: an error without a code: errcode.New or errcode.Errorf, or a type around it (docs/contributing.md)", set.Position(n.Pos()))
			}
			return true
		})
	})
	for path := range reasons {
		if !used[path] {
			t.Errorf("%s has no bare errors", path)
		}
	}
}

// isBare: errors.New, and fmt.Errorf without a cause.
func isBare(n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	pkg, _ := sel.X.(*ast.Ident)
	switch {
	case pkg == nil:
		return false
	case pkg.Name == "fmt" && sel.Sel.Name == "Errorf":
		format, ok := call.Args[0].(*ast.BasicLit)
		return !ok || !strings.Contains(format.Value, "%w")
	}
	return pkg.Name == "errors" && sel.Sel.Name == "New"
}

// TestCodesAreShown: each code is in a script or a test, in brackets, in quotes or
// by its constant, as what a failure has.
func TestCodesAreShown(t *testing.T) {
	shown := map[string]bool{}
	mention := regexp.MustCompile(`\[([a-z-]+)\\?\]|"([a-z-]+)"|errcode\.([A-Z]\w+)`)
	foreign := regexp.MustCompile(`, ([A-Z]\w+)\}`) // where package errcode tests itself
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		how := mention
		switch base := filepath.Base(path); {
		case err != nil || d.IsDir():
			return err
		case base == "foreign_test.go":
			how = foreign
		case strings.Contains(path, "errcode"), !strings.HasSuffix(base, "_test.go") && filepath.Ext(base) != ".txtar":
			return nil
		}
		text, err := os.ReadFile(path)
		for _, match := range how.FindAllStringSubmatch(string(text), -1) {
			for _, name := range match[1:] {
				shown[name] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for code, name := range constants(t) {
		if !shown[code] && !shown[name] {
			t.Errorf("no script and no test shows %s", code)
		}
	}
}

// constants are the names of all codes.
func constants(t *testing.T) map[string]string {
	t.Helper()
	names := map[string]string{}
	eachFile(t, "../../internal/errcode", func(_ string, _ *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || len(spec.Values) != 1 {
				return true
			}
			if of, ok := spec.Type.(*ast.Ident); ok && of.Name == "Code" {
				code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				names[code] = spec.Names[0].Name
			}
			return true
		})
	})
	if len(names) != len(errcode.All()) {
		t.Fatalf("%d constants, and %d codes in the table", len(names), len(errcode.All()))
	}
	return names
}
