// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the real process behind a network that does not let it through, with
// an app certificate in the store and without one.

package main

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// farAway stores a login of alice to a cluster that is behind the network's proxy,
// and with kept a certificate for its app.
func farAway(t *testing.T, cluster *testcluster.Cluster, state string, kept bool) {
	t.Helper()
	const proxy = "cluster.invalid:443"
	if err := storeLogin(t.Context(), cluster, state, "alice"); err != nil {
		t.Fatal(err)
	}
	store := creds.Store{Dir: state}
	profile, err := store.Profile("")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := store.Login(t.Context(), profile)
	if err != nil {
		t.Fatal(err)
	}
	profile.Proxy = proxy
	if err := store.SaveLogin(t.Context(), *profile, *pair); err != nil || !kept {
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	key, cert, _, err := cluster.IssueApp("alice", "notes", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, _ := pem.Decode(key)
	certDER, _ := pem.Decode(cert)
	if err := store.SaveApp(t.Context(), profile, creds.App{Name: "notes"}, creds.KeyPair{
		Key: keyDER.Bytes, Cert: certDER.Bytes, Meta: map[string]string{"uri": "mcp+http://127.0.0.1:1/mcp"},
	}); err != nil {
		t.Fatal(err)
	}
}

// TestProcessBehindProxy: what the network's proxy refuses is not the certificate's
// fault, also where a certificate is still to be asked for, and a refusal that
// passes is waited for.
func TestProcessBehindProxy(t *testing.T) {
	t.Parallel()
	cluster, _ := startNotesCluster(t)
	for status, passes := range map[int]bool{407: false, 403: false, 502: true, 503: true} {
		for _, kept := range []bool{true, false} {
			t.Run(fmt.Sprintf("%d, certificate kept %v", status, kept), func(t *testing.T) {
				t.Parallel()
				via, met := barrier(t, status)
				environ, home := bareEnviron(t)
				farAway(t, cluster, filepath.Join(home, "state"), kept)
				b := startBridge(t, append(environ, "HTTPS_PROXY=http://"+via), "--login=never")
				answer := b.ask("tools/call", `{"name":"get_note","arguments":{"name":"deploy"}}`)
				var got struct {
					Error struct {
						Message string
						Data    struct {
							Kind, Executed string
							Retryable      bool
							Attempts       int
						}
					}
				}
				if err := json.Unmarshal([]byte(answer), &got); err != nil {
					t.Fatal(err)
				}
				if d := got.Error.Data; d.Kind != "upstream_unreachable" || d.Executed != "no" || d.Retryable != passes || d.Attempts > 1 != passes {
					t.Errorf("%+v", got)
				}
				if met.Load() == 0 {
					t.Error("the network's proxy was not asked")
				}
				wantAnswer(t, "the text", answer, "the network's proxy "+via+" answers")
			})
		}
	}
}
