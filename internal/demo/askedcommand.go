// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// stdioScheme begins an --app that is a command, and what stands for one in
// Teleport: a URI that names nothing, with the command beside it.
const (
	stdioScheme = "mcp+stdio:"
	stdioURI    = "mcp+stdio://"
)

var (
	errOpenQuote = errors.New("a quotation mark is not closed")
	errNoCommand = errors.New("no command follows")
	errShell     = errors.New("no shell reads it: write sh -c '...' for one that has |, &, ; or a redirection")
)

// shellWord is a word that means something to a shell alone, unless it is quoted.
var shellWord = pattern.New(`^[|&;<>]|^[0-9][<>]`)

// parseStdioApp is the app that --app='NAME=mcp+stdio:COMMAND ARG...' asks for.
func parseStdioApp(name, line string) (testcluster.App, error) {
	words, err := splitWords(line)
	if err == nil && (len(words) == 0 || strings.HasPrefix(line, "//")) {
		err = errNoCommand
	}
	if err == nil {
		if words[0], err = exec.LookPath(words[0]); err != nil {
			err = fmt.Errorf("%w (no shell reads it)", err)
		}
	}
	if err != nil {
		return testcluster.App{}, fmt.Errorf("--app takes NAME='mcp+stdio:COMMAND ARG...' with a program on this machine: %w", err)
	}
	return testcluster.App{Name: name, URI: stdioURI, Command: words}, nil
}

// splitWords splits a command into words. Quotation marks of either kind keep
// spaces; a backslash is one, for paths of Windows.
func splitWords(line string) (words []string, err error) {
	var word strings.Builder
	var quote rune
	begun, bare := false, true
	end := func() {
		if begun {
			words = append(words, word.String())
		}
		if begun && bare && err == nil && shellWord.MatchString(word.String()) {
			err = errShell
		}
		word.Reset()
		begun, bare = false, true
	}
	for _, r := range line {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, begun, bare = r, true, false
		case quote == 0 && (r == ' ' || r == '\t'):
			end()
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if quote != 0 {
		return nil, errOpenQuote
	}
	end()
	return words, err
}
