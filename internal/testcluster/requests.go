// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"slices"
	"sync"
)

// maxRequestRecords bounds the request log; the oldest records go first.
const maxRequestRecords = 1000

// A RequestRecord is what the cluster saw of an app request.
type RequestRecord struct {
	Method     string
	Path       string // with the query
	User       string // empty if the certificate names none
	App        string
	MCPMethod  string // of the JSON-RPC request or notification in a POST to an MCP app
	MCPSession string // Mcp-Session-Id
	Header     http.Header
	Status     int // 0 until the answer begins
}

// requestLog keeps the latest requests. The zero value is ready.
type requestLog struct {
	mu      sync.Mutex
	records []*RequestRecord
	changed chan struct{} // closed at the next change, nil if nobody waits
}

// add begins the record of a request.
func (l *requestLog) add(r *http.Request) *RequestRecord {
	rec := &RequestRecord{
		Method: r.Method, Path: r.URL.RequestURI(), MCPSession: r.Header.Get("Mcp-Session-Id"), Header: r.Header.Clone(),
	}
	l.update(func() {
		if len(l.records) >= maxRequestRecords {
			l.records = slices.Delete(l.records, 0, 1)
		}
		l.records = append(l.records, rec)
	})
	return rec
}

// update changes records and wakes whoever waits for a change.
func (l *requestLog) update(change func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// snapshot copies the records; changed is closed when they have changed.
func (l *requestLog) snapshot() (records []RequestRecord, changed <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	for _, rec := range l.records {
		records = append(records, *rec)
	}
	return records, l.changed
}

// Requests returns the latest app requests (at most 1000) in the order in
// which they came, also those still being answered. Headers are shared and
// must not be changed.
func (l *requestLog) Requests() []RequestRecord {
	records, _ := l.snapshot()
	return records
}

// AwaitRequest waits until an app request matches, and returns the first that
// does. Requests made before the call count.
func (l *requestLog) AwaitRequest(ctx context.Context, match func(RequestRecord) bool) (RequestRecord, error) {
	for {
		records, changed := l.snapshot()
		if i := slices.IndexFunc(records, match); i >= 0 {
			return records[i], nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return RequestRecord{}, context.Cause(ctx)
		}
	}
}

// statusWriter notes the status of an answer in its record.
type statusWriter struct {
	http.ResponseWriter
	log  *requestLog
	rec  *RequestRecord
	done bool
}

func (w *statusWriter) WriteHeader(status int) {
	if !w.done && status >= 200 {
		w.note(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) note(status int) {
	w.done = true
	w.log.update(func() { w.rec.Status = status })
}

func (w *statusWriter) Write(p []byte) (int, error) {
	if !w.done {
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(p)
}

// Hijack hands the connection over, which is how the answer to an upgrade goes.
func (w *statusWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.note(http.StatusSwitchingProtocols)
	}
	return conn, rw, err
}

// Unwrap lets http.ResponseController flush.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
