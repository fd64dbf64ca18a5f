// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

const terminalSecret = "JBSWY3DPEHPK3PXP"

// startLocalCluster starts a cluster with users of its own and returns the
// flags that lead to it.
func startLocalCluster(t *testing.T, change func(*testcluster.Config)) (*testcluster.Cluster, []string) {
	t.Helper()
	cfg := testcluster.Config{
		LocalAuth: testcluster.LocalAuth{Default: true},
		Users: []testcluster.User{
			{Name: "tina", Roles: []string{"mcp-user"}, Password: "correct horse", TOTPSecret: terminalSecret},
		},
		Roles: []testcluster.Role{{Name: "mcp-user"}},
	}
	if change != nil {
		change(&cfg)
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	ca := filepath.Join(t.TempDir(), "web-ca.pem")
	if err := os.WriteFile(ca, cluster.WebCA(), 0o600); err != nil {
		t.Fatal(err)
	}
	return cluster, []string{"login", "--proxy=" + cluster.Addr(), "--ca-file=" + ca, "--store=file", "--browser=none", "--debug"}
}

// TestLoginErrors holds the words for what scripts do not reach, or reach one
// way only.
func TestLoginErrors(t *testing.T) {
	as := func(err error) error {
		return &signInError{User: "tina", Cluster: "acme", Version: "18.3.0", Proxy: "teleport.acme.example:443", Err: err}
	}
	refused := func(reason login.Reason, text string) error {
		return as(&login.RefusedError{Reason: reason, Message: text, Err: &teleport.APIError{Status: 403}})
	}
	for _, test := range []struct {
		err        error
		text, hint string
	}{
		{refused(login.LocalDisabled, "local auth disabled"),
			"acme refused the login of tina: local auth disabled", "the cluster has no users of its own: name one of its connectors with --auth=NAME"},
		{refused(login.WrongPasskey, "invalid credentials"),
			"acme refused the login of tina: invalid credentials", "the passkey was not accepted: run the command again"},
		{refused(login.NoDevice, "missing second factor"),
			"acme refused the login of tina: missing second factor", "the cluster wants a second factor, and you have none: add one in your account settings at https://teleport.acme.example"},
		{&login.RefusedError{Reason: login.NotApproved, Message: "no"},
			"the cluster refused the login of you: no", "you may not log in so: sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{refused(login.LockedByAdmin, `lock targeting User:"tina" is in force: left`),
			`acme refused the login of tina: lock targeting User:"tina" is in force: left`, teleport.LockHint},
		{&login.DeniedError{Message: `lock targeting User:"tina" is in force: left`},
			`the sign-in was refused: lock targeting User:"tina" is in force: left`, teleport.LockHint},
		{as(login.ErrNotApproved),
			"nobody approved the login within 3 minutes", "run the command again and open its link at once, where you are signed in to the cluster's web UI"},
		{fmt.Errorf("start the login: %w", &teleport.APIError{Status: http.StatusTooManyRequests, Path: "/webapi/github/login/console", Message: "rate limit exceeded"}),
			"start the login: /webapi/github/login/console: rate limit exceeded (HTTP 429)", "too many logins came from this network address: wait a moment and run the command again"},
		{&login.NotServedError{Type: "saml"},
			"the proxy serves no saml logins: they need a Teleport Enterprise cluster", "sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{&headlessOffError{Cluster: "acme\x1b[31m\n"},
			"acme [31m  does not allow headless logins", "sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{&connectorTypeError{Cluster: "acme\n", Type: "telepathy"},
			`acme  signs users in by "telepathy", which tshmcp does not know`, "sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{fmt.Errorf("GET /webapi/ping: %w", &teleport.EgressError{Proxy: "proxy.corp:3128", Status: 403}),
			"GET /webapi/ping: the network's proxy proxy.corp:3128 answers 403 Forbidden",
			"it does not connect to the Teleport proxy: ask your network's administrator; NO_PROXY=HOST goes there directly"},
		{&teleport.PolicyError{Message: "unauthorized device", Err: &teleport.AuthError{Op: "issue app certificate", Code: codes.PermissionDenied, Message: "unauthorized device"}},
			"the cluster wants a trusted device: device trust and hardware keys are not supported by tshmcp: unauthorized device", "use tsh for this cluster"},
		{&teleport.AuthError{Op: "list apps", Code: codes.PermissionDenied, Message: "access denied"},
			"list apps: access denied", "a role may be missing: ask your Teleport administrator; one that is new to you counts after tshmcp login"},
	} {
		var out bytes.Buffer
		if code := report(t.Context(), &out, test.err); code != exitError {
			t.Errorf("%v: exit code %d", test.err, code)
		}
		if want := "tshmcp: error: " + test.text + "\ntshmcp: hint: " + test.hint + "\n"; out.String() != want {
			t.Errorf("got\n%swant\n%s", out.String(), want)
		}
	}
}

// TestEveryRefusalHasAHint holds refusalHints to the reasons that there are.
func TestEveryRefusalHasAHint(t *testing.T) {
	for reason := login.WrongPassword; reason <= login.NotApproved; reason++ {
		if refusalHints[reason] == "" {
			t.Errorf("reason %d has no hint", reason)
		}
	}
}

// TestUnattendedLogin is a bridge whose cluster asks for a password: nobody is
// asked, and the client is told the command.
func TestUnattendedLogin(t *testing.T) {
	cluster, _ := startLocalCluster(t, nil)
	var stderr bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stderr: &stderr, getenv: func(name string) string {
		return map[string]string{"TSHMCP_HOME": t.TempDir(), "TSHMCP_STORE": "file"}[name]
	}}
	o := &loginOptions{global: &global{env: e}, proxyFlags: proxyFlags{proxy: cluster.Addr(), insecure: true}}
	err := o.run(t.Context())
	var missing *access.NotLoggedInError
	if !errors.As(err, &missing) || missing.Proxy != cluster.Addr() || !strings.Contains(err.Error(), "the cluster asks for a password") {
		t.Errorf("error %v\n%s", err, stderr.String())
	}
	if _, hints, code := explain(err); code != exitNotLoggedIn || len(hints) != 1 || hints[0] != "run: tshmcp login --proxy="+cluster.Addr() {
		t.Errorf("exit code %d, hints %v", code, hints)
	}
}
