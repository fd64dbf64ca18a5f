// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grafanatest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// keySet is the cluster's JWKS: fetched when first needed, then kept, as
// Grafana keeps it for an hour.
type keySet struct {
	url   string
	roots *x509.CertPool

	mu  sync.Mutex
	set *jose.JSONWebKeySet // nil until fetched
}

// find returns the keys with this id. Teleport lists every key twice, with and
// without an id (protocol.md 10).
func (k *keySet) find(ctx context.Context, kid string) ([]jose.JSONWebKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.set == nil {
		set, err := fetchKeys(ctx, k.url, k.roots)
		if err != nil {
			return nil, fmt.Errorf("fetch the key set: %w", err)
		}
		k.set = set
	}
	keys := k.set.Key(kid)
	if len(keys) == 0 {
		return nil, errors.New("the key set has no such key")
	}
	return keys, nil
}

// fetchKeys gets a JWKS of at most 1 MiB, over https as Grafana insists.
func fetchKeys(ctx context.Context, from string, roots *x509.CertPool) (*jose.JSONWebKeySet, error) {
	if u, err := url.Parse(from); err != nil || u.Scheme != "https" {
		return nil, errors.New("the key set's URL must be https")
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, from, nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DisableKeepAlives: true,
	}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %d", resp.StatusCode)
	}
	var set jose.JSONWebKeySet
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&set); err != nil {
		return nil, err
	}
	return &set, nil
}
