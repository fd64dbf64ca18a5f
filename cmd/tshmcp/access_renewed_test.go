// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the proxy does not know the app session of a certificate any more.

package main

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// TestAppCertificateRefused lets the proxy forget the app session of a stored
// certificate, and then refuse every certificate: one that is new is not replaced
// again and again, and the answer says why nothing works.
func TestAppCertificateRefused(t *testing.T) {
	t.Parallel()
	cluster, _ := startNotesCluster(t)
	environ, home := bareEnviron(t)
	if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	if _, err := callOnce(tshmcp(t, environ, "connect", "notes"), "get_note", `{"name":"deploy"}`); err != nil {
		t.Fatal(err)
	}
	cluster.KillAllSessions()
	b := startBridge(t, environ)
	wantAnswer(t, "renewed", b.initialize(), `"result"`)
	wantAnswer(t, "renewed", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions, want 1", n)
	}
	cluster.OnAppRequest(func(w http.ResponseWriter, _ *http.Request) bool {
		http.Error(w, http.StatusText(http.StatusForbidden), http.StatusForbidden)
		return true
	})
	for range 5 {
		wantAnswer(t, "refused", b.getNote(), "Teleport refused the request to notes although you may use it: the app is offline")
	}
	if n := len(cluster.Sessions()); n != 2 {
		t.Errorf("%d app sessions, want one more and no others so soon", n)
	}
	cluster.SetAppOnline("notes", false)
	wantAnswer(t, "gone", b.getNote(), `has no MCP server \"notes\" that you may use; tshmcp ls shows what you may use`)
}

// TestManyCallsAfterAForgottenSession: all that are in flight succeed, after one
// renewal.
func TestManyCallsAfterAForgottenSession(t *testing.T) {
	t.Parallel()
	for _, n := range []int{3, 20, 64, 200} {
		t.Run(fmt.Sprint(n, " in flight"), func(t *testing.T) {
			cluster, environ, _ := startStubCluster(t, startStub(t), false)
			b := startBridge(t, environ)
			wantAnswer(t, "start", b.initialize(), `"result"`)
			wantAnswer(t, "start", b.getNote(), theNote)
			for range 2 { // over connections that are new, and that are kept
				cluster.KillAllSessions()
				var calls strings.Builder
				for i := range n {
					fmt.Fprintf(&calls, `{"jsonrpc":"2.0","id":"many-%d","method":"tools/call","params":{"name":"get_note","arguments":{"name":"deploy"}}}`+"\n", i)
				}
				if _, err := io.WriteString(b.in, calls.String()); err != nil {
					t.Fatal(err)
				}
				for range n {
					line, err := b.out.ReadString('\n')
					if err != nil {
						t.Fatal(err)
					}
					wantAnswer(t, "a call", line, theNote)
				}
				if got := len(cluster.Sessions()); got != 1 {
					t.Errorf("%d app sessions, want one", got)
				}
			}
		})
	}
}
