// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"io"
	"net/http"
	"sync/atomic"
	"testing"
)

// closedBody is the body of a request as net/http's server has it: behind its end
// it may be asked until the answer begins, and is closed then. Whoever asks it
// there is always too late, so that no luck is needed to see what comes of it.
type closedBody struct {
	io.ReadCloser
	ended    atomic.Bool
	answered <-chan struct{}
	asked    *atomic.Int32 // behind the end
}

func (b *closedBody) Read(p []byte) (int, error) {
	if b.ended.Load() {
		b.asked.Add(1)
		<-b.answered
		return 0, http.ErrBodyReadAfterClose
	}
	n, err := b.ReadCloser.Read(p)
	b.ended.Store(err == io.EOF)
	return n, err
}

// TestStreamOutlivesItsRequest shows that no stream is cut because its request was
// just being read: nobody asks the client's body behind its end, where it is
// closed once the answer has begun.
func TestStreamOutlivesItsRequest(t *testing.T) {
	for _, app := range []string{"web", "tools"} {
		t.Run(app, func(t *testing.T) {
			c, g := streamApps(t)
			var asked atomic.Int32
			answered := make(chan struct{})
			c.OnAppRequest(func(_ http.ResponseWriter, r *http.Request) bool {
				r.Body = &closedBody{ReadCloser: r.Body, answered: answered, asked: &asked}
				return false
			})
			resp := openStream(t, c, appClient(t, c, app), "POST", `{"jsonrpc":"2.0","id":1,"method":"ping"}`)
			close(answered)
			close(g.open)
			if rest, err := io.ReadAll(resp.Body); string(rest) != lastEvent || err != nil {
				t.Errorf("the stream goes on with %q, %v", rest, err)
			}
			if n := asked.Load(); n > 0 {
				t.Errorf("the body is asked %d times behind its end", n)
			}
		})
	}
}
