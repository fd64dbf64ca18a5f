// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tshmcp/tshmcp/internal/settings"
)

// pathFlags take one path that a person types; --client-config takes several,
// and other things, and is taken apart where it is read.
var pathFlags = []string{"ca-file", "identity", "out"}

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
	path, err := settings.TypedPath(v.env.GOOS, v.env.Home, typed)
	if err != nil {
		return err
	}
	return v.Value.Set(path)
}
