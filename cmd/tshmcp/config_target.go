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
}

// targets are what --client-config names. Without it there is one target, of no
// client in particular and without a file.
func (o *configOptions) targets() ([]target, error) {
	if o.clients == "" {
		return []target{{}}, nil
	}
	var all []target
	for _, name := range strings.Split(o.clients, ",") {
		t, err := o.target(strings.TrimSpace(name))
		if err != nil {
			return nil, err
		}
		twice := slices.ContainsFunc(all, func(u target) bool { return u.path == t.path && u.ID == t.ID })
		if !twice {
			all = append(all, t)
		}
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
	var err error
	env := o.clientEnv()
	if o.scope == string(clientcfg.ProjectScope) {
		dir, err := os.Getwd()
		if err != nil {
			return target{}, err
		}
		if client, err = client.In(env, clientcfg.ProjectScope, dir); err != nil {
			return target{}, err
		}
	}
	if client.PrintOnly || o.print {
		return target{Client: client}, nil
	}
	file, err := client.Path(env)
	if err != nil {
		return target{}, fmt.Errorf("%w (--print prints the entry)", err)
	}
	return target{Client: client, path: file}, nil
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
