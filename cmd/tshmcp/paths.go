// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/setup"
)

// pathFlags take one path that a person types; --client-config takes several,
// and other things, and is taken apart where it is read.
var pathFlags = []string{"ca-file", "identity"}

// pathVariables are the same in the environment, where no shell has replaced a ~:
// a service manager's file, or an MCP client's.
var pathVariables = []string{"TSHMCP_HOME", "TSHMCP_IDENTITY", "TELEPORT_HOME"}

// typedPaths makes every flag of the program that takes a path understand what
// people type.
func typedPaths(g *global, cmd *cobra.Command) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if slices.Contains(pathFlags, f.Name) {
			f.Value = typedPath{f.Value, g.env}
		}
	})
	for _, sub := range cmd.Commands() {
		typedPaths(g, sub)
	}
}

// typedPath is the value of a flag that takes a path.
type typedPath struct {
	pflag.Value
	env *env
}

func (v typedPath) Set(typed string) error {
	path, err := setup.TypedPath(v.env.goos, v.env.home, typed)
	if err != nil {
		return err
	}
	return v.Value.Set(path)
}

// typedVariables makes the variables that hold paths be read in the same way. One
// that is no path is an error of the command line.
func typedVariables(e *env) error {
	paths := map[string]string{}
	for _, name := range pathVariables {
		value := e.getenv(name)
		path, err := setup.TypedPath(e.goos, e.home, value)
		if err != nil {
			return &usageError{Err: fmt.Errorf("%s: %w", name, err)}
		}
		if path != value {
			paths[name] = path
		}
	}
	if len(paths) == 0 {
		return nil
	}
	getenv := e.getenv
	e.getenv = func(name string) string {
		if path, ok := paths[name]; ok {
			return path
		}
		return getenv(name)
	}
	return nil
}
