// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/usage"
)

func TestGiven(t *testing.T) {
	file := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(file, []byte("text\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "b")
	if err := os.WriteFile(binary, []byte("\xff\xfe"), 0o600); err != nil {
		t.Fatal(err)
	}
	tool := Tool{Name: "t", schema: newSchema([]byte(`{"required":["a"],"properties":{"a":{"type":"string"},"é=":{}}}`))}
	tool.Arguments = tool.schema.arguments()
	open := Tool{Name: "open"}
	for name, tt := range map[string]struct {
		given Given
		tool  Tool
		want  string
		code  int
	}{
		"nothing":                  {Given{}, open, `{}`, 0},
		"nothing, and one is due":  {Given{}, tool, `t: needs a (string)`, usage.ExitCode},
		"a pair":                   {Given{Words: []string{"a=b=c"}}, tool, `{"a":"b=c"}`, 0},
		"no declarations":          {Given{Words: []string{"x=1", "y=z"}}, open, `{"x":1,"y":"z"}`, 0},
		"an unknown one":           {Given{Words: []string{"a=b", "b=c"}}, tool, `t has no argument "b"`, usage.ExitCode},
		"no pair":                  {Given{Words: []string{"a"}}, tool, `"a" is not KEY=VALUE; give arguments as such pairs, or as one JSON object, or as - for one on stdin`, usage.ExitCode},
		"no key":                   {Given{Words: []string{"=a"}}, tool, `"=a" is not KEY=VALUE`, usage.ExitCode},
		"JSON":                     {Given{Words: []string{` {"b": 1} `}}, tool, `{"b":1}`, 0},
		"JSON that is none":        {Given{Words: []string{`{"b": 1}}`}}, tool, `the argument is not a JSON object`, usage.ExitCode},
		"JSON and a pair":          {Given{Words: []string{`{}`, "a=b"}}, tool, `give arguments as KEY=VALUE pairs, or as one JSON object, or as - for one on stdin: only one of these`, usage.ExitCode},
		"JSON and a file":          {Given{Words: []string{`-`}, Files: []string{"a=" + file}}, tool, `give arguments as KEY=VALUE pairs`, usage.ExitCode},
		"stdin":                    {Given{Words: []string{"-"}, Stdin: strings.NewReader("{\"a\":\n1}\n")}, tool, `{"a":1}`, 0},
		"an array on stdin":        {Given{Words: []string{"-"}, Stdin: strings.NewReader("[]")}, tool, `stdin is not a JSON object`, usage.ExitCode},
		"a mark at the beginning":  {Given{Words: []string{"-"}, Stdin: strings.NewReader("\ufeff{\"a\":1}\r\n")}, tool, `{"a":1}`, 0},
		"not UTF-8 on stdin":       {Given{Words: []string{"-"}, Stdin: strings.NewReader("{\"a\":\"\xff\"}")}, tool, `stdin is not text in UTF-8`, usage.ExitCode},
		"not UTF-8 in JSON":        {Given{Words: []string{"{\"a\":\"\xff\"}"}}, tool, `the argument is not text in UTF-8`, usage.ExitCode},
		"UTF-16 on stdin":          {Given{Words: []string{"-"}, Stdin: strings.NewReader("\xff\xfe{\x00}\x00")}, tool, `stdin is not text in UTF-8`, usage.ExitCode},
		"null on stdin":            {Given{Words: []string{"-"}, Stdin: strings.NewReader("null")}, tool, `stdin is not a JSON object: it is null`, usage.ExitCode},
		"nothing on stdin":         {Given{Words: []string{"-"}, Stdin: strings.NewReader("")}, tool, `stdin is not a JSON object`, usage.ExitCode},
		"stdin without end":        {Given{Words: []string{"-"}, Stdin: endless{}}, tool, `it is longer than`, 1},
		"a file":                   {Given{Files: []string{"a=" + file}}, tool, `{"a":"text\n"}`, 0},
		"a file that is not there": {Given{Files: []string{"a=" + file + "x"}}, tool, `a: open `, 1},
		"a file that is no text":   {Given{Files: []string{"a=" + binary}}, tool, `the value of a is not text in UTF-8`, usage.ExitCode},
		"a pair that is no text":   {Given{Words: []string{"a=\xff"}}, tool, `the value of a is not text in UTF-8`, usage.ExitCode},
		"a folder":                 {Given{Files: []string{"a=" + t.TempDir()}}, tool, `a: read `, 1},
	} {
		got := ""
		typed, err := tt.given.read(t.Context())
		if err == nil {
			var doc []byte
			doc, err = tt.tool.encode(Place{App: "notes"}, typed)
			got = string(doc)
		}
		var own interface{ ExitCode() int }
		code := 0
		if err != nil {
			got, code = err.Error(), 1
			if errors.As(err, &own) {
				code = own.ExitCode()
			}
		}
		if !strings.HasPrefix(got, tt.want) || code != tt.code {
			t.Errorf("%s: %.200s (%d), want %s (%d)", name, got, code, tt.want, tt.code)
		}
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// Ctrl-C while a person types the arguments ends it.
func TestGivenIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	defer w.Close()
	cancel()
	if _, err := (Given{Words: []string{"-"}, Stdin: r}).read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// A prompt's arguments are strings, also those that it does not declare.
func TestGivenToPrompts(t *testing.T) {
	got, err := (&Prompt{Name: "review"}).asTool().encode(Place{App: "notes"}, &typed{values: []named{{"n", []string{"5"}}, {"on", []string{"true"}}}})
	if want := `{"n":"5","on":"true"}`; err != nil || string(got) != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
}
