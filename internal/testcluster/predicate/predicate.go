// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package predicate evaluates the expressions by which clients select apps.
package predicate

import (
	"errors"
	"fmt"
	"strings"
)

// Expr is an expression of the part of Teleport's predicate language that
// lists of apps need (protocol.md 7.3): ==, !=, &&, || and ! over name,
// resource.kind, resource.sub_kind, labels.env, labels["env"] and strings, with
// hasPrefix, equals, contains, exists and search. Its syntax is that of Go. nil
// selects everything.
type Expr struct{ expr *node }

// Parse reads an expression. An empty one is nil.
func Parse(text string) (*Expr, error) {
	if text == "" {
		return nil, nil
	}
	expr, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("parsing expression\n\t%w", err)
	}
	return &Expr{expr}, nil
}

// Selects reports whether an app with these fields is meant: a name that does not
// exist is an error, a label that the app lacks is the empty string.
func (e *Expr) Selects(fields Fields) (bool, error) {
	if e == nil {
		return true, nil
	}
	return fields.test(e.expr)
}

// Fields are what an expression may name of an app.
type Fields struct {
	Values map[string]string // by dotted name
	Labels map[string]string
	Search func(keywords []string) bool
}

func (f Fields) test(e *node) (bool, error) {
	switch e.is {
	case parens:
		return f.test(e.of[0])
	case prefix:
		ok, err := f.test(e.of[0])
		if e.text != "!" {
			err = fmt.Errorf("operator (%s) is not supported", e.text)
		}
		return !ok, err
	case infix:
		return f.testInfix(e.text, e.of[0], e.of[1])
	case call:
		return f.testCall(e.of[0], e.of[1:])
	}
	return false, errors.New("the expression is not a boolean")
}

func (f Fields) testInfix(op string, x, y *node) (bool, error) {
	switch op {
	case "&&", "||":
		left, err := f.test(x)
		if err != nil || left == (op == "||") {
			return left, err
		}
		return f.test(y)
	case "==", "!=":
		left, err := f.value(x)
		if err != nil {
			return false, fmt.Errorf("evaluating lhs of (%s) operator\n\t%w", op, err)
		}
		right, err := f.value(y)
		if err != nil {
			return false, fmt.Errorf("evaluating rhs of (%s) operator\n\t%w", op, err)
		}
		return (left == right) == (op == "=="), nil
	}
	return false, fmt.Errorf("operator (%s) is not supported", op)
}

func (f Fields) testCall(function *node, arguments []*node) (bool, error) {
	if function.is != ident {
		return false, errors.New("only functions can be called")
	}
	var args []string
	for _, arg := range arguments {
		value, err := f.value(arg)
		if err != nil {
			return false, err
		}
		args = append(args, value)
	}
	switch name := function.text; {
	case name == "hasPrefix" && len(args) == 2:
		return strings.HasPrefix(args[0], args[1]), nil
	case name == "equals" && len(args) == 2:
		return args[0] == args[1], nil
	case name == "contains" && len(args) == 2:
		return strings.Contains(args[0], args[1]), nil
	case name == "search":
		return f.Search(args), nil
	case name == "exists" && len(args) == 1:
		return args[0] != "", nil
	}
	return false, fmt.Errorf("function %s of %d arguments is not modelled", function.text, len(args))
}

func (f Fields) value(e *node) (string, error) {
	switch {
	case e.is == literal:
		return e.text, nil
	case e.is == ident:
		return f.named(e.text)
	case e.is == index && e.of[0].isName("labels"):
		key, err := f.value(e.of[1])
		return f.Labels[key], err
	case e.is == selector && e.of[0].isName("labels"):
		return f.Labels[e.text], nil
	case e.is == selector && e.of[0].is == ident:
		return f.named(e.of[0].text + "." + e.text)
	}
	return "", errors.New("the expression is not a string")
}

func (n *node) isName(name string) bool { return n.is == ident && n.text == name }

func (f Fields) named(name string) (string, error) {
	value, ok := f.Values[name]
	if !ok {
		return "", fmt.Errorf("identifier %s is not defined", name)
	}
	return value, nil
}
