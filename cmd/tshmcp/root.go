// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"log/slog"
	"os"
	"sync"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/complete"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
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
	ctx := e.signals.Context()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // see logger
	// Whatever is printed for people, and whoever prints it, does nothing but be read.
	out := plain.NewWriter(e.stdout)
	out.Window = e.window
	e.stdout, e.stderr = out, terminal.Speaker(e.stderr)
	for _, missing := range []func() (string, string){e.MissingBus, e.MissingHTTP2} {
		if name, value := missing(); name != "" {
			_ = os.Setenv(name, value) // it fails for names that no variable can have
		}
	}
	if err := e.ReadPaths(); err != nil {
		return report(ctx, e.stderr, err)
	}
	defer func() { e.flush() }()
	e.Tell = func(line string) { e.voice().Say("%s", line) }
	g := &global{env: e}
	root := rootFor(g, args)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return report(ctx, e.stderr, err) // which the command may have replaced
}

// commands are those of the program in the order of its help.
var commands = []struct {
	name string
	make func(*global) *cobra.Command
}{
	{"login", newLoginCmd}, {"logout", newLogoutCmd}, {"status", newStatusCmd}, {"ls", newLsCmd}, {"tools", newToolsCmd}, {"call", newCallCmd},
	{"resources", newResourcesCmd}, {"prompts", newPromptsCmd}, {"use", newUseCmd}, {"config", newConfigCmd}, {"connect", newConnectCmd},
	{"doctor", newDoctorCmd}, {"logs", newLogsCmd}, {"request", newRequestCmd}, {"demo", newDemoCmd}, {"version", newVersionCmd}, {openPage, newOpenPageCmd},
}

// rootFor is the root for a command line. Where that begins with the name of a
// command, that one alone is made: a bridge is started once per client and server.
func rootFor(g *global, args []string) *cobra.Command {
	for _, c := range commands {
		if len(args) > 0 && args[0] == c.name {
			root := bareRoot(g)
			root.CompletionOptions.DisableDefaultCmd = true // of the shell, which comes by a name of its own
			root.AddCommand(c.make(g))
			typedPaths(g, root)
			return root
		}
	}
	return newRootCmd(g)
}

// newRootCmd is the root with all commands.
func newRootCmd(g *global) *cobra.Command {
	root := bareRoot(g)
	for _, c := range commands {
		root.AddCommand(c.make(g))
	}
	typedPaths(g, root)
	completeAll(g, root)
	root.InitDefaultHelpCmd()
	root.SetOut(complete.Mender{To: g.stdout})
	root.InitDefaultCompletionCmd() // which keeps it
	root.SetOut(g.stdout)
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" || cmd.Name() == "completion" {
			cmd.Args, cmd.Run, cmd.RunE = cobra.ArbitraryArgs, nil, help
			if cmd.Name() == "completion" {
				cmd.Short, cmd.Long = "Print what makes the Tab key work in a shell", "" // of which the help of each shell says more
			}
			for _, shell := range cmd.Commands() {
				shell.Args = args(cobra.NoArgs)
			}
		}
	}
	return root
}

func bareRoot(g *global) *cobra.Command {
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

		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			g.signals.Listen()
			return emptyFlags(cmd, args)
		},
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
	return root
}
