// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// TOML and YAML are parsed into trees, in which a value takes hundreds of bytes, however
// short it is. So the values are counted before, and a file whose tree might take more
// than five times the file, and as much again of the first megabyte, beside a fixed part,
// is refused. 5,000 entries with all fields that there are may take more: a file is not
// refused either whose values are as long as theirs, up to a tree as large as theirs.
const (
	treeFree    = 20 << 20
	treePerByte = 5
	treeFirst   = 6 << 20
	richPerByte = 36
	richMost    = 48 << 20
)

// errHeavy: the parsed file would take too much memory.
var errHeavy = errcode.New(errcode.FileTooLarge, "the file has too many values for a config file")

// checkWeight refuses a text whose tree might take so many bytes.
func checkWeight(text []byte, weight int) error {
	most := treePerByte * len(text)
	if weight > max(treeFree+most+min(most, treeFirst), min(richPerByte*len(text), richMost)) {
		return errHeavy
	}
	return nil
}

// What is in a tree for a character of a TOML text, in bytes, as measured.
const (
	tomlPairWeight  = 500 // of =
	tomlPartWeight  = 450 // of a dot in a key
	tomlTableWeight = 200 // of {, beside that of a list
	tomlListWeight  = 220 // of [
	tomlItemWeight  = 170 // of a comma
	tomlHeadWeight  = 180 // of a header, beside that of a list
	tomlPathWeight  = 16  // of each part of the path of a pair
)

// checkTOMLWeight refuses a TOML text of too many values, or too deep a nesting.
func checkTOMLWeight(text []byte) error {
	weight, depth, dots := 0, 0, 0
	header := 0 // how many parts its path has
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\n':
			if depth == 0 {
				dots = 0
			}
		case '#':
			i += len(line(text[i:])) - 1
		case '"', '\'':
			i = tomlStringEnd(text, i)
		case '=':
			weight += tomlPairWeight + (header+dots)*tomlPathWeight
		case '.':
			dots++
			weight += tomlPartWeight
		case ',':
			weight += tomlItemWeight
		case '{', '[':
			weight += tomlListWeight
			if text[i] == '{' {
				weight += tomlTableWeight
			}
			if depth++; depth > maxDepth {
				return errorAt(text, i, "nested too deeply")
			}
			if depth == 1 && len(bytes.TrimSpace(text[lineStart(text, i):i])) == 0 {
				header = bytes.Count(line(text[i:]), []byte(".")) + 1
				weight += tomlHeadWeight
			}
		case '}', ']':
			depth = max(depth-1, 0)
		}
	}
	return checkWeight(text, weight)
}

// tomlStringEnd returns the offset of the last byte of a string.
func tomlStringEnd(text []byte, at int) int {
	quote := text[at : at+1]
	if long := bytes.Repeat(quote, 3); bytes.HasPrefix(text[at:], long) {
		for i := at + 3; i < len(text); i++ {
			switch {
			case text[i] == '\\' && quote[0] == '"':
				i++
			case text[i] == quote[0] && bytes.HasPrefix(text[i:], long):
				last := i + 2
				for last < i+4 && bytes.HasPrefix(text[last+1:], quote) { // they are part of the text
					last++
				}
				return last
			}
		}
		return len(text)
	}
	for i := at + 1; i < len(text) && text[i] != '\n'; i++ {
		switch {
		case text[i] == '\\' && quote[0] == '"':
			i++
		case text[i] == quote[0]:
			return i
		}
	}
	return at
}

// yamlWeight is what is in a tree for each node of a YAML text, in bytes, as measured.
// A comment takes up to commentNodes times as much: the parser keeps a list of them, with
// four places for each.
const (
	yamlWeight   = 230
	commentNodes = 3
)

// checkYAMLWeight refuses a YAML text of too many values. A text that has little of what
// can begin one is not looked at any closer.
func checkYAMLWeight(text []byte) error {
	if checkWeight(text, (1+yamlMarks(text))*yamlWeight) == nil {
		return nil
	}
	return checkWeight(text, countYAML(text)*yamlWeight)
}

// yamlMarks counts the nodes that there may be, also in comments and texts, and the
// comments as nodes.
func yamlMarks(text []byte) int {
	nodes := 0
	for i := range text {
		nodes += yamlMark(text, i)
	}
	return nodes
}

// yamlMark is how many nodes a character can begin.
func yamlMark(text []byte, i int) int {
	next := yamlText{data: text}.at(i + 1)
	switch text[i] {
	case ':':
		if isYAMLEnd(next) || i == 0 || !isWordByte(text[i-1]) { // not in https://host:80
			return 2
		}
	case ',', '{':
		return 2
	case '[':
		if next != ']' {
			return 1
		}
	case '&':
		return 1
	case '!':
		if i == 0 || isYAMLEnd(text[i-1]) { // not in Go!
			return 1
		}
	case '#':
		if opensComment(text, i) {
			return commentNodes
		}
	case '-':
		if isYAMLEnd(next) {
			return 1
		}
	case '?':
		if isYAMLEnd(next) {
			return 2
		}
	}
	return 0
}

// opensComment reports whether a # may open a comment, and does not go on with that of
// the line before, at the same column.
func opensComment(text []byte, i int) bool {
	start := len(bytes.TrimRight(text[:i], " \t"))
	if start > 0 && text[start-1] != '\n' {
		return start < i
	}
	if start == 0 {
		return true
	}
	before := text[lineStart(text, start-1):start]
	column := i - start
	return column >= len(before) || before[column] != '#' || len(bytes.TrimLeft(before[:column], " \t")) > 0
}

// isYAMLEnd reports whether an indicator can end with the character behind it.
func isYAMLEnd(next byte) bool { return isSpace(next) || strings.IndexByte(",[]{}", next) >= 0 }
