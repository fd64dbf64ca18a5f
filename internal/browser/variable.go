// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package browser

import "strings"

// named are the command lines of BROWSER whose program exists.
func (s System) named(variable string) []command {
	separator := ":"
	if s.GOOS == "windows" {
		separator = ";"
	}
	var found []command
	for entry := range strings.SplitSeq(variable, separator) {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		// The path of a program may have blanks: "/Applications/Google Chrome.app/...".
		if path, err := s.LookPath(entry); err == nil {
			found = append(found, command{path})
			continue
		}
		words := fields(entry, s.GOOS == "windows")
		if n := len(words); n > 1 && words[n-1] == "&" { // in the background, where everything is
			words = words[:n-1]
		}
		if len(words) == 0 {
			continue
		}
		if path, err := s.LookPath(words[0]); err == nil {
			found = append(found, append(command{path}, words[1:]...))
		}
	}
	return found
}

// fields splits a command line at blanks. As in a shell, quotes keep words
// together, and so does a backslash, except on Windows.
func fields(line string, windows bool) []string {
	var (
		words  []string
		word   strings.Builder
		quote  rune
		inWord bool
		taken  bool // the next one is taken as it is
	)
	for _, r := range line {
		switch {
		case taken:
			word.WriteRune(r)
			taken = false
		case r == '\\' && quote != '\'' && !windows:
			taken, inWord = true, true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote, inWord = r, true
		case quote == 0 && (r == ' ' || r == '\t'):
			if inWord {
				words = append(words, word.String())
				word.Reset()
				inWord = false
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if inWord {
		words = append(words, word.String())
	}
	return words
}
