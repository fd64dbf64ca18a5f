// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the way behind the network's proxy is lost in mid-call.

package main

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestDeadPathBehindConnect loses the way behind the network's proxy in mid-call, which
// keeps all connections: the call is told of it within half a minute.
func TestDeadPathBehindConnect(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	waiting(t, func(t *testing.T) {
		var both sync.WaitGroup
		for _, kind := range []string{kindHTTP, kindStdio} {
			both.Go(func() {
				t.Run(kind, func(t *testing.T) { pathIsDead(t, kind) })
			})
		}
		both.Wait()
	})
}

func pathIsDead(t *testing.T, kind string) {
	app := startKind(t, kind)
	r := &kindsRun{chain: startPath(t, pathConnect, app), app: app}
	r.client = r.connectGo(t, v2511)
	r.client.loud = true
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	result := make(chan error, 1)
	begun := r.client.counted(onProgress)
	go func() {
		_, err := r.client.call(ctx, "hang", map[string]any{"n": begun})
		result <- err
	}()
	if err := r.client.await(ctx, map[string]int{onProgress: begun + 1}); err != nil {
		t.Fatal(err)
	}
	lost := time.Now()
	r.tunnel.LoseWay()
	err := <-result
	if err == nil || !strings.Contains(err.Error(), "died silently") {
		t.Errorf("the call: %v", err)
	}
	if took := time.Since(lost); took > 30*time.Second+answerTime/2 {
		t.Errorf("told after %v", took)
	}
}
