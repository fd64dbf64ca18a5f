// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
)

// claudeFile is where Claude looks for its configuration in the tour's home.
func (t *Tour) claudeFile() (string, error) {
	claude, ok := clientcfg.Lookup("claude")
	if !ok {
		return "", errors.New("claude is not in the table of clients")
	}
	return claude.Path(clientcfg.Env{
		GOOS:   t.GOOS,
		Home:   t.dir,
		Getenv: func(string) string { return "" },
		Exists: func(string) bool { return true }, // as where Claude is installed
		Glob:   func(string) ([]string, error) { return nil, nil },
	})
}

// use is a real MCP client that launches connect exactly as Claude would: by
// the entry in the file, with the few variables that such clients pass on.
func (t *Tour) use(ctx context.Context) error {
	entry, err := t.readEntry()
	if err != nil {
		return err
	}
	t.say("4. An MCP client starts the entry as written in the file.\n")
	cmd := exec.CommandContext(ctx, entry.Command, entry.Args...)
	for _, name := range []string{"HOME", "LOGNAME", "PATH", "SHELL", "TERM", "USER", "SYSTEMROOT", "TEMP", "USERPROFILE", "APPDATA"} {
		if value := t.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	for name, value := range entry.Env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := t.talk(ctx, cmd); err != nil {
		return fmt.Errorf("%w\n%s", err, stderr.String())
	}
	t.say("")
	return nil
}

func (t *Tour) talk(ctx context.Context, cmd *exec.Cmd) error {
	client := mcp.NewClient(&mcp.Implementation{Name: "tour", Version: "1.0.0"}, nil)
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		return fmt.Errorf("initialize: %w", err)
	}
	t.say("initialize              %s, MCP %s", session.InitializeResult().ServerInfo.Name, session.InitializeResult().ProtocolVersion)
	if err := t.callTools(ctx, session); err != nil {
		return errors.Join(err, session.Close())
	}
	return session.Close()
}

func (t *Tour) callTools(ctx context.Context, session *mcp.ClientSession) error {
	tools, err := session.ListTools(ctx, nil)
	if err != nil {
		return fmt.Errorf("tools/list: %w", err)
	}
	var names []string
	for _, tool := range tools.Tools {
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	t.say("tools/list              %s", strings.Join(names, ", "))
	if !slices.Equal(names, []string{"get_note", "search_notes"}) {
		return errors.New("the list of tools is not what the role allows")
	}
	answer, err := callTool(ctx, session, "get_note", "deploy")
	if err != nil {
		return fmt.Errorf("tools/call get_note: %w", err)
	}
	t.say("tools/call get_note     %s", answer)
	if answer != NoteTexts["deploy"] {
		return errors.New("get_note did not answer with the note")
	}
	_, err = callTool(ctx, session, "delete_note", "deploy")
	if err == nil || !strings.Contains(err.Error(), "RBAC") {
		return fmt.Errorf("delete_note was not refused by the role: %v", err)
	}
	t.say("tools/call delete_note  refused: %v", err)
	return nil
}

// callTool calls a tool of the notes server and returns its text.
func callTool(ctx context.Context, session *mcp.ClientSession, tool, note string) (string, error) {
	arguments, err := json.Marshal(noteInput{Name: note})
	if err != nil {
		return "", err
	}
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, c := range result.Content {
		if t, ok := c.(*mcp.TextContent); ok {
			text.WriteString(t.Text)
		}
	}
	if result.IsError {
		return "", errors.New(text.String())
	}
	return text.String(), nil
}
