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
		all[Code(code)] = append(all[Code(code)], text{words, foreign, windows})
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

// TestTexts: the texts of the document are what the program prints. What is its own
// stands in its sources, piece by piece; what it passes on is shown by a test.
func TestTexts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the system says it in other words here")
	}
	own, shown := sources(t)
	said := texts(t)
	for code, all := range said {
		for _, text := range all {
			corpus := own
			if text.windows {
				continue
			}
			if text.foreign {
				corpus = shown
			}
			for piece := range strings.SplitSeq(text.words, "…") {
				if piece = strings.Trim(piece, " \"`"); len(piece) > 3 && !strings.Contains(corpus, piece) {
					t.Errorf("%s: nothing prints %q", code, piece)
				}
			}
		}
	}
	for _, e := range All() {
		if said[e.Code] == nil && !inWordsOfOthers[e.Code] {
			t.Errorf("%s has no text in testdata/texts.txt, so that a search does not find it", e.Code)
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
	syscall.ENETUNREACH, syscall.EHOSTUNREACH, syscall.ECONNREFUSED, syscall.ECONNRESET, os.ErrDeadlineExceeded,
	tls.AlertError(40), tls.AlertError(42), &net.DNSError{Err: "server misbehaving"},
	x509.CertificateInvalidError{Reason: x509.Expired}, x509.UnknownAuthorityError{},
}

// addLiterals writes the strings of a file, a line each.
func addLiterals(to *strings.Builder, path string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var failed error
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		words, err := strconv.Unquote(lit.Value)
		if err != nil {
			failed = err
		}
		to.WriteString(words + "\n")
		return true
	})
	return failed
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
