// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import "github.com/tshmcp/tshmcp/internal/plain"

// ByHand tells a person who has started the bridge on a terminal what it is, and
// returns what says that the way to the app is open. named are the flags with which
// other command lines mean the same cluster.
func ByHand(f Flags, named []string, to plain.Voice) (opened func()) {
	if f.Path != "" {
		named = append([]string{"--path=" + f.Path}, named...)
	}
	to.Say("this is the bridge to the MCP server %s, which MCP clients start by themselves; it waits for a client's messages on stdin", f.App)
	to.Say("Ctrl-D or Ctrl-C ends it; to try the server, run: %s; to check the way to it: %s", plain.Again(named, "tools", f.App), plain.Again(named, "doctor", f.App))
	return func() { to.Say("the way to %s is open", f.App) }
}
