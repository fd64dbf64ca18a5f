// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the manual pages, which releases carry and which are made from the commands.

package main

import (
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

var manDir = flag.String("man", "", "where TestManPages writes the pages")

// TestManPages makes a page of each command that help shows, and of no other.
func TestManPages(t *testing.T) {
	dir := *manDir
	if dir == "" {
		dir = t.TempDir()
	}
	root := newRootCmd(&global{env: systemEnv()})
	root.DisableAutoGenTag = true
	seconds, _ := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64) // none is 1970
	date := time.Unix(seconds, 0).UTC()
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "TSHMCP", Section: "1", Source: "tshmcp", Manual: "tshmcp", Date: &date}, dir); err != nil {
		t.Fatal(err)
	}
	pages, err := filepath.Glob(filepath.Join(dir, "*.1"))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]*cobra.Command{}
	addPages(root, want)
	for name, cmd := range want {
		page, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Errorf("no page of %q: %v", cmd.CommandPath(), err)
			continue
		}
		for _, text := range []string{".SH NAME", ".SH SYNOPSIS", cmd.Short} {
			if !strings.Contains(strings.ReplaceAll(string(page), `\-`, "-"), text) {
				t.Errorf("%s has no %q", name, text)
			}
		}
	}
	if len(pages) != len(want) || len(pages) < 8 {
		t.Errorf("%d pages of %d commands", len(pages), len(want))
	}
}

// addPages collects the commands that help shows by the name of their page.
func addPages(cmd *cobra.Command, pages map[string]*cobra.Command) {
	pages[strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = cmd
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			addPages(c, pages)
		}
	}
}
