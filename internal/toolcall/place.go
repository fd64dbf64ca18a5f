// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Place is an MCP server as command lines name it.
type Place struct {
	App   string
	Path  string   // at which it serves MCP, if that has to be said
	Flags []string // that name its cluster, and the user: see [access.Source]
}

// command is a command line about the server: without the flags it could be about
// one of the same name in another cluster.
func (p Place) command(name string, words ...string) string {
	if p.Path != "" {
		words = append(words, "--path="+p.Path)
	}
	return plain.Again(p.Flags, append([]string{name, p.App}, words...)...)
}

// NoTool is the error of a call that names no tool of the server.
func NoTool(at Place) error {
	return errcode.Errorf(errcode.Usage, "name a tool; %s lists them", at.command("tools"))
}

// list is the command line that shows the servers of the cluster.
func (p Place) list() string {
	return plain.Again(p.Flags, "ls")
}
