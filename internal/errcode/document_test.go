// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: docs/troubleshooting.md has each code, with the texts that it comes with.

package errcode

import (
	"crypto/tls"
	"crypto/x509"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const doc = "../../docs/troubleshooting.md"

// A text is what is printed for a code, with … for what differs.
type text struct {
	words   string
	foreign bool // it is one of Go, the system or Teleport, which is passed on
	several bool // it is made of several texts
	windows bool // it is one of Windows
}

// texts reads testdata/texts.txt.
func texts(t *testing.T) map[Code][]text {
	t.Helper()
	list, err := os.ReadFile("testdata/texts.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[Code][]text{}
	for line := range strings.Lines(string(list)) {
		code, words, ok := strings.Cut(strings.TrimSpace(line), ": ")
		if strings.HasPrefix(line, "#") || !ok {
			continue
		}
		if _, known := Lookup(Code(code)); !known {
			t.Errorf("testdata/texts.txt: there is no code %s", code)
		}
		words, windows := strings.CutPrefix(words, "~w ")
		words, foreign := strings.CutPrefix(words, "~ ")
		words, several := strings.CutPrefix(words, "+ ")
		all[Code(code)] = append(all[Code(code)], text{words, foreign, several, windows})
	}
	return all
}

// TestDocument: docs/troubleshooting.md has the table as it is; -update writes it.
func TestDocument(t *testing.T) {
	old, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- table: go test ./internal/errcode -update -->\n", "<!-- end of the table -->\n"
	head, rest, ok := strings.Cut(string(old), begin)
	_, tail, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the table", doc)
	}
	want := head + begin + markdown(texts(t)) + end + tail
	if *update {
		if err := os.WriteFile(doc, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(old) {
		t.Errorf("%s is not up to date: go test ./internal/errcode -update", doc)
	}
}

// markdown is the table: a section for each hop, a paragraph for each code.
func markdown(said map[Code][]text) string {
	var b strings.Builder
	hop := Hop("")
	for _, e := range All() {
		if e.Hop != hop {
			hop = e.Hop
			b.WriteString("\n## " + sentence(string(hop)) + "\n")
		}
		b.WriteString("\n### `" + string(e.Code) + "`\n\n")
		for _, text := range said[e.Code] {
			b.WriteString("* `" + text.words + "`" + map[bool]string{true: " (Windows)"}[text.windows] + "\n")
		}
		if len(said[e.Code]) > 0 {
			b.WriteString("\n")
		}
		b.WriteString(sentence(e.Cause) + ".\n**Remedy:** " + e.Remedy + ".\n")
	}
	return b.String() + "\n"
}

// sentence begins a clause with a capital letter.
func sentence(clause string) string { return strings.ToUpper(clause[:1]) + clause[1:] }

// TestTexts: the texts of the document are what the program prints. One of its own is in
// one expression of its sources, whole, or TestScripts of cmd/tshmcp holds that a script
// prints it; what is passed on is shown by a test.
func TestTexts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the system says it in other words here")
	}
	own, shown := sources(t)
	said := texts(t)
	for code, all := range said {
		for _, text := range all {
			whole := within(own, text.words)
			switch {
			case text.windows:
			case text.foreign:
				text.inPieces(t, code, shown)
			case text.several && whole:
				t.Errorf("%s: %q is not made of several texts", code, text.words)
			case !whole && !text.several:
				t.Errorf("%s: no expression makes %q", code, text.words)
			}
		}
	}
	for _, e := range All() {
		if said[e.Code] == nil && !inWordsOfOthers[e.Code] {
			t.Errorf("%s has no text in testdata/texts.txt, so that a search does not find it", e.Code)
		}
	}
}

// within tells whether one of the templates has a text, with what differs at the same
// places.
func within(templates, words string) bool {
	for template := range strings.Lines(templates) {
		if strings.Contains("…"+strings.TrimSuffix(template, "\n")+"…", words) {
			return true
		}
	}
	return false
}

// inPieces holds that each piece of the text is somewhere.
func (text text) inPieces(t *testing.T, code Code, corpus string) {
	t.Helper()
	for piece := range strings.SplitSeq(text.words, "…") {
		if piece = strings.Trim(piece, " \"`"); len(piece) > 3 && !strings.Contains(corpus, piece) {
			t.Errorf("%s: nothing prints %q", code, piece)
		}
	}
}

// inWordsOfOthers are codes that come with whatever somebody else says.
var inWordsOfOthers = map[Code]bool{
	Usage: true, StreamFailed: true, FileFailed: true, AuthUnreachable: true, AuthTimeout: true, AuthError: true, ClusterCertUntrusted: true,
}

// sources returns the strings in the program's own sources, and all of the tests'
// scripts, tests and recordings, without the backslashes of their expressions.
func sources(t *testing.T) (own, shown string) {
	t.Helper()
	var literals, tests strings.Builder
	for _, root := range []string{"..", "../../cmd", "../../testdata/recordings"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			isTest := strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testcluster")
			switch {
			case err != nil || d.IsDir() || d.Name() == "document_test.go" || d.Name() == "texts.txt":
				return err
			case filepath.Ext(path) == ".go" && !isTest:
				return addLiterals(&literals, path)
			case isTest, filepath.Ext(path) == ".txtar", filepath.Ext(path) == ".json":
				data, err := os.ReadFile(path)
				tests.WriteString(strings.ReplaceAll(string(data), `\`, ""))
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range ofOthers {
		tests.WriteString(err.Error() + "\n")
	}
	return literals.String(), tests.String()
}

// ofOthers are errors of the system and of Go, for what they say on Unix.
var ofOthers = []error{
	syscall.ENOENT, syscall.EACCES, syscall.EROFS, syscall.ENOTDIR, syscall.ENOSPC, syscall.EADDRINUSE,
	syscall.ELOOP, syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ECONNREFUSED, syscall.ECONNRESET, os.ErrDeadlineExceeded,
	tls.AlertError(40), tls.AlertError(42), &net.DNSError{Err: "server misbehaving"},
	x509.CertificateInvalidError{Reason: x509.Expired}, x509.UnknownAuthorityError{},
}

// addLiterals writes the texts that the expressions of a file make, a line each.
func addLiterals(to *strings.Builder, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(n ast.Node) bool {
		expr, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text := template(expr)
		if text == "…" {
			return true
		}
		for line := range strings.Lines(text) {
			to.WriteString(strings.TrimSuffix(line, "\n") + "\n")
		}
		return false
	})
	return nil
}

// verb is one of fmt, also of a text that makes another format.
var verb = regexp.MustCompile(`%+[-+#0-9.]*[a-zA-Z]`)

// template is the text that an expression makes, with … for what differs.
func template(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.BasicLit:
		if words, err := strconv.Unquote(expr.Value); err == nil && expr.Kind == token.STRING {
			words = strings.ReplaceAll(words, "%q", `"…"`)
			return strings.ReplaceAll(verb.ReplaceAllString(words, "…"), "%%", "%")
		}
	case *ast.BinaryExpr:
		if expr.Op == token.ADD {
			return strings.ReplaceAll(template(expr.X)+template(expr.Y), "……", "…")
		}
	}
	return "…"
}

// TestQuotes: what the guides quote, from quotation mark to quotation mark, is said too.
func TestQuotes(t *testing.T) {
	own, shown := sources(t)
	quoted := regexp.MustCompile(`"([A-Z][^"]{18,})"`)
	text, err := os.ReadFile("../../docs/guide-admin.md")
	if err != nil {
		t.Fatal(err)
	}
	found := quoted.FindAllSubmatch(text, -1)
	for _, match := range found {
		for piece := range strings.SplitSeq(strings.ReplaceAll(string(match[1]), "grafana-mcp", "..."), "...") {
			if piece = strings.TrimSpace(piece); !strings.Contains(own, piece) && !strings.Contains(shown, piece) {
				t.Errorf("docs/guide-admin.md quotes %q, which nothing says", piece)
			}
		}
	}
	if len(found) < 4 {
		t.Errorf("%d quotes were found", len(found))
	}
}
