// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the source itself: what comments cite is in the documents.

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// Comments cite facts of the wire and rules of the bridge in one form: the
// document, a space, and numbers with ", " or " to " between them, as in
// transport.md B13 to B15, P11. A number is that of a heading or of a rule in
// bold; the mark of a rule never stands without its document.
const citedNumber = `(?:[0-9]+[A-Z]?(?:\.[0-9]+)*|[ABEMP][0-9]+|F-[0-9]+b?)`

var (
	citation     = pattern.New(`\b(protocol|transport)\.md\b( ` + citedNumber + `(?:(?:, | to )` + citedNumber + `)*\b)?`)
	citedNumbers = pattern.New(citedNumber)
	numbered     = pattern.New(`(?m)^(?:#+ |(?:- )?\*\*)(` + citedNumber + `)(?:\*\*)? `)
	bareMark     = pattern.New(`\b(?:[ABMP][0-9]{1,2}|F-[0-9]+b?|1[A-G])\b`)
	looseNumber  = pattern.New(`^,? (?:and|or|steps?|trap|rule|chapter) [0-9A-Z]`)
	noDocument   = pattern.New(`(?i)\b(?:protocol|transport|clients?'?|raw(?: mcp)?) reference\b`)
)

// citable returns the numbers of the document docs/NAME.
func citable(t *testing.T, name string) map[string]bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("../../docs", name))
	if err != nil {
		t.Fatal(err)
	}
	has := map[string]bool{}
	for _, m := range numbered.Regexp().FindAllStringSubmatch(string(data), -1) {
		if has[m[1]] {
			t.Errorf("docs/%s has two of %s", name, m[1])
		}
		has[m[1]] = true
	}
	if len(has) < 50 {
		t.Fatalf("docs/%s has %d numbers, is it read right?", name, len(has))
	}
	return has
}

// citationFaults calls report with each fault of the citations in a text
// without line ends, and where it is. It returns how many citations there are.
func citationFaults(text string, documents map[string]map[string]bool, report func(offset int, fault string)) int {
	for _, at := range noDocument.Regexp().FindAllStringIndex(text, -1) {
		report(at[0], text[at[0]:at[1]]+" is no document: cite protocol.md or transport.md by number")
	}
	all := citation.Regexp().FindAllStringSubmatchIndex(text, -1)
	rest := []byte(text)
	for _, m := range all {
		document := text[m[2]:m[3]] + ".md"
		switch {
		case m[4] < 0:
			report(m[0], document+" is cited without a number")
			continue
		case looseNumber.MatchString(text[m[1]:]):
			report(m[1], `between numbers stands ", " or " to ", not`+text[m[1]:m[1]+5])
		}
		for _, number := range citedNumbers.Regexp().FindAllString(text[m[4]:m[5]], -1) {
			if !documents[document][number] {
				report(m[0], document+" has no "+number)
			}
		}
		copy(rest[m[0]:m[1]], strings.Repeat("-", m[1]-m[0]))
	}
	for _, at := range bareMark.Regexp().FindAllIndex(rest, -1) {
		report(at[0], "write transport.md "+string(rest[at[0]:at[1]]))
	}
	return len(all)
}

// commentWords joins the lines of a comment, since a citation may be broken
// over two, and returns also the line of the file that an offset is on.
func commentWords(set *token.FileSet, group *ast.CommentGroup) (string, func(offset int) int) {
	var text strings.Builder
	var ends []int // of the lines in text
	for _, c := range group.List {
		for line := range strings.SplitSeq(c.Text, "\n") {
			text.WriteString(strings.TrimSpace(strings.TrimPrefix(line, "//")) + " ")
			ends = append(ends, text.Len())
		}
	}
	first := set.Position(group.Pos()).Line
	return text.String(), func(offset int) int {
		line := first
		for line-first < len(ends)-1 && offset >= ends[line-first] {
			line++
		}
		return line
	}
}

// TestCitations holds that the documents have what comments cite of them.
func TestCitations(t *testing.T) {
	documents := map[string]map[string]bool{}
	for _, name := range []string{"protocol.md", "transport.md"} {
		documents[name] = citable(t, name)
	}
	cited := 0
	for _, root := range []string{"..", "../../internal"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" {
				return err
			}
			set := token.NewFileSet()
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			if err != nil {
				return err
			}
			for _, group := range file.Comments {
				text, lineOf := commentWords(set, group)
				cited += citationFaults(text, documents, func(offset int, fault string) {
					t.Errorf("%s:%d: %s", path, lineOf(offset), fault)
				})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if cited < 200 {
		t.Errorf("%d citations, are comments read right?", cited)
	}
}

// TestCitationFaults holds that the test above can fail.
func TestCitationFaults(t *testing.T) {
	documents := map[string]map[string]bool{
		"protocol.md":  {"8": true, "8.4": true, "12.13": true},
		"transport.md": {"1F": true, "3.3.8": true, "A13": true, "B15": true, "F-9": true, "F-9b": true},
	}
	for text, want := range map[string]int{
		"as it is (protocol.md 8.4).":                                 0,
		"(protocol.md 8.4, 12.13) and 5 more":                         0,
		"protocol.md 8. The next sentence":                            0,
		"(transport.md 1F, 3.3.8, A13 to B15), F-words, P-256":        0,
		"rows F of transport.md F-9 to F-9b":                          0,
		"(protocol.md 8.5)":                                           1,
		"(protocol.md 8.4.1, 9)":                                      2,
		"(protocol.md A13)":                                           1,
		"(transport.md F-9c)":                                         1,
		"(protocol.md 8, 8.4 and 12.13)":                              1,
		"(transport.md 3.3.8, step 4)":                                1,
		"docs/protocol.md has it":                                     1,
		"(B15), as in transport.md A13":                               1,
		"as F-9b says":                                                1,
		"protocol " + "reference 8.4":                                 1,
		"the Transport " + "reference and the clients " + "reference": 2,
	} {
		var got []string
		citationFaults(text, documents, func(_ int, fault string) { got = append(got, fault) })
		if len(got) != want {
			t.Errorf("%q: %q, want %d faults", text, got, want)
		}
	}
}

// TestRulesReferToRules holds the same for the documents themselves: the marks
// that rules refer to each other by, and the citations of the others.
func TestRulesReferToRules(t *testing.T) {
	documents := map[string]map[string]bool{"protocol.md": citable(t, "protocol.md"), "transport.md": citable(t, "transport.md")}
	paths, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(data), "\n", " ")
		if filepath.Base(path) == "transport.md" {
			for _, mark := range bareMark.Regexp().FindAllString(text, -1) {
				if !documents["transport.md"][mark] {
					t.Errorf("%s refers to %s, which it does not have", path, mark)
				}
			}
		}
		for _, m := range citation.Regexp().FindAllStringSubmatch(text, -1) {
			for _, number := range citedNumbers.Regexp().FindAllString(m[2], -1) {
				if !documents[m[1]+".md"][number] {
					t.Errorf("%s cites %s.md %s, which is not there", path, m[1], number)
				}
			}
		}
	}
}
