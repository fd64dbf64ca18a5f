// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what the race detector has to see: others who end a request while
// its own goroutine sends it again.

package bridge

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// A request is answered on the listening stream while it is sent again, under
// another id, because its POST failed. On a busy machine some answers come only
// after the last attempt has failed.
func TestAnswerElsewhereDuringAttempt(t *testing.T) {
	streams, turn := make(chan string, 1000), new(atomic.Int64)
	s := &mcpServer{
		Post: onPost("tools/list", func(w http.ResponseWriter, _ *http.Request, m frame.Message) {
			line, spread := data(result(m.ID, `{"tools":[]}`)), time.Duration(turn.Add(37)%100)*20*time.Microsecond
			time.AfterFunc(retryPauses[0]+spread, func() { streams <- line })
			w.WriteHeader(http.StatusBadGateway)
		}),
		Get: func(w http.ResponseWriter, r *http.Request) bool {
			startStream(w)
			for {
				select {
				case e := <-streams:
					emit(w, e)
				case <-r.Context().Done():
					return true
				}
			}
		},
	}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	r := startRig(t, tr, srv.URL, uniqueIDs)
	r.hello()
	const n = 400
	for i := 1; i <= n; i++ {
		r.send(`{"jsonrpc":"2.0","id":` + strconv.Itoa(i) + `,"method":"tools/list"}`)
	}
	late := 0
	for i := 1; i <= n; i++ {
		m := r.response(strconv.Itoa(i))
		switch {
		case m.Result != nil:
		case strings.Contains(string(m.raw), `"httpStatus":502`):
			late++
		default:
			t.Fatalf("got %s", m.raw)
		}
	}
	if late > n/2 {
		t.Errorf("%d of %d answers came too late", late, n)
	}
	r.end()
}

// Requests run out of time at the moment at which they are sent again.
func TestTimeOutDuringAttempt(t *testing.T) {
	var turn atomic.Int64
	s := &mcpServer{Post: onPost("tools/list", func(w http.ResponseWriter, _ *http.Request, _ frame.Message) {
		time.Sleep(time.Duration(turn.Add(37)%100) * 50 * time.Microsecond)
		w.WriteHeader(http.StatusBadGateway)
	})}
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	r := startRig(t, tr, srv.URL, uniqueIDs, func(c *Config) { c.RequestTimeout = retryPauses[0] + 5*time.Millisecond })
	r.hello()
	const n = 400
	for i := 1; i <= n; i++ {
		r.send(`{"jsonrpc":"2.0","id":` + strconv.Itoa(i) + `,"method":"tools/list"}`)
		time.Sleep(time.Millisecond)
	}
	for i := 1; i <= n; i++ {
		r.failure(strconv.Itoa(i))
	}
	r.end()
}

// Whoever has settled a request reads the id that it had on the wire without the
// lock: an attempt that has begun meanwhile must leave it alone.
func TestSettledRequestKeepsItsID(t *testing.T) {
	b := newBridge(t.Context(), Config{UniqueIDs: true})
	defer b.client.stopWriting()
	m, _ := frame.ParseMessage([]byte(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
	x := newExchange(b.life, m.Doc, false, m)
	b.update(func(s *inflight) { s.add(x.pending) })
	b.exchanges.address(x)
	claimed := b.exchanges.reader.relay.claimElsewhere(x.requests[0].wireKey)
	var wg sync.WaitGroup
	wg.Go(func() {
		x.stale = true
		b.exchanges.address(x)
	})
	answer, _ := frame.ParseMessage([]byte(result(claimed.wire, `{}`)))
	if got := string(claimed.restored(answer)); got != result([]byte("1"), `{}`) {
		t.Errorf("got %s", got)
	}
	wg.Wait()
}
