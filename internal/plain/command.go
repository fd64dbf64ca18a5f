// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"runtime"
	"slices"
	"strings"
)

// bareWord matches what no shell changes.
const bareWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/@+%"

// CommandLine is what a person can paste into a shell of that system, or empty if
// it cannot be shown: with something hidden in a word it would be another command.
func CommandLine(goos string, words []string) string {
	if joined := strings.Join(words, " "); Line(joined) != joined {
		return ""
	}
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = quoteWord(goos, word)
	}
	return strings.Join(quoted, " ")
}

// Command is a command line of these words for a shell of this machine. In place
// of a word that cannot be shown is an ellipsis.
func Command(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = "…"
		if Line(word) == word {
			quoted[i] = quoteWord(runtime.GOOS, word)
		}
	}
	return strings.Join(quoted, " ")
}

// Again is a command line of this program, with flags of another one behind its words.
func Again(flags []string, words ...string) string {
	return Command(slices.Concat([]string{"tshmcp"}, words, flags)...)
}

func quoteWord(goos, word string) string {
	bare := bareWord
	if goos == "windows" {
		bare += `\`
	}
	switch {
	case word != "" && strings.Trim(word, bare) == "":
		return word
	case goos == "windows":
		return quoteWindows(word)
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// quoteWindows quotes a word as programs of Windows read it: backslashes are themselves,
// but for those before a quote, of which each has to be two.
func quoteWindows(word string) string {
	var quoted strings.Builder
	slashes := 0 // at the end of what was written
	for _, c := range []byte(word) {
		if c == '"' {
			quoted.WriteString(strings.Repeat(`\`, slashes+1))
		}
		quoted.WriteByte(c)
		if slashes++; c != '\\' {
			slashes = 0
		}
	}
	return `"` + quoted.String() + strings.Repeat(`\`, slashes) + `"`
}
