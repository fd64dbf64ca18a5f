// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// target is one file to edit and the client that reads it.
type target struct {
	clientcfg.Client
	path string // empty: nothing is written, the entries are printed
	err  error  // why nothing can be done for this client
}

// targets are what --client-config names. Without it there is one target, of no
// client in particular and without a file.
func (o *configOptions) targets() ([]target, error) {
	if o.clients == "" {
		return []target{{}}, nil
	}
	var all []target
	var failed clientErrors
	for _, name := range strings.Split(o.clients, ",") {
		t, err := o.target(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		failed.add(t.err)
		twice := slices.ContainsFunc(all, func(u target) bool { return u.path == t.path && u.ID == t.ID })
		if !twice {
			all = append(all, t)
		}
	}
	if len(failed.Errs) == len(all) && !o.list { // nothing is left to do
		return nil, failed.orNil()
	}
	return all, nil
}

// target is the client and the file of one id or path.
func (o *configOptions) target(name string) (target, error) {
	client, known := clientcfg.Lookup(name)
	switch {
	case name == "":
		return target{}, &usageError{Err: errors.New("--client-config has an empty name in it")}
	case known:
		return o.targetOf(client)
	case !strings.ContainsAny(name, `/\.`):
		return target{}, &unknownClientError{ID: name}
	case o.scope == string(clientcfg.ProjectScope):
		return target{}, &usageError{Err: fmt.Errorf("--scope=project is for clients by name: %s is a path already", name)}
	}
	file, err := filepath.Abs(name)
	return target{Client: clientcfg.ForPath(file), path: file}, err
}

// targetOf is the file of a known client in the scope that was asked for. One
// of which no file can be written is for printing.
func (o *configOptions) targetOf(client clientcfg.Client) (target, error) {
	t := target{Client: client}
	env := o.clientEnv()
	if o.scope == string(clientcfg.ProjectScope) {
		dir, err := os.Getwd()
		if err != nil {
			return target{}, err
		}
		if t.Client, t.err = client.In(env, clientcfg.ProjectScope, dir); t.err != nil {
			t.Client = client
			return t, nil
		}
	}
	if t.PrintOnly || o.print {
		return t, nil
	}
	t.path, t.err = t.Path(env)
	return t, nil
}

func (o *configOptions) clientEnv() clientcfg.Env {
	return clientcfg.Env{GOOS: o.goos, Home: o.home, Getenv: o.getenv}
}

// options are how a target's file is edited.
func (o *configOptions) options() (clientcfg.Options, error) {
	self, err := o.command()
	return clientcfg.Options{Force: o.force, Self: self, JSON: clientcfg.JSONStyle(o.style)}, err
}

// title is what a person calls the target.
func (t target) title() string {
	if t.ID == "" {
		return t.path
	}
	return t.Name
}

// clientErrors are what went wrong with some of several clients. The others are
// done.
type clientErrors struct{ Errs []error }

func (e *clientErrors) Error() string   { return errors.Join(e.Errs...).Error() }
func (e *clientErrors) Unwrap() []error { return e.Errs }

func (e *clientErrors) add(err error) {
	if err != nil {
		e.Errs = append(e.Errs, err)
	}
}

// orNil is nil if nothing went wrong, and one error alone is itself.
func (e *clientErrors) orNil() error {
	switch len(e.Errs) {
	case 0:
		return nil
	case 1:
		return e.Errs[0]
	}
	return e
}
