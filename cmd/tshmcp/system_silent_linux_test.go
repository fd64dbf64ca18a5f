// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the path to the proxy dies without a word while a call is under way.

package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// inNamespace is set in the process that has a network of its own.
const inNamespace = "TSHMCP_TEST_NETWORK_OF_ITS_OWN"

// TestPathDiesSilently runs the real process, a cluster and a server in a network
// namespace whose loopback device is taken down: no connection is told that it is
// over. A call that has taken longer than that is noticed stays, before.
func TestPathDiesSilently(t *testing.T) {
	if os.Getenv(inNamespace) != "" {
		pathDies(t)
		return
	}
	t.Parallel()
	if testing.Short() {
		t.Skip("it takes a minute and a half, and -short is set")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestPathDiesSilently$", "-test.v")
	cmd.Env = append(os.Environ(), inNamespace+"=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		Pdeathsig:   syscall.SIGKILL,
	}
	out, err := cmd.CombinedOutput()
	var ended *exec.ExitError
	switch {
	case err != nil && !errors.As(err, &ended):
		t.Skip("this machine gives no network namespace: ", err)
	case err != nil:
		t.Fatalf("%v\n%s", err, out)
	case strings.Contains(string(out), "--- SKIP"):
		t.Skipf("%s", out)
	}
}

// loopback takes the loopback device up or down.
func loopback(state string) error { return exec.Command("ip", "link", "set", "lo", state).Run() }

func pathDies(t *testing.T) {
	if err := loopback("up"); err != nil {
		t.Skip("there is no command ip, or it may not do it: ", err)
	}
	stub := &stubServer{}
	srv := httptest.NewServer(stub)
	defer srv.CloseClientConnections()
	stub.addr = srv.Listener.Addr().String()
	_, environ, _ := startStubCluster(t, stub, true)
	b := startBridge(t, environ, "--login=never", "--path=/mcp")
	wantAnswer(t, "initialize", b.initialize(), `"result"`)

	reached := make(chan struct{}, 1)
	later := func(wait time.Duration) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			reached <- struct{}{}
			select {
			case <-time.After(wait):
			case <-r.Context().Done():
			}
			stub.says(nil)
			http.Error(w, "late", http.StatusTeapot)
		}
	}
	stub.says(later(27 * time.Second))
	wantFailure(t, "a server that takes its time", b.getNote(), "http_status", "unknown", "HTTP 418")
	<-reached

	stub.says(later(10 * time.Minute))
	go func() {
		<-reached
		if err := loopback("down"); err != nil {
			t.Error(err)
		}
	}()
	began := time.Now()
	wantFailure(t, "a dead path", b.getNote(), "connection_lost", "unknown", "the request may have been executed; it died silently")
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("answered after %v", took)
	}
	if n := stub.calls.Load(); n != 2 {
		t.Errorf("%d calls", n)
	}
	if err := loopback("up"); err != nil {
		t.Fatal(err)
	}
	stub.says(nil)
	wantAnswer(t, "when the path is back", b.getNote(), theNote)
}
