// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Command tshmcp connects MCP clients such as Claude or Cursor to MCP servers
// that a company keeps behind Teleport.
//
// The package decides and prints: it parses flags, wires the packages under
// internal/ together and turns their errors into text and exit codes. Each
// command has a file of its own.
package main

import (
	"os"

	"github.com/tshmcp/tshmcp/internal/stdio"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "version" { // which waits for nothing, and threads cost time
		os.Exit(Main())
	}
	os.Exit(stdio.Beside(Main))
}

// Main runs the program and returns its exit code. Tests call it as a command of their own.
func Main() int { return run(systemEnv(), os.Args[1:]) }
