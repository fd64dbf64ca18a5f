// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: another evaluation of the same language, over Go's own parser.

package predicate

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"strconv"
	"strings"
)

// oracle is Fields for expressions of Go's parser.
type oracle Fields

// oracleSelects is what Parse and Selects do together.
func oracleSelects(text string, fields Fields) (bool, error) {
	if text == "" {
		return true, nil
	}
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return false, fmt.Errorf("parsing expression\n\t%w", err)
	}
	return oracle(fields).test(expr)
}

func (f oracle) test(expr ast.Expr) (bool, error) {
	switch e := expr.(type) {
	case *ast.ParenExpr:
		return f.test(e.X)
	case *ast.UnaryExpr:
		ok, err := f.test(e.X)
		if e.Op != gotoken.NOT {
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

func (f oracle) testBinary(e *ast.BinaryExpr) (bool, error) {
	switch e.Op {
	case gotoken.LAND, gotoken.LOR:
		left, err := f.test(e.X)
		if err != nil || left == (e.Op == gotoken.LOR) {
			return left, err
		}
		return f.test(e.Y)
	case gotoken.EQL, gotoken.NEQ:
		left, err := f.value(e.X)
		if err != nil {
			return false, fmt.Errorf("evaluating lhs of (%s) operator\n\t%w", e.Op, err)
		}
		right, err := f.value(e.Y)
		if err != nil {
			return false, fmt.Errorf("evaluating rhs of (%s) operator\n\t%w", e.Op, err)
		}
		return (left == right) == (e.Op == gotoken.EQL), nil
	}
	return false, fmt.Errorf("operator (%s) is not supported", e.Op)
}

func (f oracle) testCall(e *ast.CallExpr) (bool, error) {
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

func (f oracle) value(expr ast.Expr) (string, error) {
	switch e := expr.(type) {
	case *ast.BasicLit:
		if e.Kind == gotoken.STRING {
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
			return Fields(f).named(of.Name + "." + e.Sel.Name)
		}
	case *ast.Ident:
		return Fields(f).named(e.Name)
	}
	return "", errors.New("the expression is not a string")
}

// inSubset reports whether Go's parser reads nothing in a text but what this package
// reads.
func inSubset(text string) bool {
	expr, err := parser.ParseExpr(text)
	if err != nil || strings.Contains(text, "\uFEFF") || strings.Contains(text, "//") || strings.Contains(text, "/*") {
		return false
	}
	ok := true
	ast.Inspect(expr, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil, *ast.ParenExpr, *ast.BinaryExpr, *ast.IndexExpr, *ast.SelectorExpr, *ast.Ident:
		case *ast.UnaryExpr:
			ok = ok && n.Op != gotoken.ARROW
		case *ast.CallExpr:
			ok = ok && !n.Ellipsis.IsValid()
		case *ast.BasicLit:
			_, err := strconv.ParseUint(n.Value, 10, 64)
			octal := len(n.Value) > 1 && n.Value[0] == '0'
			ok = ok && (n.Kind == gotoken.STRING || n.Kind == gotoken.CHAR || n.Kind == gotoken.INT && err == nil && !octal)
		default:
			ok = false
		}
		return ok
	})
	return ok
}
