// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"io"
	"net/http"
)

// methodListen is a request that is answered for as long as somebody listens.
const methodListen = "subscriptions/listen"

// roundTrip sends a request over the link. The way to the proxy is looked at until the
// answer to one that a client waits for is read, or closed.
func (l *link) roundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodPost || req.Header.Get("Mcp-Method") == methodListen {
		return l.http.RoundTrip(req)
	}
	done := l.cluster.Proxy.Await()
	res, err := l.http.RoundTrip(req)
	if err != nil {
		done()
		return nil, err
	}
	res.Body = &awaited{res.Body, done}
	return res, nil
}

// awaited is the body of an answer that is waited for.
type awaited struct {
	io.ReadCloser
	done func()
}

func (b *awaited) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.done()
	}
	return n, err
}

func (b *awaited) Close() error {
	b.done()
	return b.ReadCloser.Close()
}
