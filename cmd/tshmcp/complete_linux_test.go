// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the Tab key in real shells, on a real terminal.

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// tabShells are the shells that complete, as the guide has it, with a prompt that is
// nothing else. Each starts in a folder of its own.
var tabShells = map[string]struct {
	args []string
	rc   string // file that the shell reads at its start, in its folder
	text string
}{
	"bash": {[]string{"--rcfile", "rc", "--noprofile", "-i"}, "rc",
		"source /usr/share/bash-completion/bash_completion\nsource <(tshmcp completion bash)\nbind 'set enable-bracketed-paste off'\nbind 'set show-all-if-ambiguous on'\nPS1='ready> '\n"},
	"zsh": {[]string{"-i"}, ".zshrc",
		"autoload -Uz compinit && compinit -u\nsource <(tshmcp completion zsh)\nunset zle_bracketed_paste\nbindkey -e\nPS1='ready> '\n"},
	"fish": {[]string{"--no-config", "--init-command", "source rc"}, "rc",
		"tshmcp completion fish | source\nfunction fish_prompt; echo -n 'ready> '; end\nset -g fish_autosuggestion_enabled 0\n"},
}

// tabWords are what is typed, <Tab> at the end of it, and the words that the shell would
// run then: $PROXY is the cluster's address.
var tabWords = []struct {
	typed string
	want  []string
}{
	{"tshmcp conn", []string{"connect"}},
	{"tshmcp connect no", []string{"connect", "notes"}},
	{"tshmcp connect notes --prox", []string{"connect", "notes", "--proxy"}},
	{"tshmcp ls --proxy=12", []string{"ls", "--proxy=$PROXY"}},
	{"tshmcp ls --proxy 12", []string{"ls", "--proxy", "$PROXY"}},
	{"tshmcp ls --proxy=$HOST:", []string{"ls", "--proxy=$PROXY"}},
	{"tshmcp login 12", []string{"login", "$PROXY"}},
	{"tshmcp ls --labels=en", []string{"ls", "--labels=env=demo"}},
	{"tshmcp ls --labels en", []string{"ls", "--labels", "env=demo"}},
	{"tshmcp use demo", []string{"use", "demo-cluster"}},
	{"tshmcp demo serve --version=18.3", []string{"demo", "serve", "--version=18.3"}},
	{"tshmcp demo serve --version=n", []string{"demo", "serve", "--version=newest"}},
	{"tshmcp config notes --client-config=zed,code", []string{"config", "notes", "--client-config=zed,codex"}},
	{"tshmcp config notes --client-config=cur", []string{"config", "notes", "--client-config=cursor"}},
	{"tshmcp config notes --client-config zed,cur", []string{"config", "notes", "--client-config", "zed,cursor"}},
	{"tshmcp call notes ty", []string{"call", "notes", "typed"}},
	{"tshmcp call notes typed tex", []string{"call", "notes", "typed", "text="}},
	{"tshmcp call notes typed mode=f", []string{"call", "notes", "typed", "mode=fast"}},
	{"tshmcp prompts notes rev", []string{"prompts", "notes", "review"}},
	{"tshmcp resources notes notes:", []string{"resources", "notes", "notes://wiki"}},
	{"tshmcp login --ca-file=cas", []string{"login", "--ca-file=cas.pem"}},
	{"tshmcp login --ca-file=with", []string{"login", "--ca-file=with a blank.pem"}},
	{"tshmcp login --ca-file with", []string{"login", "--ca-file", "with a blank.pem"}},
	{"tshmcp login --ca-file ~/cas", []string{"login", "--ca-file", "$FOLDER/cas.pem"}},
	{"tshmcp status no", []string{"status", "no"}}, // nothing is to be completed, and no file is
}

// TestTabKey holds that what the Tab key makes of a command line is what is meant, as
// the shell would run it, in bash, zsh and fish.
func TestTabKey(t *testing.T) {
	t.Parallel()
	web, addr := startToolServer()
	t.Cleanup(web.Close)
	state := t.TempDir()
	app := testcluster.App{Name: "notes", Description: "The team's notes: all of them", URI: "mcp+http://" + addr + "/mcp", Labels: map[string]string{"env": "demo"}}
	cluster, err := startLoggedIn(t.Context(), state, app)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	for name := range tabShells {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, _, _ := strings.Cut(cluster.Addr(), ":")
			s, folder := startTabShell(t, name, state)
			fill := strings.NewReplacer("$PROXY", cluster.Addr(), "$HOST", host, "$FOLDER", folder)
			for _, test := range tabWords {
				want := strings.Split(fill.Replace(strings.Join(test.want, "\n")), "\n")
				if got := s.tab(fill.Replace(test.typed)); !slices.Equal(got, want) {
					t.Errorf("%s<Tab> becomes %q, want %q", test.typed, got, want)
				}
			}
			s.enter("tshmcp log\t\t")
			s.expect("Delete the login to a cluster") // what logout means, beside it
			s.expect("Sign in to a Teleport cluster")
		})
	}
}

// startTabShell starts a shell, in whose folder there are some files.
func startTabShell(t *testing.T, name, state string) (*screen, string) {
	t.Helper()
	program, err := exec.LookPath(name)
	if _, missing := os.Stat("/usr/share/bash-completion/bash_completion"); err != nil || name == "bash" && missing != nil {
		t.Skipf("there is no %s with completion here: %v, %v", name, err, missing)
	}
	folder := t.TempDir()
	shell := tabShells[name]
	for file, text := range map[string]string{shell.rc: shell.text, "cas.pem": "", "with a blank.pem": "", "notes.txt": ""} {
		if err := os.WriteFile(filepath.Join(folder, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(program, shell.args...)
	cmd.Dir = folder
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "ZDOTDIR=" + folder, "TSHMCP_HOME=" + state, "TERM=xterm", "LANG=C.UTF-8", noRaceSleep}
	s := startSized(t, 200, cmd)
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.done
	})
	s.expect("ready> ")
	return s, folder
}

// tabbed is what the shell says of a command line that was completed.
var tabbed = pattern.New(`(?s)<tshmcp>\r\n(.*?)<end of line>`)

// tab types a text and the Tab key, and returns the words that the shell would run then.
func (s *screen) tab(typed string) []string {
	s.t.Helper()
	before := len(s.text())
	s.enter(typed + "\t\x01printf '<%s>\\n' \x05 'end of line'\n")
	for deadline := time.Now().Add(scriptTime); ; time.Sleep(time.Millisecond) {
		shown := s.text()[before:]
		if found := tabbed.FindStringSubmatch(shown); found != nil {
			if found[1] == "" {
				return nil
			}
			words := strings.Split(strings.TrimSuffix(found[1], "\r\n"), "\r\n")
			for i, word := range words {
				words[i] = strings.TrimSuffix(strings.TrimPrefix(word, "<"), ">")
			}
			return words
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("no answer to %s: %q", typed, shown)
		}
	}
}
