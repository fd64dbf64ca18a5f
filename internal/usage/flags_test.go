// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package usage

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

func TestValues(t *testing.T) {
	for _, test := range []struct {
		got  error
		want string
	}{
		{noValue("out", "directory"), "--out has an empty value: write --out=DIRECTORY, or leave it out"},
		{noValue("header", "'Name: value'"), "--header has an empty value: write --header='Name: value', or leave it out"},
		{noValue("since", "duration"), "--since has an empty value: write --since=10m, or leave it out"},
		{noValue("scope", "string"), "--scope has an empty value: write --scope=VALUE, or leave it out"},
		{noValue("all", ""), "--all has an empty value: write --all alone, or leave it out"},
		{wrongTime("since", "1d"), `--since takes a time such as 90s, 10m or 24h, not "1d"`},
	} {
		if test.got.Error() != test.want {
			t.Errorf("%v, want %s", test.got, test.want)
		}
	}
}

func TestNear(t *testing.T) {
	if got := strings.Join(nearFlags("proxi", []string{"format", "proxy"}), "\n"); got != "did you mean --proxy?" {
		t.Errorf("hints %q", got)
	}
	if got := nearFlags("q", []string{"format"}); got != nil {
		t.Errorf("hints %q for what is like nothing", got)
	}
}

// TestGiven: what was given can be given again, and nothing else is.
func TestGiven(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.Bool("all", false, "")
	flags.Bool("wait", false, "")
	flags.StringArray("header", nil, "")
	flags.String("path", "/mcp", "")
	if err := flags.Parse([]string{"--all", "--wait=false", "--header", "A: b", "--header=C: d"}); err != nil {
		t.Fatal(err)
	}
	want := []string{"--all", "--header=A: b", "--header=C: d", "--wait=false"}
	if got := Given(flags); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestFormats: flags that other programs have are known.
func TestFormats(t *testing.T) {
	for _, test := range []struct{ given, want string }{
		{"-f", "did you mean --format?"}, {"--no-color", "NO_COLOR=1 in the environment turns colours off"}, {"--color=never", "NO_COLOR=1 in the environment turns colours off"}, {"--json", "did you mean --format=json?"}, {"-o", "did you mean --format?"}, {"--output=json", "did you mean --format?"}, {"--fromat=json", "did you mean --format?"},
	} {
		flags := pflag.NewFlagSet("", pflag.ContinueOnError)
		flags.String("format", "", "")
		var wrong *Error
		if !errors.As(WrongFlag(flags, "tshmcp ls", flags.Parse([]string{test.given})), &wrong) || strings.Join(wrong.Other, "; ") != test.want {
			t.Errorf("%s: %q, want %q", test.given, wrong.Other, test.want)
		}
	}
}

// TestWrongBool: what is no boolean is answered in words of the command line.
func TestWrongBool(t *testing.T) {
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.Bool("force", false, "")
	const want = `--force takes true or false, not "ja": write --force alone, or leave it out`
	if err := WrongFlag(flags, "tshmcp login", flags.Parse([]string{"--force=ja"})); err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}
