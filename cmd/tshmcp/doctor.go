// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/doctor"
	"github.com/tshmcp/tshmcp/internal/format"
	"github.com/tshmcp/tshmcp/internal/toolcall"
)

type doctorOptions struct {
	*global
	serverFlags
	format string
}

func newDoctorCmd(g *global) *cobra.Command {
	o := &doctorOptions{global: g}
	cmd := &cobra.Command{
		Use:   "doctor [NAME]",
		Short: "Find out why something does not work, and how to fix it",
		Long: `doctor follows an MCP client's request step by step: keyring, files, clock, DNS,
network, TLS, login, roles, and, with the name of an MCP server, that server, its
tools and the clients' entries. For each step it says whether it works and how to
fix it. It needs no login, changes nothing, and shows nothing secret. The exit code
is 0 if nothing failed.`,
		Args: args(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, names []string) error {
			if len(names) > 0 {
				o.App = names[0]
			}
			return o.run(cmd.Context())
		},
	}
	o.serverFlags.add(cmd)
	addFormat(cmd.Flags(), &o.format)
	return cmd
}

func (o *doctorOptions) run(ctx context.Context) error {
	saveMemory()
	print, err := format.Printer(o.format, doctor.PrintVerdict)
	if err != nil {
		return err
	}
	source, err := o.Source(&o.Env, o.clusters())
	if err != nil {
		return err
	}
	result, err := doctor.Run(ctx, o.parts(source), func(f doctor.Finding) {
		if o.format == "text" {
			_ = f.Print(o.stdout) // what comes after it fails, too
		}
	})
	if err != nil {
		return err
	}
	if err := print(o.stdout, result); err != nil {
		return err
	}
	_, err = result.Verdict()
	return err
}

func (o *doctorOptions) parts(source access.Source) doctor.Parts {
	return doctor.Parts{
		Name: o.App, Path: o.Path, Source: source, Clusters: o.clusters(), Egress: access.Egress(o.Getenv),
		Machine: o.machine(), Now: o.now, Version: version(),
		Keyring: func(ctx context.Context) error { return creds.CheckKeyring(ctx, o.clusters().Store) },
		Open: func(ctx context.Context) (*toolcall.Session, error) {
			return o.session(ctx, &o.serverFlags, toolcall.Client{})
		},
	}
}
