// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package pattern has regular expressions that are compiled when they are first
// used. A bridge is started once per client and server, and uses few of those that
// the program has.
package pattern

import (
	"regexp"
	"sync"
)

// Pattern is an expression of package regexp. It may be used by several goroutines.
type Pattern struct {
	expr     string
	once     sync.Once
	compiled *regexp.Regexp
}

// New returns the pattern of an expression, which is a constant: one that is
// wrong panics at its first use. A test compiles all there are.
func New(expr string) *Pattern { return &Pattern{expr: expr} }

// Regexp is the compiled expression.
func (p *Pattern) Regexp() *regexp.Regexp {
	p.once.Do(func() { p.compiled = regexp.MustCompile(p.expr) })
	return p.compiled
}

// MatchString reports whether the text contains a match.
func (p *Pattern) MatchString(text string) bool { return p.Regexp().MatchString(text) }

// FindStringSubmatch returns the first match and its groups, nil if there is none.
func (p *Pattern) FindStringSubmatch(text string) []string {
	return p.Regexp().FindStringSubmatch(text)
}

// ReplaceAllString returns the text with its matches replaced; $1 is a group.
func (p *Pattern) ReplaceAllString(text, by string) string {
	return p.Regexp().ReplaceAllString(text, by)
}
