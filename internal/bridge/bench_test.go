// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: how fast messages pass, and what they cost.

package bridge

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// BenchmarkRelay measures a request and its response through the bridge, over
// loopback HTTP, one at a time and many at once.
func BenchmarkRelay(b *testing.B) {
	for _, form := range []string{"json", "stream"} {
		for _, size := range []int{100, 10 << 10, 1 << 20} {
			for _, parallel := range []int{1, 32} {
				b.Run(fmt.Sprintf("%s/%dB/%d", form, size, parallel), func(b *testing.B) {
					benchmarkRelay(b, form, size, parallel)
				})
			}
		}
	}
}

func benchmarkRelay(b *testing.B, form string, size, parallel int) {
	text := `"` + strings.Repeat(`level=info msg=\"ok\"\n`, size/22+1) + `"` // as a log in JSON is
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var id bytes.Buffer
		_, _ = io.Copy(&id, r.Body)
		line := result(frame.Lookup(id.Bytes(), "id"), text)
		if form == "json" {
			w.Header().Set("Content-Type", typeJSON)
		} else {
			w.Header().Set("Content-Type", typeStream)
			line = data(line)
		}
		_, _ = io.WriteString(w, line)
	}))
	defer srv.Close()
	tr := &http.Transport{MaxIdleConnsPerHost: parallel}
	defer tr.CloseIdleConnections()
	in, w := io.Pipe()
	r, out := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- Run(context.Background(), Config{Transport: tr, URL: srv.URL, In: in, Out: out})
	}()
	tokens := make(chan struct{}, parallel)
	go func() {
		for i := range b.N {
			tokens <- struct{}{}
			fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"x"}}`+"\n", i)
		}
	}()
	lines := bufio.NewReaderSize(r, 1<<16)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		for {
			_, prefix, err := lines.ReadLine()
			if err != nil {
				b.Fatal(err)
			}
			if !prefix {
				break
			}
		}
		<-tokens
	}
	b.StopTimer()
	w.Close()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}

// maxAllocations is for a request and its response, with the HTTP server of this
// test and the client's side of it: what there is today and a small margin.
const (
	maxAllocations = 190
	maxAllocated   = 15_500 // bytes
)

// TestAllocations holds what a message costs, apart from its bytes.
func TestAllocations(t *testing.T) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		t.Skip("with the race detector a sync.Pool forgets at random, and what is counted is not the program's")
	}
	// Its own time, a second for each form, would be for what is timed.
	calls := flag.Lookup("test.benchtime")
	before := calls.Value.String()
	t.Cleanup(func() { _ = calls.Value.Set(before) })
	if err := calls.Value.Set("1000x"); err != nil {
		t.Fatal(err)
	}
	for _, form := range []string{"json", "stream"} {
		made := testing.Benchmark(func(b *testing.B) { benchmarkRelay(b, form, 100, 1) })
		if n := made.AllocsPerOp(); made.N < 10 || n > maxAllocations {
			t.Errorf("%s: %d allocations for each of %d messages, at most %d", form, n, made.N, maxAllocations)
		}
		if n := made.AllocedBytesPerOp(); n > maxAllocated {
			t.Errorf("%s: %d bytes are allocated for each message, at most %d", form, n, maxAllocated)
		}
		t.Logf("%s: %d allocations, %d bytes", form, made.AllocsPerOp(), made.AllocedBytesPerOp())
	}
}
