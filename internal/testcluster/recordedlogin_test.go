// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
)

// TestRecordedTTL replays which lifetimes a console login may ask for.
func TestRecordedTTL(t *testing.T) {
	c, err := Start(Config{Connector: Connector{Name: "github"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	words := strings.NewReplacer("<port>", "41234", "<hex64>", strings.Repeat("ab", 32), "<base64>", newPublicKey(t))
	replayFile(t, "login-github-console.json", nil, func(t *testing.T, e recorded) {
		if !strings.HasPrefix(e.Name, "ttl-") {
			return
		}
		body := words.Replace(bodyText(t, e.Request.Body))
		resp := do(t, tlsClient(t, c, tls.Certificate{}), c, e.Request.Method, e.Request.Path, body, "Content-Type", "application/json")
		if e.Response.Status != http.StatusOK {
			wantRecorded(t, *e.Response, resp, false, nil)
		} else if resp.StatusCode != http.StatusOK {
			t.Errorf("status %d, want 200", resp.StatusCode)
		}
	})
}

// newPublicKey is the public half of a new key as requests carry it: base64 of
// PEM.
func newPublicKey(t *testing.T) string {
	t.Helper()
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
