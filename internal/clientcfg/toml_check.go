// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// The parser sees one expression at a time. What is defined twice shows when all is put
// together, and what a value means when it is decoded. The library that does both goes
// through all keys for each table, so the first is done here, by its rules, and it gets
// the values alone, some at a time.

// tomlKind is how something was defined.
type tomlKind uint8

const (
	tomlPlain    tomlKind = iota
	tomlDotted            // a table that dotted keys make, and they alone go on with
	tomlOnTheWay          // a table that headers of others imply
	tomlHeaded            // one with a header
	tomlArray             // a list of tables
)

func (k tomlKind) String() string {
	return [...]string{"value", "kv-table", "table", "table", "array-table"}[k]
}

// tomlName is a name in a table.
type tomlName struct {
	table int
	name  string
}

// tomlSeen is what has been defined so far. Tables have numbers, the root 0; each
// element of a list of tables has one of its own.
type tomlSeen struct {
	numbers map[tomlName]int
	kinds   []tomlKind // by number
	current int        // the table of the last header
}

func newTOMLSeen() *tomlSeen {
	return &tomlSeen{numbers: map[tomlName]int{}, kinds: []tomlKind{tomlHeaded}}
}

func (s *tomlSeen) add(at tomlName, kind tomlKind) int {
	s.kinds = append(s.kinds, kind)
	s.numbers[at] = len(s.kinds) - 1
	return len(s.kinds) - 1
}

// header is the line of a header; what it returns is wrong with it.
func (s *tomlSeen) header(path []string, array bool) (wrong string) {
	last := len(path) - 1
	s.current = 0
	for _, name := range path[:last] {
		at := tomlName{s.current, name}
		n, there := s.numbers[at]
		switch {
		case !there:
			n = s.add(at, tomlOnTheWay)
		case s.kinds[n] == tomlPlain:
			return fmt.Sprintf("key %s already exists as a value", name)
		}
		s.current = n
	}
	at := tomlName{s.current, path[last]}
	n, there := s.numbers[at]
	switch {
	case !there && array, array && s.kinds[n] == tomlArray:
		n = s.add(at, tomlArray)
	case !there:
		n = s.add(at, tomlHeaded)
	case array:
		return fmt.Sprintf("key %s already exists as a %s, but should be an array table", at.name, s.kinds[n])
	case s.kinds[n] == tomlOnTheWay:
		s.kinds[n] = tomlHeaded
	default:
		return fmt.Sprintf([...]string{
			tomlPlain:  "key %s should be a table, not a value",
			tomlDotted: "table %s already exists as defined by a dotted key",
			tomlHeaded: "table %s already exists",
			tomlArray:  "table %s already exists as an array of tables",
		}[s.kinds[n]], at.name)
	}
	s.current = n
	return ""
}

// pair is the key of a line below the last header.
func (s *tomlSeen) pair(key []string) (wrong string) {
	table := s.current
	for i, name := range key {
		at := tomlName{table, name}
		n, there := s.numbers[at]
		switch {
		case !there && i == len(key)-1:
			s.add(at, tomlPlain)
		case !there:
			n = s.add(at, tomlDotted)
		case i == len(key)-1 || s.kinds[n] != tomlDotted:
			return fmt.Sprintf("key %s is already defined", name)
		}
		table = n
	}
	return ""
}

// maxDecoded is how many bytes of values are decoded at a time, beside the last one.
const maxDecoded = 4 << 10

// checkValues decodes all values.
func (d *tomlDoc) checkValues() error {
	var text []byte
	var some []*tomlPair
	var starts []int // of their values in text
	for i, p := range d.pairs {
		if p.in == nil {
			text = fmt.Appendf(text, "k%d = ", len(some))
			some, starts = append(some, p), append(starts, len(text))
			text = append(append(text, d.data[p.value:p.end]...), '\n')
		}
		if len(text) < maxDecoded && i < len(d.pairs)-1 {
			continue
		}
		var all map[string]any
		if err := toml.Unmarshal(text, &all); err != nil {
			return d.decodeError(err, text, some, starts)
		}
		text, some, starts = text[:0], some[:0], starts[:0]
	}
	return nil
}

// decodeError says which of some values is wrong, and how. They begin at starts in text.
func (d *tomlDoc) decodeError(err error, text []byte, some []*tomlPair, starts []int) error {
	var bad *toml.DecodeError
	if !errors.As(err, &bad) {
		return errorAt(d.data, 0, "not TOML")
	}
	msg := "invalid value"
	if len(bad.Key()) > 1 { // about keys of an inline table: one of them is there twice
		msg = strings.TrimPrefix(bad.Error(), "toml: ")
	}
	row, column := bad.Position()
	at := 0
	for range row - 1 {
		at = lineEnd(text, at)
	}
	at += max(column-1, 0)
	i := len(some) - 1
	for i > 0 && starts[i] > at {
		i--
	}
	return errorAt(d.data, min(some[i].value+max(at-starts[i], 0), len(d.data)), msg)
}
