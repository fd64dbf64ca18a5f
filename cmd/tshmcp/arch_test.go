// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the source itself: who imports whom, sizes, headers, names of files, dependencies.

package main

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

const module = "github.com/tshmcp/tshmcp/"

// packageMap is the architecture: each package with the packages of this
// module that it may import. The graph is a star with cmd in the middle.
var packageMap = map[string][]string{
	"cmd/tshmcp":                  {"internal/access", "internal/access/appway", "internal/access/recall", "internal/access/signin", "internal/bridge", "internal/browser", "internal/build", "internal/clientcfg", "internal/complete", "internal/configure", "internal/connect", "internal/creds", "internal/demo", "internal/doctor", "internal/format", "internal/identfile", "internal/inventory", "internal/journal", "internal/login", "internal/loginflow", "internal/logout", "internal/plain", "internal/plainfile", "internal/request", "internal/settings", "internal/setup", "internal/similar", "internal/stdio", "internal/teleport", "internal/terminal", "internal/toolcall", "internal/usage"},
	"internal/access":             {"internal/creds", "internal/filewatch", "internal/identfile", "internal/plain", "internal/similar", "internal/teleport", "internal/usage"},
	"internal/access/appway":      {"internal/access", "internal/access/signin", "internal/bridge", "internal/teleport"},
	"internal/access/recall":      {"internal/access", "internal/atomicfile", "internal/bridge", "internal/plainfile"},
	"internal/access/signin":      {"internal/access", "internal/atomicfile", "internal/plainfile"},
	"internal/atomicfile":         {},
	"internal/bench":              {},
	"internal/bridge":             {"internal/bridge/frame", "internal/plain"},
	"internal/bridge/frame":       {},
	"internal/browser":            {},
	"internal/build":              {"internal/plain"},
	"internal/clientcfg":          {"internal/atomicfile", "internal/plain", "internal/plainfile"},
	"internal/complete":           {"internal/access", "internal/clientcfg", "internal/creds", "internal/inventory", "internal/plain", "internal/request", "internal/setup", "internal/toolcall"},
	"internal/configure":          {"internal/access", "internal/clientcfg", "internal/format", "internal/plain", "internal/settings", "internal/setup", "internal/terminal"},
	"internal/connect":            {"internal/access", "internal/access/appway", "internal/access/recall", "internal/access/signin", "internal/bridge", "internal/plain", "internal/stdio", "internal/usage"},
	"internal/creds":              {"internal/atomicfile", "internal/plainfile"},
	"internal/demo":               {"internal/clientcfg", "internal/setup", "internal/testcluster"},
	"internal/doctor":             {"internal/access", "internal/clientcfg", "internal/creds", "internal/errcode", "internal/inventory", "internal/plain", "internal/plainfile", "internal/setup", "internal/similar", "internal/teleport", "internal/toolcall"},
	"internal/errcode":            {},
	"internal/filewatch":          {},
	"internal/format":             {"internal/plain", "internal/similar", "internal/usage"},
	"internal/grafanatest":        {},
	"internal/grpctest":           {"internal/wire"},
	"internal/identfile":          {"internal/plainfile"},
	"internal/inventory":          {"internal/access", "internal/creds", "internal/format", "internal/identfile", "internal/plain", "internal/teleport"},
	"internal/journal":            {"internal/errcode", "internal/plain", "internal/plainfile"},
	"internal/login":              {"internal/plain", "internal/teleport"},
	"internal/loginflow":          {"internal/access", "internal/access/signin", "internal/creds", "internal/login", "internal/plain", "internal/similar", "internal/teleport", "internal/terminal", "internal/usage"},
	"internal/logintest":          {"internal/access", "internal/creds", "internal/testcluster"},
	"internal/logout":             {"internal/access", "internal/access/recall", "internal/access/signin", "internal/creds", "internal/identfile", "internal/plain"},
	"internal/netnstest":          {},
	"internal/npmtest":            {},
	"internal/pattern":            {},
	"internal/plain":              {},
	"internal/plainfile":          {"internal/plain"},
	"internal/rawtest":            {},
	"internal/request":            {"internal/access", "internal/creds", "internal/format", "internal/inventory", "internal/plain", "internal/teleport"},
	"internal/settings":           {"internal/access", "internal/identfile", "internal/plainfile", "internal/teleport", "internal/usage"},
	"internal/setup":              {"internal/access", "internal/access/recall", "internal/clientcfg", "internal/creds", "internal/plain", "internal/plainfile", "internal/settings", "internal/similar", "internal/teleport", "internal/usage"},
	"internal/similar":            {},
	"internal/stdio":              {},
	"internal/teleport":           {"internal/plain", "internal/teleport/rpc", "internal/teleport/wirepb", "internal/wire"},
	"internal/teleport/rpc":       {},
	"internal/teleport/wirepb":    {"internal/wire"},
	"internal/terminal":           {"internal/plain", "internal/stdio", "internal/terminal/keys"},
	"internal/terminal/keys":      {},
	"internal/testcluster":        {"internal/testcluster/grpcserve", "internal/testcluster/predicate", "internal/testcluster/webauthn", "internal/testcluster/wirepb", "internal/wire"},
	"internal/testcluster/wirepb": {"internal/wire"},
	"internal/toolcall":           {"internal/access", "internal/bridge", "internal/connect", "internal/format", "internal/plain", "internal/similar", "internal/stdio", "internal/teleport", "internal/usage"},
	"internal/usage":              {"internal/similar"},
	"internal/wire":               {},
	"internal/wire/gen":           {},
	"internal/wiretest":           {"internal/wire"},

	// Parts of the test cluster that do not need it.
	"internal/testcluster/grpcserve": {},
	"internal/testcluster/httpproxy": {},
	"internal/testcluster/socks":     {},
	"internal/testcluster/predicate": {},
	"internal/testcluster/webauthn":  {},
}

// bannedImports are modules that only the named packages may know.
var bannedImports = map[string][]string{
	"github.com/zalando/go-keyring": {"internal/creds"},
	"github.com/pkg/browser":        {"internal/browser"},
	"github.com/spf13/cobra":        {"cmd/tshmcp"},
	"google.golang.org/grpc":        {"internal/grpctest"},
	"google.golang.org/protobuf":    {"internal/wire/gen", "internal/wiretest"},
	"testing":                       {},
}

// common are packages that every other may know. They know nothing.
var common = []string{"internal/errcode", "internal/pattern"}

type listedPackage struct {
	ImportPath string
	Imports    []string
	Module     struct{ Path string }
}

func listPackages(t *testing.T, args ...string) []listedPackage {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,Module"}, args...)...)
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listedPackage
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p listedPackage
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestPackageMap holds the architecture: who imports whom.
func TestPackageMap(t *testing.T) {
	packages := listPackages(t, "./...")
	if len(packages) < 8 {
		t.Fatalf("go list found %d packages, want them all", len(packages))
	}
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, module)
		allowed, known := packageMap[name]
		if !known {
			t.Errorf("%s is not in the package map", name)
			continue
		}
		for _, imported := range p.Imports {
			if own, ok := strings.CutPrefix(imported, module); ok && !slices.Contains(common, own) && !slices.Contains(allowed, own) {
				t.Errorf("%s imports %s, which the package map does not allow", name, own)
			}
			for banned, users := range bannedImports {
				if (imported == banned || strings.HasPrefix(imported, banned+"/")) && !slices.Contains(users, name) {
					t.Errorf("%s imports %s, which only %v may", name, imported, users)
				}
			}
		}
	}
}

// TestPackagesAreFound: the table of contributing.md has each package, or the one above
// it.
func TestPackagesAreFound(t *testing.T) {
	text, err := os.ReadFile("../../docs/contributing.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range packageMap {
		row := func(name string) bool {
			return strings.Contains(string(text), "\n| `"+strings.TrimPrefix(name, "/")+"` | ")
		}
		if !row(name) && !row(filepath.ToSlash(filepath.Dir(name))) {
			t.Errorf("docs/contributing.md does not tell where %s is", name)
		}
	}
}

// sideEffects may be named in cmd only: everything below internal returns.
var sideEffects = []string{
	"os.Exit", "os.Getenv", "os.LookupEnv", "os.Environ", "os.Setenv", "os.Args", "os.Stdin", "os.Stdout", "os.Stderr",
	"fmt.Print", "fmt.Println", "fmt.Printf", "log.Print", "log.Println", "log.Printf", "log.Fatal", "log.Fatalf",
}

// rawStreams are the files that may use a stream without what keeps text from
// elsewhere from doing anything: messages for the client, questions, coloured
// diffs.
var rawStreams = []string{"config.go", "connect.go", "env.go", "internal/configure/diff.go"}

// otherText are packages whose text is not printed by them as it is: those that
// write to a terminal, and clean what they show, into a text, or as a server.
var otherText = pattern.New(`^internal/(terminal|clientcfg|creds|demo|plain|bench|testcluster|rawtest|grafanatest)(/|$)`)

// TestPrintingIsPlain holds that what is printed for people goes through package
// plain, with the arguments of each format on their line.
func TestPrintingIsPlain(t *testing.T) {
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, set *token.FileSet, file *ast.File) {
			path = strings.TrimPrefix(filepath.ToSlash(path), "../../")
			if otherText.MatchString(path) {
				return
			}
			ast.Inspect(file, func(n ast.Node) bool {
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				pkg, _ := sel.X.(*ast.Ident)
				switch {
				case pkg == nil:
				case pkg.Name == "fmt" && strings.HasPrefix(sel.Sel.Name, "Fprint"), pkg.Name == "tabwriter":
					t.Errorf("%s: %s.%s: use package plain", set.Position(n.Pos()), pkg.Name, sel.Sel.Name)
				case pkg.Name == "plain" && sel.Sel.Name == "Raw" && !slices.Contains(rawStreams, path):
					t.Errorf("%s: plain.Raw is for %v", set.Position(n.Pos()), rawStreams)
				}
				return true
			})
		})
	}
}

// eachFile parses every Go file of the product, tests and generated code left out.
func eachFile(t *testing.T, root string, visit func(path string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	eachSource(t, root, func(path string, set *token.FileSet, file *ast.File) {
		if !generated(path) {
			visit(path, set, file)
		}
	})
}

func generated(path string) bool { return strings.HasSuffix(path, ".pb.go") }

// eachSource is eachFile with generated code.
func eachSource(t *testing.T, root string, visit func(path string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	count := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
		if err != nil || ignored(file) {
			return err
		}
		count++
		visit(path, set, file)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count == 0 {
		t.Fatalf("no Go file below %s", root)
	}
}

// ignored is true for a program that only go generate runs.
func ignored(file *ast.File) bool {
	for _, c := range file.Comments {
		if c.Pos() < file.Package && strings.Contains(c.List[0].Text, "go:build ignore") {
			return true
		}
	}
	return false
}

// TestInternalHasNoSideEffects holds that nothing below internal prints, exits
// or reads the environment by itself.
func TestInternalHasNoSideEffects(t *testing.T) {
	eachFile(t, "../../internal", func(path string, set *token.FileSet, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(sideEffects, pkg.Name+"."+sel.Sel.Name) {
				t.Errorf("%s: %s.%s belongs into cmd", set.Position(n.Pos()), pkg.Name, sel.Sel.Name)
			}
			return true
		})
	})
}

// TestSizes holds the house's bounds: files of at most 400 lines, functions of
// at most 90, a main.go of at most 30.
func TestSizes(t *testing.T) {
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, set *token.FileSet, file *ast.File) {
			lines := set.File(file.Pos()).LineCount()
			limit := 400
			if path == "main.go" {
				limit = 30
			}
			if lines > limit {
				t.Errorf("%s has %d lines, at most %d", path, lines, limit)
			}
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				if n := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; n > 90 {
					t.Errorf("%s: %s has %d lines, at most 90", path, f.Name.Name, n)
				}
			}
		})
	}
}

// cmdLines is how long cmd/tshmcp may be without its tests: as long as it is. A
// command that comes adds its flags and its text.
const cmdLines = 2165

// TestCommandsAreSmall holds that cmd/tshmcp decides and prints, and that what
// else there is stands below internal.
func TestCommandsAreSmall(t *testing.T) {
	lines := 0
	eachFile(t, ".", func(_ string, set *token.FileSet, file *ast.File) {
		lines += set.File(file.Pos()).LineCount() - 1
	})
	if lines > cmdLines {
		t.Errorf("cmd/tshmcp has %d lines, at most %d", lines, cmdLines)
	}
}

// The widest that a type may be: its methods, and the files that they are in.
const (
	maxMethods     = 25
	maxMethodFiles = 5
)

// TestReceivers holds that no type has more to do than fits into one head.
func TestReceivers(t *testing.T) {
	methods, files := map[string]int{}, map[string]map[string]bool{}
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, _ *token.FileSet, file *ast.File) {
			dir, err := filepath.Rel("../..", filepath.Dir(path))
			if root == "." {
				dir, err = "cmd/tshmcp", nil
			}
			if err != nil {
				t.Fatal(err)
			}
			for _, decl := range file.Decls {
				f, ok := decl.(*ast.FuncDecl)
				if !ok || f.Recv == nil {
					continue
				}
				name := filepath.ToSlash(dir) + "." + receiver(f.Recv.List[0].Type)
				methods[name]++
				if files[name] == nil {
					files[name] = map[string]bool{}
				}
				files[name][path] = true
			}
		})
	}
	for name, n := range methods {
		if n > maxMethods {
			t.Errorf("%s has %d methods, at most %d", name, n, maxMethods)
		}
		if n := len(files[name]); n > maxMethodFiles {
			t.Errorf("%s has methods in %d files, at most %d", name, n, maxMethodFiles)
		}
	}
}

// receiver is the name of the type that a method belongs to.
func receiver(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiver(of.X)
	case *ast.IndexExpr:
		return receiver(of.X)
	case *ast.IndexListExpr:
		return receiver(of.X)
	case *ast.Ident:
		return of.Name
	}
	return "?"
}

// systems are the suffixes of files that only some systems compile.
var systems = []string{"_linux", "_darwin", "_windows", "_unix", "_other"}

// TestNamesOfTests holds that the test of a file is found by its name: the tests
// in x_test.go are those of x.go, or the file begins with a comment that says what
// it is about: "Scenario: ", or "Helpers: " for what other tests use.
func TestNamesOfTests(t *testing.T) {
	found := map[string][]string{}
	count := 0
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		count++
		text, err := os.ReadFile(path)
		if err != nil || saysWhatItIs(string(text)) || hasFile(strings.TrimSuffix(path, "_test.go")) {
			return err
		}
		dir, err := filepath.Rel("../..", filepath.Dir(path))
		found[filepath.ToSlash(dir)] = append(found[filepath.ToSlash(dir)], d.Name())
		return err
	})
	if err != nil || count < 100 {
		t.Fatalf("%d files of tests, %v", count, err)
	}
	for dir, files := range found {
		t.Errorf("%s: %s are about no file of that name, and do not begin with // Scenario: or // Helpers:", dir, strings.Join(files, ", "))
	}
}

// saysWhatItIs looks for the comment between the licence and the package clause.
func saysWhatItIs(text string) bool {
	head, _, _ := strings.Cut(text, "\npackage ")
	return strings.Contains(head, "\n// Scenario: ") || strings.Contains(head, "\n// Helpers: ")
}

// hasFile tells whether there is a Go file of that name, for every system or for
// some.
func hasFile(name string) bool {
	for _, suffix := range systems {
		name = strings.TrimSuffix(name, suffix)
	}
	for _, suffix := range append([]string{""}, systems...) {
		if _, err := os.Stat(name + suffix + ".go"); err == nil {
			return true
		}
	}
	return false
}

// TestLicenseHeaders holds that every file names its authors and licence.
func TestLicenseHeaders(t *testing.T) {
	for _, root := range []string{".", "../../internal"} {
		eachFile(t, root, func(path string, _ *token.FileSet, file *ast.File) {
			if len(file.Comments) == 0 || !strings.Contains(file.Comments[0].Text(), "The tshmcp Authors") {
				t.Errorf("%s has no copyright line", path)
			}
		})
	}
}

// TestDependenciesAreExplained holds that docs/dependencies.md has a line for
// each direct dependency and each tool.
func TestDependenciesAreExplained(t *testing.T) {
	doc, err := os.ReadFile("../../docs/dependencies.md")
	if err != nil {
		t.Fatal(err)
	}
	explained := func(path string) bool { return strings.Contains(string(doc), "`"+path+"`") }
	mod := readModule(t, "../..")
	direct := 0
	for _, r := range mod.Require {
		if r.Indirect {
			continue
		}
		direct++
		tool := slices.ContainsFunc(mod.Tool, func(t struct{ Path string }) bool { return strings.HasPrefix(t.Path, r.Path+"/") })
		if !explained(r.Path) && !tool {
			t.Errorf("docs/dependencies.md does not explain %s", r.Path)
		}
	}
	if direct < 10 {
		t.Errorf("go.mod has %d direct dependencies, is it read right?", direct)
	}
	tools := append(mod.Tool, readModule(t, "../../tools").Tool...)
	for _, tool := range append(tools, readModule(t, "../../tools/release").Tool...) {
		if module, _, _ := strings.Cut(tool.Path, "/cmd/"); !explained(tool.Path) && !explained(module) {
			t.Errorf("docs/dependencies.md does not explain the tool %s", tool.Path)
		}
	}
}

// goMod is what a go.mod says.
type goMod struct {
	Require []struct {
		Path     string
		Indirect bool
	}
	Tool []struct{ Path string }
}

// readModule reads the go.mod of a folder.
func readModule(t *testing.T, dir string) (mod goMod) {
	t.Helper()
	cmd := exec.Command("go", "mod", "edit", "-json")
	cmd.Dir = dir
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, &mod)
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(mod.Tool) == 0 {
		t.Errorf("%s/go.mod has no tools, is it read right?", dir)
	}
	return mod
}

// TestRelayKnowsNoHTTP holds the seam below the bridge's relay: only the files of
// the HTTP upstream, and what describes it to the caller, know HTTP.
func TestRelayKnowsNoHTTP(t *testing.T) {
	eachFile(t, "../../internal/bridge", func(path string, _ *token.FileSet, file *ast.File) {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "http") || name == "config.go" || name == "errors.go" {
			return
		}
		for _, spec := range file.Imports {
			if strings.HasPrefix(spec.Path.Value, `"net/http`) {
				t.Errorf("%s imports %s: the relay speaks to an upstream", path, spec.Path.Value)
			}
		}
	})
}
