// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the limit: a client that speaks to the app itself, with nothing in between but the proxy.

//go:build bench

package bench

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
)

// direct is a client in this process.
type direct struct {
	client *http.Client
	url    string
	next   atomic.Int64
}

// newDirect does the handshake with the app's certificate.
func newDirect(url string, config *tls.Config) (*direct, error) {
	d := &direct{url: url, client: &http.Client{
		Transport: &http.Transport{TLSClientConfig: config, MaxIdleConnsPerHost: 64},
		Timeout:   patience,
	}}
	d.next.Store(1 << 40) // Teleport knows requests by their ids alone, those of all who share a certificate
	_, err := d.post(fmt.Sprintf(initialize, d.next.Add(1)))
	if err == nil {
		_, err = d.post(initialized)
	}
	return d, err
}

func (d *direct) call(size int) error {
	body, err := d.post(fmt.Sprintf(callTool, d.next.Add(1), size))
	if err == nil && len(body) < size-len(logLine)*2 {
		return fmt.Errorf("a result of %d bytes, want %d", len(body), size)
	}
	return err
}

func (d *direct) post(message string) ([]byte, error) {
	req, err := http.NewRequest(http.MethodPost, d.url, strings.NewReader(message))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set(sessionHeader, "bench")
	res, err := d.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode/100 != 2 {
		err = fmt.Errorf("HTTP %s: %.200s", res.Status, body)
	}
	return body, err
}

func (d *direct) close() { d.client.CloseIdleConnections() }
