// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a sign-in leaves for others to read.

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestSignInLeavesNoTrace reads what other users of the machine, or of its logs,
// can read of a whole sign-in by a bridge: the command line and environment of
// the program with the tab open, what the browser is started with, the debug
// log, and all files but those of the store.
func TestSignInLeavesNoTrace(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "file")
	clients := make(chan started, 1)
	go func() {
		var c started
		c.answer, c.stderr, c.err = callAndLog(tshmcp(t, d.environ, "connect", "notes", "--debug"), "get_note", `{"name":"deploy"}`)
		clients <- c
	}()
	tab := d.await(1)
	seen := map[string][]byte{"the link": []byte(tab.id)}
	for _, name := range []string{"cmdline", "environ"} {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", tab.pid, name))
		if err != nil || len(text) == 0 {
			t.Fatalf("%s: %d bytes, %v", name, len(text), err)
		}
		seen[name] = text
	}
	completeLogin(t, string(tab.id), "alice", rootPool(d.cluster.WebCA()))
	c := <-clients
	if c.err != nil || !strings.Contains(c.stderr, `msg="the login was answered" ok=true`) {
		t.Fatalf("no debug log of a sign-in: %v\n%s", c.err, c.stderr)
	}
	seen["the debug log"] = []byte(c.stderr)

	secrets := secretsOf(t, d.environ)
	if len(secrets) != 2 {
		t.Errorf("%d secrets, want those of the login and of notes", len(secrets))
	}
	for where, text := range seen {
		for _, s := range secrets {
			if form := s.in(text); form != "" {
				t.Errorf("%s has the key of %s: %s", where, s.Name, form)
			}
		}
		for _, word := range []string{"secret_key", "response=", "PRIVATE KEY"} {
			if strings.Contains(string(text), word) {
				t.Errorf("%s has %q:\n%s", where, word, text)
			}
		}
	}
	if strings.ContainsAny(string(tab.id), "?#") || !strings.HasPrefix(string(tab.id), "http://127.0.0.1:") {
		t.Errorf("the browser is started with %s", tab.id)
	}
	// That this search finds what is there is proved by the store itself.
	if found := findSecrets(t, secrets, d.home); len(found) != len(secrets) {
		t.Errorf("found %q, want the files of %d secrets alone", found, len(secrets))
	}
	if err := os.RemoveAll(filepath.Join(d.state, "store")); err != nil {
		t.Fatal(err)
	}
	for _, found := range findSecrets(t, secrets, d.home) {
		t.Error(found)
	}
}
