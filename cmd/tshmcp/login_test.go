// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/settings"
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

// TestUnattendedLogin is a bridge whose cluster asks for a password: nobody is
// asked, and the client is told the command.
func TestUnattendedLogin(t *testing.T) {
	cluster, _ := startLocalCluster(t, nil)
	home := t.TempDir()
	if err := storeLogin(t.Context(), cluster, home, "tina"); err != nil {
		t.Fatal(err)
	}
	var stderr bytes.Buffer
	e := &env{stdin: strings.NewReader(""), stderr: &stderr, account: func() string { return "me" }, Env: settings.Env{Getenv: func(name string) string {
		return map[string]string{"TSHMCP_HOME": home}[name]
	}}}
	err := loginUnattended(t.Context(), &global{env: e}, settings.Flags{Proxy: cluster.Addr()}, nil)
	var missing *access.NotLoggedInError
	if !errors.As(err, &missing) || missing.Proxy != cluster.Addr() || !strings.Contains(err.Error(), "the cluster asks for a password") {
		t.Errorf("error %v\n%s", err, stderr.String())
	}
	if _, hints, code := explain(err); code != access.ExitNotLoggedIn || len(hints) != 1 || hints[0] != "run: tshmcp login --proxy="+cluster.Addr() {
		t.Errorf("exit code %d, hints %v", code, hints)
	}
}
