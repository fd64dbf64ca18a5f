// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the path to the proxy dies without a word while a call is under way.

package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/netnstest"
)

// TestPathDiesSilently runs the real process, a cluster and a server in a network
// namespace whose loopback device is taken down: no connection is told that it is
// over. It takes the real times; TestSilentPath of internal/teleport has shorter ones.
func TestPathDiesSilently(t *testing.T) {
	if netnstest.Inside(os.Args) {
		pathDies(t)
		return
	}
	if testing.Short() {
		t.Skip("it takes half a minute, and -short is set")
	}
	name := t.Name()
	waiting(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
		defer cancel()
		switch skipped, err := netnstest.Again(ctx, os.Args[0], name); {
		case err != nil:
			t.Fatal(err)
		case skipped != "":
			t.Skip(skipped)
		}
	})
}

// later answers after a time, and says when it was asked.
func later(stub *stubServer, wait time.Duration) (reached chan struct{}) {
	reached = make(chan struct{}, 1)
	stub.says(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reached <- struct{}{}
		select {
		case <-time.After(wait):
		case <-r.Context().Done():
		}
		stub.says(nil)
		http.Error(w, "late", http.StatusTeapot)
	})
	return reached
}

// startSilent starts a stub behind a cluster, and a bridge to it.
func startSilent(t *testing.T) (*stubServer, *rawBridge) {
	stub := &stubServer{}
	srv := httptest.NewServer(stub)
	t.Cleanup(srv.CloseClientConnections)
	stub.addr = srv.Listener.Addr().String()
	_, environ, _ := startStubCluster(t, stub, true)
	b := startBridge(t, environ, "--login=never", "--path=/mcp")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)
	return stub, b
}

// TestServerTakesItsTime has a call that takes longer than it takes to notice a
// dead path: it stays.
func TestServerTakesItsTime(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute, and -short is set")
	}
	waiting(t, func(t *testing.T) {
		stub, b := startSilent(t)
		later(stub, 27*time.Second)
		wantFailure(t, "a server that takes its time", b.getNote(), "http_status", "unknown", "HTTP 418")
	})
}

func pathDies(t *testing.T) {
	if err := netnstest.SetLoopback(true); err != nil {
		t.Skip("this machine does not let a namespace have its loopback device: ", err)
	}
	stub, b := startSilent(t)
	reached := later(stub, 10*time.Minute)
	go func() {
		<-reached
		if err := netnstest.SetLoopback(false); err != nil {
			t.Error(err)
		}
	}()
	began := time.Now()
	wantFailure(t, "a dead path", b.getNote(), "connection_lost", "unknown", "the request may have been executed; it died silently")
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("answered after %v", took)
	}
	if n := stub.calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
	if err := netnstest.SetLoopback(true); err != nil {
		t.Fatal(err)
	}
	stub.says(nil)
	wantAnswer(t, "when the path is back", b.getNote(), theNote)
}
