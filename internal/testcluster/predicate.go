// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// predicate is an expression of the part of Teleport's predicate language that
// lists of apps need (protocol.md 7.3): ==, !=, &&, || and ! over name,
// resource.kind, resource.sub_kind, labels.env, labels["env"] and strings, with
// hasPrefix, equals, contains, exists and search. Its syntax is that of Go. nil
// selects everything.
type predicate struct{ expr ast.Expr }

// parsePredicate reads an expression; its error is the status of the call.
func parsePredicate(text string) (*predicate, error) {
	if text == "" {
		return nil, nil
	}
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return nil, status.Errorf(codes.Unknown, "parsing expression\n\t%v", err)
	}
	return &predicate{expr}, nil
}

// selects reports whether an app with these fields is meant: a name that does not
// exist is an error, a label that the app lacks is the empty string.
func (p *predicate) selects(fields appFields) (bool, error) {
	if p == nil {
		return true, nil
	}
	ok, err := fields.test(p.expr)
	if err != nil {
		return false, status.Error(codes.InvalidArgument, err.Error())
	}
	return ok, nil
}

// appFields are what a predicate may name of an app.
type appFields struct {
	values map[string]string // by dotted name
	labels map[string]string
	search func(keywords []string) bool
}

func (f appFields) test(expr ast.Expr) (bool, error) {
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

func (f appFields) testBinary(e *ast.BinaryExpr) (bool, error) {
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

func (f appFields) testCall(e *ast.CallExpr) (bool, error) {
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
		return f.search(args), nil
	case name.Name == "exists" && len(args) == 1:
		return args[0] != "", nil
	}
	return false, fmt.Errorf("function %s of %d arguments is not modelled", name.Name, len(args))
}

func (f appFields) value(expr ast.Expr) (string, error) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			return strconv.Unquote(e.Value)
		}
	case *ast.IndexExpr:
		if of, _ := e.X.(*ast.Ident); of != nil && of.Name == "labels" {
			key, err := f.value(e.Index)
			return f.labels[key], err
		}
	case *ast.SelectorExpr:
		of, _ := e.X.(*ast.Ident)
		if of != nil && of.Name == "labels" {
			return f.labels[e.Sel.Name], nil
		}
		if of != nil {
			return f.named(of.Name + "." + e.Sel.Name)
		}
	case *ast.Ident:
		return f.named(e.Name)
	}
	return "", errors.New("the expression is not a string")
}

func (f appFields) named(name string) (string, error) {
	value, ok := f.values[name]
	if !ok {
		return "", fmt.Errorf("identifier %s is not defined", name)
	}
	return value, nil
}
