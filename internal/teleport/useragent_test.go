// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what a cluster is told of the client.

package teleport

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// What a cluster's logs say of a client is its user agent.
func TestUserAgent(t *testing.T) {
	const agent = "tshmcp/v1.2.3"
	t.Run("auth service", func(t *testing.T) {
		s := startAuth(t)
		var got []string
		s.list = func(ctx context.Context, _ *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
			got = metadata.ValueFromIncomingContext(ctx, "user-agent")
			return &wirepb.ListResourcesResponse{}, nil
		}
		a := must((&Proxy{Addr: s.addr, UserAgent: agent}).DialAuth(s.login()))(t)
		defer a.Close()
		must(a.Apps(testContext(t)))(t)
		if len(got) != 1 || !strings.HasPrefix(got[0], agent+" ") {
			t.Errorf("user agent %q; want %s first", got, agent)
		}
	})
	t.Run("web API", func(t *testing.T) {
		got := ""
		p := webServer(t, func(w http.ResponseWriter, r *http.Request) {
			got = r.UserAgent()
			io.WriteString(w, realPing)
		})
		p.UserAgent = agent
		must(p.Ping(testContext(t), ""))(t)
		if got != agent {
			t.Errorf("user agent %q; want %s", got, agent)
		}
	})
}
