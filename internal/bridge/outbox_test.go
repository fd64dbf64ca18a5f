// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// holding is a server that never answers notifications/initialized.
func holding() *mcpServer {
	return &mcpServer{
		Post: onPost(methodInitialized, func(_ http.ResponseWriter, r *http.Request, _ frame.Message) { <-r.Context().Done() }),
		Get: func(w http.ResponseWriter, r *http.Request) bool {
			startStream(w)
			<-r.Context().Done()
			return true
		},
	}
}

// A message that the bridge waits for, and that is neither accepted nor refused,
// holds requests a few seconds at most, all of them together: at the start and in
// a session that was opened again.
func TestHeldInitialized(t *testing.T) {
	for name, prepare := range map[string]func(t *testing.T, s *mcpServer, r *rig){
		"at the start": func(*testing.T, *mcpServer, *rig) {},
		"after a loss": func(_ *testing.T, s *mcpServer, r *rig) {
			r.send(call("99", "x"))
			r.response("99")
			time.Sleep(time.Minute)
			s.kill()
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := holding()
			bubble(t, s, func(t *testing.T, r *rig) {
				r.hello()
				prepare(t, s, r)
				began := time.Now()
				for i := 1; i <= 5; i++ {
					r.send(`{"jsonrpc":"2.0","id":` + strconv.Itoa(i) + `,"method":"ping"}`)
					if m := r.response(strconv.Itoa(i)); m.Result == nil {
						t.Fatalf("got %s", m.raw)
					}
				}
				if took := time.Since(began); took > 8*time.Second {
					t.Errorf("5 requests took %v", took)
				}
				time.Sleep(time.Minute)
				if s.count("GET") == 0 {
					t.Error("nobody listens")
				}
			})
		})
	}
}
