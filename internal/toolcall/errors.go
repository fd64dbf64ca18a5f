// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"fmt"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// exitError is the exit code of most errors of this package.
const exitError = 1

// longestSaid is how much of a server's text goes into an error, in characters.
const longestSaid = 500

// said is the text of a server on one line.
func said(text string) string { return short(text, longestSaid) }

// RefusedError is a JSON-RPC error of the server, or of Teleport in its place.
type RefusedError struct {
	Place
	Asked   string
	Code    int64
	Message string
}

func (e *RefusedError) Error() string {
	who := "the MCP server " + e.App
	if e.byTeleport() {
		who = "Teleport, in front of the MCP server " + e.App + ","
	}
	return fmt.Sprintf("%s refused %s: %s (error %d)", who, e.Asked, said(e.Message), e.Code)
}

// Hints name what shows the roles that decide, or what there is.
func (e *RefusedError) Hints() []string {
	switch {
	case e.Asked == "resources/read":
		return []string{e.command("resources") + " lists what there is"}
	case e.Code == mcp.CodeURLElicitationRequired:
		return []string{"it wants a web page opened first; call it at a terminal, which shows the page"}
	case !e.byTeleport():
		return nil
	}
	return []string{e.command("tools") + " lists what you may use; a session remembers for some minutes what was allowed or denied"}
}
func (e *RefusedError) ExitCode() int { return exitError }

// ErrorCode is that of a denied tool where Teleport says so, whether or not the roles
// that are known do.
func (e *RefusedError) ErrorCode() errcode.Code {
	if e.byTeleport() {
		return errcode.ToolDenied
	}
	return errcode.ServerRefused
}

func (e *RefusedError) byTeleport() bool { return teleport.ToolDenied(int(e.Code), e.Message) }

// AnswerError is an answer that is not what the protocol says.
type AnswerError struct {
	Place
	Asked string
	Err   error
}

func (e *AnswerError) Error() string {
	return fmt.Sprintf("the answer of the MCP server %s to %s cannot be used: %s", e.App, e.Asked, said(e.Err.Error()))
}
func (e *AnswerError) Unwrap() error { return e.Err }
func (e *AnswerError) Hints() []string {
	return []string{"ask whoever runs it; --debug says more"}
}
func (e *AnswerError) ExitCode() int           { return exitError }
func (e *AnswerError) ErrorCode() errcode.Code { return errcode.AnswerMalformed }

// UnknownToolError means that the server lists no tool of that name.
type UnknownToolError struct {
	Place
	Tool    string
	Similar []string
}

func (e *UnknownToolError) Error() string {
	return fmt.Sprintf("the MCP server %s has no tool %q that you may use", e.App, e.Tool)
}

func (e *UnknownToolError) Hints() []string {
	return append(similar.Hint(e.Similar), e.command("tools")+" lists them")
}
func (e *UnknownToolError) ExitCode() int           { return exitError }
func (e *UnknownToolError) ErrorCode() errcode.Code { return errcode.ToolNotFound }

// DeniedToolError means that the user's roles do not allow a tool. Whether the
// server has it, only the cluster knows.
type DeniedToolError struct {
	Place
	Cluster, Tool string
	Roles         []string // that deny it; none: no role allows it
	Similar       []string // tools that the user may use
	Request       string   // the command that requests access; empty: none does
}

func (e *DeniedToolError) Error() string {
	if len(e.Roles) == 0 {
		return fmt.Sprintf("none of your roles in %s allows the tool %q of %s", e.Cluster, e.Tool, e.App)
	}
	return fmt.Sprintf("%s in %s denies the tool %q of %s", rolesText(e.Roles), e.Cluster, e.Tool, e.App)
}

func (e *DeniedToolError) Hints() []string {
	hint := fmt.Sprintf("if the server has such a tool, ask your Teleport administrator for a role with mcp.tools: [%q]", e.Tool)
	if len(e.Roles) > 0 {
		hint = "if the server has such a tool, ask your Teleport administrator: a role that denies a tool overrules those that allow it"
	}
	if e.Request != "" {
		hint = access.OfferHint(e.Request)
	}
	return append(similar.Hint(e.Similar), hint, e.command("tools")+" lists what you may use")
}
func (e *DeniedToolError) ExitCode() int           { return exitError }
func (e *DeniedToolError) ErrorCode() errcode.Code { return errcode.ToolDenied }

// UnknownPromptError means that the server lists no prompt of that name.
type UnknownPromptError struct {
	Place
	Prompt  string
	Similar []string
}

func (e *UnknownPromptError) Error() string {
	return fmt.Sprintf("the MCP server %s has no prompt %q", e.App, e.Prompt)
}

func (e *UnknownPromptError) Hints() []string {
	return append(similar.Hint(e.Similar), e.command("prompts")+" lists them")
}
func (e *UnknownPromptError) ExitCode() int           { return exitError }
func (e *UnknownPromptError) ErrorCode() errcode.Code { return errcode.PromptNotFound }

// ArgumentError means that the tool does not take what was typed.
type ArgumentError struct {
	Tool, Text string
	Shown      string // what shows its arguments
}

func (e *ArgumentError) Error() string           { return e.Tool + ": " + e.Text }
func (e *ArgumentError) Hints() []string         { return []string{e.Shown} }
func (e *ArgumentError) ExitCode() int           { return usage.ExitCode }
func (e *ArgumentError) ErrorCode() errcode.Code { return errcode.Usage }

// UnknownArgumentError means that the tool declares no such argument.
type UnknownArgumentError struct {
	Tool, Name string
	Known      []string
	Shown      string // what shows them
}

func (e *UnknownArgumentError) Error() string {
	return fmt.Sprintf("%s has no argument %q", e.Tool, e.Name)
}

func (e *UnknownArgumentError) Hints() []string {
	return append(similar.Hint(similar.To(e.Name, e.Known)), e.Shown+"; what it does not declare can be passed as JSON")
}
func (e *UnknownArgumentError) ExitCode() int           { return usage.ExitCode }
func (e *UnknownArgumentError) ErrorCode() errcode.Code { return errcode.Usage }

// exitToolError is the exit code where a tool was called and says itself that it
// failed (isError).
const exitToolError = 3

// ToolError means that the tool says itself that it failed. What it says is in its
// result.
type ToolError struct{ App, Tool string }

func (e *ToolError) Error() string {
	return fmt.Sprintf("the tool %s of %s reported a failure", e.Tool, e.App)
}
func (e *ToolError) Hints() []string         { return nil }
func (e *ToolError) ExitCode() int           { return exitToolError }
func (e *ToolError) ErrorCode() errcode.Code { return errcode.ToolFailed }

// rolesText names roles, as the beginning of a sentence about each of them.
func rolesText(roles []string) string {
	if len(roles) == 1 {
		return "your role " + roles[0]
	}
	return "each of your roles " + strings.Join(roles, ", ")
}
