// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Notes is a small MCP server with a few notes in it.
type Notes struct {
	Addr string // host:port

	http   *http.Server
	served chan error
}

// NoteTexts is what the server knows, by the notes' names.
var NoteTexts = map[string]string{
	"deploy":  "Deploys run from main, every weekday at 10:00.",
	"on-call": "The on-call rota is in the team calendar.",
	"wiki":    "The wiki moved; search for it by topic.",
}

type searchInput struct {
	Text string `json:"text" jsonschema:"text to look for"`
}

type noteInput struct {
	Name string `json:"name" jsonschema:"name of the note"`
}

// StartNotes serves MCP over streamable HTTP at /mcp on a free loopback port.
func StartNotes() (*Notes, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	notes := newNotes()
	mux := http.NewServeMux()
	mux.Handle("/mcp", mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return notes }, nil))
	n := &Notes{
		http:   &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second},
		Addr:   l.Addr().String(),
		served: make(chan error, 1),
	}
	go func() { n.served <- n.http.Serve(l) }()
	return n, nil
}

// URI is the server's address as an app of Teleport has it.
func (n *Notes) URI() string { return "mcp+http://" + n.Addr + "/mcp" }

// Close ends the server.
func (n *Notes) Close() error {
	err := n.http.Close()
	if served := <-n.served; !errors.Is(served, http.ErrServerClosed) {
		return served
	}
	return err
}

func newNotes() *mcp.Server {
	s := mcp.NewServer(&mcp.Implementation{Name: "notes", Title: "Notes", Version: "1.0.0"}, nil)
	mcp.AddTool(s, &mcp.Tool{Name: "search_notes", Description: "Find notes by their text"}, searchNotes)
	mcp.AddTool(s, &mcp.Tool{Name: "get_note", Description: "Read one note"}, getNote)
	mcp.AddTool(s, &mcp.Tool{Name: "delete_note", Description: "Delete one note"}, deleteNote)
	return s
}

func searchNotes(_ context.Context, _ *mcp.CallToolRequest, in searchInput) (*mcp.CallToolResult, any, error) {
	var found []string
	for name, text := range NoteTexts {
		if strings.Contains(strings.ToLower(name+" "+text), strings.ToLower(in.Text)) {
			found = append(found, name+": "+text)
		}
	}
	slices.Sort(found)
	return text(strings.Join(found, "\n")), nil, nil
}

func getNote(_ context.Context, _ *mcp.CallToolRequest, in noteInput) (*mcp.CallToolResult, any, error) {
	note, ok := NoteTexts[in.Name]
	if !ok {
		return nil, nil, fmt.Errorf("there is no note %q", in.Name)
	}
	return text(note), nil, nil
}

// deleteNote only says that it ran: the tour shows that a role keeps it from running.
func deleteNote(_ context.Context, _ *mcp.CallToolRequest, in noteInput) (*mcp.CallToolResult, any, error) {
	return text("deleted " + in.Name), nil, nil
}

func text(s string) *mcp.CallToolResult {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: s}}}
}
