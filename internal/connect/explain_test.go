// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"net/url"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/appway"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/bridge"
)

// TestDescribe: a client's user is told what happened and what to do, where that
// is known, and else the bridge's words stand.
func TestDescribe(t *testing.T) {
	missing := &access.NotLoggedInError{Proxy: "p:443"}
	commands := []string{"run: tshmcp ls --proxy=a:443 --cluster=b --identity=/id --ca-file=/ca"}
	explain := Explain(func(err error) (string, []string, int) {
		if errors.Is(err, missing) {
			return "not logged in", []string{"run it", "or that"}, access.ExitNotLoggedIn
		}
		switch err.Error() {
		case "known":
			return "known", []string{"do this"}, 1
		case "command":
			return "command", commands, 1
		case "private":
			return "private", []string{"give it with --ca-file=FILE"}, 1
		}
		return "text", nil, 1
	})
	ofRequest := func(err error) error { return &url.Error{Op: "Post", URL: "https://localhost/", Err: err} }
	for name, tt := range map[string]struct {
		err   error
		want  string
		login bool
	}{
		"not of the bridge":     {missing, "", false},
		"without a cause":       {&bridge.Error{}, "", false},
		"nothing to do":         {&bridge.Error{Err: errors.New("x")}, "", false},
		"a hint":                {&bridge.Error{Err: ofRequest(errors.New("known"))}, "tshmcp: known; do this", false},
		"a command":             {&bridge.Error{Err: ofRequest(errors.New("command"))}, "tshmcp: command; run: tshmcp ls --proxy a:443 --cluster b --identity /id --ca-file /ca", false},
		"a word for a file":     {&bridge.Error{Err: ofRequest(errors.New("private"))}, "tshmcp: private; give it with --ca-file=FILE", false},
		"a login":               {&bridge.Error{Err: ofRequest(missing)}, "tshmcp: not logged in; run it; or that", true},
		"in a lost session":     {&bridge.Error{Err: &bridge.Error{Err: ofRequest(missing)}}, "tshmcp: not logged in; run it; or that", true},
		"what Teleport refuses": {&bridge.Error{Err: &appway.RefusedError{Name: "notes"}}, "tshmcp: text", false},
	} {
		got := explain.describe("notes", tt.err)
		if commands[0] != "run: tshmcp ls --proxy=a:443 --cluster=b --identity=/id --ca-file=/ca" {
			t.Errorf("the hint itself was changed: %s", commands[0])
		}
		if got.Message != tt.want || (got.Data["kind"] == "login_required") != tt.login {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestDescribeFactor: a second factor that is missing, or asked for in the browser at
// this moment, is named so to programs, and may still be given.
func TestDescribeFactor(t *testing.T) {
	explain := Explain(func(err error) (string, []string, int) { return err.Error(), []string{"do this"}, 1 })
	missing := &access.MFANeededError{Name: "notes", Proxy: "a:443"}
	for name, err := range map[string]error{
		"missing":  missing,
		"declined": &signin.UnconfirmedError{Missing: missing, Why: "it was not confirmed"},
		"pending":  &signin.PendingError{Proxy: "a:443", App: missing},
	} {
		got := explain.describe("notes", &bridge.Error{Kind: bridge.KindForbidden, Err: err})
		if got.Data["kind"] != "mfa_required" || got.Data["retryable"] != true || got.Message != "tshmcp: "+err.Error()+"; do this" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := explain.describe("notes", &bridge.Error{Err: &signin.PendingError{Proxy: "a:443"}}); got.Data["kind"] == "mfa_required" {
		t.Errorf("a sign-in: %+v", got)
	}
}
