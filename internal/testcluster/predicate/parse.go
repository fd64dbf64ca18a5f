// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package predicate

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxOperands bounds an expression, and with it how deep it is.
const maxOperands = 100_000

// node is an expression: what it is, what it is of, and its name, operator or value.
type node struct {
	is   form
	text string
	of   []*node
}

type form int

const (
	ident    form = iota // name
	literal              // "value"
	other                // a number or a character
	parens               // (of[0])
	prefix               // !of[0]
	infix                // of[0] == of[1]
	selector             // of[0].text
	index                // of[0][of[1]]
	call                 // of[0](of[1], ...)
)

// reader reads an expression of Go, but for types, comments, slices and numbers
// that are not whole. Nothing follows its first error.
type reader struct {
	all      string
	tok      token
	operands int
	err      error
}

func parse(all string) (*node, error) {
	r := &reader{all: all}
	if !utf8.ValidString(all) || strings.ContainsAny(all, "\x00\uFEFF") {
		r.fail(0, "illegal character")
	}
	r.next()
	x := r.expr(1)
	if r.tok.kind == newlineToken {
		r.next()
	}
	if r.tok.kind != endToken {
		r.expected("'EOF'")
	}
	return x, r.err
}

// next takes the token that follows, which after an error is the end.
func (r *reader) next() {
	t := r.tok
	ends := t.kind >= nameToken || t.kind == signToken && (t.text == ")" || t.text == "]" || t.text == "}")
	if r.err != nil {
		t, ends = token{at: len(r.all)}, false
	}
	tok, err := scan(r.all, t.at+len(t.text), ends)
	if r.tok = tok; err != nil {
		r.fail(tok.at, err.Error())
	}
}

// fail keeps the first error, with its line and the byte in it, both from 1.
func (r *reader) fail(at int, msg string) {
	if r.err == nil {
		before := r.all[:at]
		r.err = fmt.Errorf("%d:%d: %s", 1+strings.Count(before, "\n"), at-strings.LastIndexByte(before, '\n'), msg)
	}
	r.tok = token{at: len(r.all)}
}

func (r *reader) expected(what string) { r.fail(r.tok.at, "expected "+what+", found "+r.tok.found()) }

func (r *reader) at(s string) bool { return r.tok.kind == signToken && r.tok.text == s }

// take takes a sign that has to be there.
func (r *reader) take(s string) {
	if !r.at(s) {
		r.expected("'" + s + "'")
	}
	r.next()
}

// expr reads operands with operators between them that bind as strong as this, or
// stronger.
func (r *reader) expr(strength int) *node {
	x := r.operand()
	for {
		op := r.tok.text
		if r.at("=") {
			r.expected("'=='")
		}
		binds := 0
		if r.tok.kind == signToken {
			binds = strengthOf(op)
		}
		if binds < strength {
			return x
		}
		r.next()
		x = &node{infix, op, []*node{x, r.expr(binds + 1)}}
	}
}

// strengthOf an operator between two operands, 0 for what is none.
func strengthOf(op string) int {
	switch op {
	case "||":
		return 1
	case "&&":
		return 2
	case "==", "!=", "<", "<=", ">", ">=":
		return 3
	case "+", "-", "|", "^":
		return 4
	case "*", "/", "%", "<<", ">>", "&", "&^":
		return 5
	}
	return 0
}

// operand reads one, with the operators before it and what is taken of it.
func (r *reader) operand() *node {
	if r.operands++; r.operands > maxOperands {
		r.fail(r.tok.at, "the expression is too long")
	}
	t := r.tok
	if t.kind == signToken && len(t.text) == 1 && strings.Contains("+-!^&~", t.text) {
		r.next()
		return &node{prefix, t.text, []*node{r.operand()}}
	}
	x := &node{text: t.text}
	switch {
	case t.kind == nameToken:
		x.is = ident
	case t.kind == numberToken:
		x.is = other
	case t.kind == textToken:
		value, err := strconv.Unquote(t.text)
		if err != nil {
			r.fail(t.at, err.Error())
		}
		x.is, x.text = literal, value
	case r.at("("):
		r.next()
		x.is, x.of = parens, []*node{r.expr(1)}
		if !r.at(")") {
			r.expected("')'")
		}
	default:
		r.expected("operand")
	}
	r.next()
	return r.taken(x)
}

// taken reads what is taken of an operand: .name, [index], (arguments).
func (r *reader) taken(x *node) *node {
	for {
		switch {
		case r.at("."):
			if r.next(); r.tok.kind != nameToken {
				r.expected("selector or type assertion")
			}
			x = &node{selector, r.tok.text, []*node{x}}
			r.next()
		case r.at("["):
			r.next()
			x = &node{index, "", []*node{x, r.expr(1)}}
			r.take("]")
		case r.at("("):
			r.next()
			x = &node{call, "", append([]*node{x}, r.arguments()...)}
			r.take(")")
		default:
			return x
		}
	}
}

// arguments reads those of a call. A comma may follow the last one.
func (r *reader) arguments() (args []*node) {
	for !r.at(")") && r.tok.kind != endToken {
		args = append(args, r.expr(1))
		switch {
		case r.at(")"):
			return args
		case r.tok.kind == newlineToken:
			r.fail(r.tok.at, "missing ',' before newline in argument list")
		case !r.at(","):
			r.fail(r.tok.at, "missing ',' in argument list")
		}
		r.next()
	}
	return args
}
