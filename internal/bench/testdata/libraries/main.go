// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command libraries is the least that a program can be that is linked with what
// tshmcp is made of: it prints a version, and calls nothing else.
package main

import (
	"fmt"
	"os"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/pkg/browser"
	"github.com/spf13/cobra"
	"github.com/zalando/go-keyring"
)

func main() {
	root := &cobra.Command{Use: "libraries"}
	root.AddCommand(
		&cobra.Command{Use: "version", Run: func(*cobra.Command, []string) { fmt.Println("libraries 1") }},
		&cobra.Command{Use: "all", RunE: func(cmd *cobra.Command, _ []string) error { return all(cmd) }},
	)
	if err := root.Execute(); err != nil {
		os.Exit(1)
	}
}

// all keeps the linker from leaving the libraries out.
func all(cmd *cobra.Command) error {
	if _, err := keyring.Get("service", "user"); err != nil {
		return err
	}
	if err := browser.OpenURL("http://127.0.0.1/"); err != nil {
		return err
	}
	client := mcp.NewClient(&mcp.Implementation{Name: "libraries", Version: "1"}, nil)
	_, err := client.Connect(cmd.Context(), &mcp.StreamableClientTransport{Endpoint: "http://127.0.0.1/"}, nil)
	return err
}
