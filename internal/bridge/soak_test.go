// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: many sessions leave nothing behind.

package bridge

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

const (
	soakShort  = 2000 // calls in an ordinary run; TSHMCP_SOAK asks for more
	soakWindow = 40   // calls in flight
)

// soakFaults are what the soak's server does to a request, each as often as the
// others. A request that is not executed by one is so by the next attempt.
var soakFaults = []func(w http.ResponseWriter, m frame.Message){
	func(w http.ResponseWriter, m frame.Message) { respond(w, m.ID, `{"content":[]}`) },
	func(w http.ResponseWriter, m frame.Message) {
		startStream(w)
		emit(w, ": comment\n\n", data(`{"jsonrpc":"2.0","method":"notifications/message","params":{}}`),
			data(fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{}}`, m.ID)))
	},
	func(w http.ResponseWriter, m frame.Message) { startStream(w); emit(w, ": nothing more comes\n\n") },
	func(w http.ResponseWriter, m frame.Message) {
		startStream(w)
		emit(w, "data: {\"jsonrpc\":\"2.0\",\n\n")
	},
	func(w http.ResponseWriter, m frame.Message) { http.Error(w, "broken", http.StatusInternalServerError) },
	func(w http.ResponseWriter, m frame.Message) { http.Error(w, "bad gateway", http.StatusBadGateway) },
	func(w http.ResponseWriter, m frame.Message) { http.Error(w, "slow down", http.StatusTooManyRequests) },
	func(w http.ResponseWriter, m frame.Message) { http.Error(w, "no", http.StatusForbidden) },
	func(w http.ResponseWriter, m frame.Message) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, "<html>sign in</html>")
	},
	func(w http.ResponseWriter, m frame.Message) {
		w.Header().Set("Content-Type", typeJSON)
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"jsonrpc":"2.0"`)
	},
	func(w http.ResponseWriter, m frame.Message) { w.WriteHeader(http.StatusNoContent) },
	func(http.ResponseWriter, frame.Message) { panic(http.ErrAbortHandler) },
}

// TestSoak sends many calls to a server that fails in every way at random:
// each is answered once, and memory does not grow.
func TestSoak(t *testing.T) {
	n := soakShort
	if asked, err := strconv.Atoi(os.Getenv("TSHMCP_SOAK")); err == nil {
		n = asked
	}
	s := &mcpServer{Post: func(w http.ResponseWriter, _ *http.Request, m frame.Message) bool {
		if m.Method != methodCall {
			return false
		}
		soakFaults[rand.IntN(len(soakFaults))](w, m)
		return true
	}}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ServeHTTP(w, r)
		s.mu.Lock()
		s.requests = nil // not kept: memory is measured
		s.mu.Unlock()
	}))
	server.Config.ErrorLog = nil
	server.Start()
	defer server.Close()
	transport := &http.Transport{MaxIdleConnsPerHost: soakWindow}
	defer transport.CloseIdleConnections()
	r := startRig(t, transport, server.URL)
	r.hello()

	began := time.Now()
	r.forget(t) // the answer to initialize
	answered, early := 0, uint64(0)
	for sent := 0; sent < n; {
		window := min(soakWindow, n-sent)
		for range window {
			sent++
			r.send(call(strconv.Itoa(sent), "x"))
		}
		r.until("answers to all calls", func() bool { return len(r.seen) >= window })
		answered += r.forget(t)
		if early == 0 && sent >= n/4 {
			early = heap()
		}
	}
	late := heap()
	t.Logf("%d calls, %d answers in %v; heap %d KiB after a quarter, %d KiB at the end",
		n, answered, time.Since(began).Round(time.Millisecond), early>>10, late>>10)
	if answered != n {
		t.Errorf("%d answers for %d calls", answered, n)
	}
	if late > early+early/2+8<<20 {
		t.Errorf("the heap grew from %d to %d bytes", early, late)
	}
	r.end()
}

// forget checks that every id was answered once and drops what was received.
func (r *rig) forget(t *testing.T) int {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.seen)
	for id, replies := range r.seen {
		if len(replies) != 1 {
			t.Errorf("%d answers for %s", len(replies), id)
		}
	}
	if strings.Contains(r.log.String(), "internal error") {
		t.Errorf("internal error:\n%s", r.log)
	}
	clear(r.seen)
	r.rest = nil
	r.log.reset()
	return n
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
