// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestFormOfTeleports: an MCP server answers in the form of Teleport's errors.
// Where Teleport would say that it is its own, that is delivered once and costs
// no certificate; before, nobody can tell.
func TestFormOfTeleports(t *testing.T) {
	const text = "{\n    \"error\": {\n        \"message\": \"no such note\"\n    }\n}"
	for version, own := range map[string]bool{testcluster.NewestVersion: true, "18.3.0": false} {
		for _, status := range []int{http.StatusForbidden, http.StatusNotFound} {
			var asked atomic.Int64
			s := newStageAt(t, version, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, text)
			}))
			s.login("alice", time.Hour)
			w := s.way(s.config())
			for range 6 {
				_, err := call(t.Context(), w, 1)
				var refused *RefusedError
				if own && (err == nil || !strings.Contains(err.Error(), "no such note") || errors.As(err, &refused)) || !own && !errors.As(err, &refused) {
					t.Errorf("%s, HTTP %d: %v", version, status, err)
				}
			}
			if n := asked.Load(); own && n != 6 {
				t.Errorf("%s, HTTP %d: asked %d times", version, status, n)
			}
			if n := len(s.cluster.Sessions()); own && n != 1 {
				t.Errorf("%s, HTTP %d: %d app sessions", version, status, n)
			}
		}
	}
}
