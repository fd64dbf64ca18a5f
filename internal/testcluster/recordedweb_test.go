// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: requests to the web API as recordings write them.

package testcluster

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
)

// webHeaders are on every answer of the web API; recordings leave most of them
// out.
var webHeaders = map[string]string{
	"Cache-Control": "no-cache, no-store, must-revalidate", "Pragma": "no-cache", "Expires": "0",
	"Referrer-Policy": "strict-origin", "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
	"X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN", "X-Xss-Protection": "1; mode=block",
}

// recordedState starts the cluster of a recorded state the first time that it is
// asked for: given are the words of the recording.
func recordedState(t *testing.T, change func(given string, cfg *Config)) func(given string) *rig {
	rigs := map[string]*rig{}
	return func(given string) *rig {
		if rigs[given] == nil {
			rigs[given] = startRig(t, nil, func(cfg *Config) {
				cfg.NoWebUI = true
				change(given, cfg)
			})
		}
		return rigs[given]
	}
}

// web sends a recorded request to the web API. words are put in before those of
// the rig.
func (r *rig) web(t *testing.T, req recordedRequest, words *strings.Replacer) *http.Response {
	t.Helper()
	fill := func(s string) string { return r.words.Replace(words.Replace(s)) }
	var headers []string
	for name, value := range req.Headers {
		headers = append(headers, name, value)
	}
	if req.Headers == nil && req.Method == http.MethodPost {
		headers = []string{"Content-Type", "application/json"}
	}
	return do(t, tlsClient(t, r.Cluster, tls.Certificate{}), r.Cluster, req.Method, fill(req.Path), fill(bodyText(t, req.Body)), headers...)
}

// wantWeb compares an answer of the web API with a recorded one. The certificates
// in it are for the caller.
func (r *rig) wantWeb(t *testing.T, want recordedAnswer, resp *http.Response) (body []byte) {
	t.Helper()
	if resp.StatusCode == http.StatusSwitchingProtocols {
		resp.Body.Close()
		resp.Body = http.NoBody // it was a connection
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	resp.Body = io.NopCloser(strings.NewReader(string(body)))
	headers := maps.Clone(want.Headers)
	if strings.HasPrefix(want.Headers["Content-Type"], "application/json") {
		maps.Copy(headers, webHeaders)
	}
	want.Headers = headers
	wantRecorded(t, want, resp, false, r.words)
	return body
}

// loginWords are what a client makes up for a login.
func loginWords(t *testing.T) *strings.Replacer {
	return strings.NewReplacer(
		"127.0.0.1:<port>", "127.0.0.1:41234", "localhost:<port>", "localhost:41234", "[::1]:<port>", "[::1]:41234",
		"<hex64>", strings.Repeat("ab", 32), "<hex32>", strings.Repeat("cd", 16),
		`"ssh_pub_key":"<base64>"`, `"ssh_pub_key":"`+base64.StdEncoding.EncodeToString(newSSHKey())+`"`, "<base64>", newPublicKey(t))
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

// newSSHKey is a public key as a line of authorized_keys.
func newSSHKey() []byte { return sshLine(sshEd25519, sshStrings([]byte(sshEd25519), randomBytes(32))) }

// recordedLogin is what recordings tell about the answer to a login.
type recordedLogin struct {
	SSHCert bool           `json:"ssh_cert"`
	TLSCert map[string]any `json:"tls_cert"`
}

// wantLogin compares the certificates of a login with what a recording tells
// about them; body is the answer.
func wantLogin(t *testing.T, want recordedLogin, body []byte) {
	t.Helper()
	var got struct {
		Cert    []byte `json:"cert"`
		TLSCert []byte `json:"tls_cert"`
	}
	if err := json.Unmarshal(body, &got); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	if (len(got.Cert) > 0) != want.SSHCert {
		t.Errorf("SSH certificate %q, want one: %v", got.Cert, want.SSHCert)
	}
	if want.TLSCert == nil {
		return
	}
	cert := parsePEM(t, got.TLSCert)
	valid, _ := want.TLSCert["valid"].(string)
	delete(want.TLSCert, "valid")
	wantValid(t, valid, cert)
	if diff := diffJSON(want.TLSCert, asRecorded(cert), nil, "certificate"); diff != "" {
		t.Error(diff)
	}
}
