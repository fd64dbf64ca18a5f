// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package usage

import (
	"errors"
	"strings"
	"testing"
)

func TestNumber(t *testing.T) {
	tests := []struct {
		words string
		given int
		want  string
	}{
		{" NAME", 0, "name one MCP server; tshmcp ls lists them"},
		{" NAME", 2, "name one MCP server, not 2"},
		{" [NAME]", 3, "name one MCP server, not 3"},
		{" CLUSTER", 0, "name one cluster; tshmcp status lists them"},
		{" ID", 0, "name one access request; tshmcp request ls lists them"},
		{" [--proxy=]ADDR", 0, "name one address of a Teleport proxy"},
		{" [--proxy=]ADDR", 2, "name one address of a Teleport proxy, not 2"},
		{"", 4, "4 arguments are too many"},
	}
	for _, test := range tests {
		if err := Number(test.words, test.given); err.Error() != test.want {
			t.Errorf("%d for %q: %v, want %s", test.given, test.words, err, test.want)
		}
	}
}

func TestUnknown(t *testing.T) {
	var wrong *Error
	err := UnknownCommand("tshmcp demo", "srve", []string{"serve", "help"})
	if !errors.As(err, &wrong) || err.Error() != `unknown command "srve"` {
		t.Fatal(err)
	}
	if got := strings.Join(wrong.Hints(), "\n"); got != "did you mean serve?\ntshmcp demo --help lists the commands" {
		t.Errorf("hints %q", got)
	}
}

func TestEmptyArgument(t *testing.T) {
	for _, test := range []struct {
		got  error
		want string
	}{
		{EmptyArgument(" [ID]", 1), "an empty name is that of no access request; tshmcp request ls lists them"},
		{EmptyArgument(" [--proxy=]ADDR", 1), "an empty text is no address of a Teleport proxy"},
		{EmptyArgument(" NAME TOOL", 2), "argument 2 is empty"},
	} {
		if test.got.Error() != test.want {
			t.Errorf("%v, want %s", test.got, test.want)
		}
	}
}

// TestUsual: a command is found by the name that it has elsewhere, where there is one.
func TestUsual(t *testing.T) {
	known := []string{"login", "ls", "config"}
	for name, want := range map[string]string{
		"servers": "did you mean ls?", "SignIn": "did you mean login?", "install": "did you mean config?", "whoami": "", "lgoin": "did you mean login?",
	} {
		var wrong *Error
		errors.As(UnknownCommand("tshmcp", name, known), &wrong)
		if got := strings.Join(wrong.Other[:len(wrong.Other)-1], "; "); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
