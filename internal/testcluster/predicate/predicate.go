// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package predicate evaluates the expressions by which clients select apps.
package predicate

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
)

// Expr is an expression of the part of Teleport's predicate language that
// lists of apps need (protocol.md 7.3): ==, !=, &&, || and ! over name,
// resource.kind, resource.sub_kind, labels.env, labels["env"] and strings, with
// hasPrefix, equals, contains, exists and search. Its syntax is that of Go. nil
// selects everything.
type Expr struct{ expr ast.Expr }

// Parse reads an expression. An empty one is nil.
func Parse(text string) (*Expr, error) {
	if text == "" {
		return nil, nil
	}
	expr, err := parser.ParseExpr(text)
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

func (f Fields) test(expr ast.Expr) (bool, error) {
	switch e := expr.(type) {
	case *ast.ParenExpr:
		return f.test(e.X)
	case *ast.UnaryExpr:
		ok, err := f.test(e.X)
		if e.Op != token.NOT {
			err = fmt.Errorf("operator (%s) is not supported", e.Op)
		}
		return !ok, err
	case *ast.BinaryExpr:
		return f.testBinary(e)
	case *ast.CallExpr:
		return f.testCall(e)
	}
	return false, errors.New("the expression is not a boolean")
}

func (f Fields) testBinary(e *ast.BinaryExpr) (bool, error) {
	switch e.Op {
	case token.LAND, token.LOR:
		left, err := f.test(e.X)
		if err != nil || left == (e.Op == token.LOR) {
			return left, err
		}
		return f.test(e.Y)
	case token.EQL, token.NEQ:
		left, err := f.value(e.X)
		if err != nil {
			return false, fmt.Errorf("evaluating lhs of (%s) operator\n\t%w", e.Op, err)
		}
		right, err := f.value(e.Y)
		if err != nil {
			return false, fmt.Errorf("evaluating rhs of (%s) operator\n\t%w", e.Op, err)
		}
		return (left == right) == (e.Op == token.EQL), nil
	}
	return false, fmt.Errorf("operator (%s) is not supported", e.Op)
}

func (f Fields) testCall(e *ast.CallExpr) (bool, error) {
	name, _ := e.Fun.(*ast.Ident)
	if name == nil {
		return false, errors.New("only functions can be called")
	}
	var args []string
	for _, arg := range e.Args {
		value, err := f.value(arg)
		if err != nil {
			return false, err
		}
		args = append(args, value)
	}
	switch {
	case name.Name == "hasPrefix" && len(args) == 2:
		return strings.HasPrefix(args[0], args[1]), nil
	case name.Name == "equals" && len(args) == 2:
		return args[0] == args[1], nil
	case name.Name == "contains" && len(args) == 2:
		return strings.Contains(args[0], args[1]), nil
	case name.Name == "search":
		return f.Search(args), nil
	case name.Name == "exists" && len(args) == 1:
		return args[0] != "", nil
	}
	return false, fmt.Errorf("function %s of %d arguments is not modelled", name.Name, len(args))
}

func (f Fields) value(expr ast.Expr) (string, error) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return strconv.Unquote(e.Value)
		}
	case *ast.IndexExpr:
		if of, _ := e.X.(*ast.Ident); of != nil && of.Name == "labels" {
			key, err := f.value(e.Index)
			return f.Labels[key], err
		}
	case *ast.SelectorExpr:
		of, _ := e.X.(*ast.Ident)
		if of != nil && of.Name == "labels" {
			return f.Labels[e.Sel.Name], nil
		}
		if of != nil {
			return f.named(of.Name + "." + e.Sel.Name)
		}
	case *ast.Ident:
		return f.named(e.Name)
	}
	return "", errors.New("the expression is not a string")
}

func (f Fields) named(name string) (string, error) {
	value, ok := f.Values[name]
	if !ok {
		return "", fmt.Errorf("identifier %s is not defined", name)
	}
	return value, nil
}
