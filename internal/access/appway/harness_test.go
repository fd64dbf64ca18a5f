// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a way to an app of the test cluster, whose rules are checked at every
// move.

package appway

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/logintest"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == rawtest.Arg {
		os.Exit(rawtest.Serve(os.Stdin, os.Stdout, os.Args[2:]))
	}
	violated = func(e event, rule string) { panic(fmt.Sprintf("after %q: %s", e, rule)) }
	os.Exit(m.Run())
}

const somewhere = "teleport.example.com:443"

// stage is a cluster with the app notes, and the same as the ordinary app site, in
// which alice and bob may do everything, and a state directory.
type stage struct {
	*testing.T
	cluster  *testcluster.Cluster
	clusters *access.Clusters
	store    *creds.Store
}

func newStage(t *testing.T, app http.Handler) *stage {
	t.Helper()
	return newStageAt(t, testcluster.NewestVersion, app)
}

// newStageAt is newStage with a cluster of that version.
func newStageAt(t *testing.T, version string, app http.Handler) *stage {
	t.Helper()
	if app == nil {
		app = http.HandlerFunc(answer)
	}
	srv := httptest.NewServer(app)
	t.Cleanup(srv.Close)
	all := map[string][]string{"*": {"*"}}
	cluster, err := testcluster.Start(testcluster.Config{
		Version: version,

		Users: []testcluster.User{{Name: "alice", Roles: []string{"user"}, Passkey: true}, {Name: "bob", Roles: []string{"user"}}},
		Roles: []testcluster.Role{{Name: "user", AllowAppLabels: all, AllowTools: []string{"*"}}},
		Apps: []testcluster.App{
			{Name: "notes", URI: "mcp+" + srv.URL}, {Name: "site", URI: srv.URL},
			{Name: "cmd", URI: "mcp+stdio://cmd", Command: []string{os.Args[0], rawtest.Arg}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cluster.Close() })
	store := &creds.Store{Dir: t.TempDir()}
	return &stage{T: t, cluster: cluster, store: store, clusters: newClusters(store)}
}

func newClusters(store *creds.Store) *access.Clusters {
	return &access.Clusters{Store: store, Now: time.Now, UserAgent: "test", UpgradeMode: func(string) (teleport.UpgradeMode, error) {
		return teleport.UpgradeAuto, nil
	}}
}

// answer is an MCP server that answers every request with an empty result.
func answer(w http.ResponseWriter, r *http.Request) {
	var m struct{ ID json.RawMessage }
	if r.Method != http.MethodPost || json.NewDecoder(r.Body).Decode(&m) != nil {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID)
}

// login is one without the ceremony.
func (s *stage) login(user string, ttl time.Duration) {
	s.Helper()
	if err := logintest.Save(s.Context(), s.store, s.cluster, user, ttl); err != nil {
		s.Fatal(err)
	}
}

// config is that of a way with the login in the store.
func (s *stage) config() Config {
	return Config{
		App: "notes", Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Open:  func(proxy string) (*access.Cluster, error) { return s.clusters.Open(access.Source{Addr: proxy}) },
		Who:   s.clusters.Watched(access.Source{}, "notes"),
		Waits: func(context.Context) bool { return true },
	}
}

func (s *stage) way(cfg Config) *Way {
	s.Helper()
	w := New(s.Context(), cfg)
	s.Cleanup(w.Close)
	return w
}

// call makes one request and returns what the app answered.
func call(ctx context.Context, w http.RoundTripper, id int) (string, error) {
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"x"}}`, id)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://localhost/", strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("Mcp-Protocol-Version", "2025-11-25")
	res, err := w.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("HTTP %d: %s", res.StatusCode, text)
	}
	return string(text), err
}

// mustCall is call that has to go well.
func (s *stage) mustCall(w *Way) {
	s.Helper()
	if _, err := call(s.Context(), w, 1); err != nil {
		s.Fatal(err)
	}
}
