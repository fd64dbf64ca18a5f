// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package errcode gives every failure that a user can see a short name that does
// not change between releases, and says on which hop of the way it happened, why,
// and what to do. An error names its code itself, beside its Hints and ExitCode:
//
//	func (e *LockedError) ErrorCode() errcode.Code { return errcode.Locked }
//
// Errors of other modules are translated here alone. docs/troubleshooting.md is made from
// the table.
package errcode

import (
	"errors"
	"fmt"
	"slices"
)

// Code is the name of a failure: lower case words with hyphens. Once released it
// keeps its meaning; a code that is needed no more is not given to another one.
type Code string

// Hop is where on the way from the user to the MCP server something failed.
type Hop string

// The hops, in the order in which a request passes them.
const (
	CommandLine  Hop = "command line"
	Client       Hop = "MCP client"
	Machine      Hop = "this machine"
	DNS          Hop = "DNS"
	Network      Hop = "network"
	NetworkProxy Hop = "network's proxy"
	Balancer     Hop = "load balancer"
	Proxy        Hop = "Teleport proxy"
	Certificate  Hop = "certificate"
	Role         Hop = "role"
	AppService   Hop = "app service"
	Server       Hop = "MCP server"
)

// Hops returns all of them in their order.
func Hops() []Hop {
	return []Hop{CommandLine, Client, Machine, DNS, Network, NetworkProxy, Balancer, Proxy, Certificate, Role, AppService, Server}
}

// Entry is what is known of a code: one clause about the cause, one about the
// remedy.
type Entry struct {
	Code          Code
	Hop           Hop
	Cause, Remedy string
}

// All returns the table, ordered by hop.
func All() []Entry {
	return slices.Concat(commandLine, client, machine, network, proxy, certificate, role, server)
}

// Lookup finds what is known of a code.
func Lookup(code Code) (Entry, bool) {
	all := All()
	i := slices.IndexFunc(all, func(e Entry) bool { return e.Code == code })
	if i < 0 {
		return Entry{}, false
	}
	return all[i], true
}

// Bracketed is the code as it ends the line of an error, with a blank before it.
// Wrong usage has none: its line is about the command line that was just typed,
// and what follows is how it is written.
func (c Code) Bracketed() string {
	if c == "" || c == Usage {
		return ""
	}
	return " [" + string(c) + "]"
}

// plainError is one that has nothing but its text and its code.
type plainError struct {
	error
	code Code
}

func (e *plainError) Unwrap() error   { return e.error }
func (e *plainError) ErrorCode() Code { return e.code }

// New is [errors.New] with a code, for an error that needs no hints.
func New(code Code, text string) error { return &plainError{errors.New(text), code} }

// Errorf is [fmt.Errorf] with a code. It goes before those of the causes.
func Errorf(code Code, format string, args ...any) error {
	return &plainError{fmt.Errorf(format, args...), code}
}

// Of returns the code of an error: that of the outermost one that has any, else
// what is known of an error of another module, else [Internal]. It is "" for nil.
func Of(err error) Code {
	if err == nil {
		return ""
	}
	return Or(err, Internal)
}

// Or is Of with another code for an error that nobody knows; nil is one.
func Or(err error, otherwise Code) Code {
	if own := Own(err); own != "" {
		return own
	}
	if foreign := Foreign(err); foreign != "" {
		return foreign
	}
	return otherwise
}

// Own returns the code that an error, or the outermost of its causes that does,
// says itself; "" if none does.
func Own(err error) Code {
	if coded, ok := err.(interface{ ErrorCode() Code }); ok {
		if code := coded.ErrorCode(); code != "" {
			return code
		}
	}
	for _, cause := range causes(err) {
		if code := Own(cause); code != "" {
			return code
		}
	}
	return ""
}
