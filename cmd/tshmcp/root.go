// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// global holds the flags that every command has.
type global struct {
	*env
	debug bool

	opened sync.Once
	opener *access.Clusters // see clusters
}

// run is the whole program: it returns the exit code.
func run(e *env, args []string) int {
	ctx, stop := interruptible(context.Background())
	defer stop()
	// Whatever is printed for people, and whoever prints it, does nothing but be read.
	out := plain.NewWriter(e.stdout)
	out.Window = e.window
	e.stdout, e.stderr = out, plain.NewWriter(e.stderr)
	if name, bus := e.MissingBus(); name != "" {
		_ = os.Setenv(name, bus) // it fails for names that no variable can have
	}
	if err := e.ReadPaths(); err != nil {
		return report(ctx, e.stderr, err)
	}
	defer func() { e.flush() }()
	e.Tell = func(line string) { e.voice().Say("%s", line) }
	g := &global{env: e}
	root := newRootCmd(g)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return report(ctx, e.stderr, err) // which the command may have replaced
}

func newRootCmd(g *global) *cobra.Command {
	short := false // cobra's own --version in this form takes a template, which costs megabytes (docs/dependencies.md)
	root := &cobra.Command{
		Use:   "tshmcp",
		Short: "Use MCP servers behind Teleport from any MCP client",
		Long: `tshmcp connects MCP clients such as Claude, Cursor or VS Code to the MCP servers
that your company keeps behind Teleport.

  tshmcp login teleport.example.com   sign in through the browser
  tshmcp ls                           list the MCP servers you may use
  tshmcp config                       set up Claude, Cursor or another client to use them`,
		Args:          args(cobra.NoArgs),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if short {
				return plain.Fprintf(g.stdout, "tshmcp %s\n", version())
			}
			return cmd.Help()
		},
	}
	root.SetIn(g.stdin)
	root.SetOut(g.stdout)
	root.SetErr(g.stderr)
	root.PersistentFlags().BoolVar(&g.debug, "debug", false, "log what happens, to stderr")
	root.SetFlagErrorFunc(wrongFlag)
	fitHelp(root)
	root.Flags().BoolVarP(&short, "version", "v", false, "version for tshmcp")
	root.AddCommand(
		newLoginCmd(g), newLogoutCmd(g), newStatusCmd(g), newLsCmd(g), newToolsCmd(g), newCallCmd(g), newResourcesCmd(g), newPromptsCmd(g), newUseCmd(g),
		newConfigCmd(g), newConnectCmd(g), newDoctorCmd(g), newLogsCmd(g), newRequestCmd(g), newDemoCmd(g), newVersionCmd(g), newOpenPageCmd(g),
	)
	typedPaths(g, root)
	completeAll(g, root)
	return root
}
