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
	"runtime"
)

// The first thread only waits: Linux prefers it for signals, which would wait for
// ever there if it waited for a file system that does not answer.
func init() { runtime.LockOSThread() }

func main() {
	go func() { os.Exit(Main()) }()
	select {}
}

// Main runs the program on this process's arguments and streams and returns
// its exit code. Tests call it as a command of their own.
func Main() int { return run(systemEnv(), os.Args[1:]) }
