// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a proxy that a test leads through the login step by step.

package login

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

const (
	fakeCluster = "fake-cluster"
	fakeUser    = "alice"
	idpURL      = "https://idp.example/authorize?client=x&state=idp-state-value"
)

// fakeProxy is the console login of a proxy (protocol.md 2.1, 2.4). The
// test is the browser and the identity provider: it fetches the URLs that the
// fake makes.
type fakeProxy struct {
	*httptest.Server
	hostCA, otherCA []byte // PEM

	status int    // of the answer to the start; 0: 200
	body   string // of the same; "": the IdP's URL

	mu      sync.Mutex
	paths   []string
	request map[string]any // the last start
}

func newFakeProxy(t testing.TB) *fakeProxy {
	f := &fakeProxy{hostCA: makeCA(t, fakeCluster), otherCA: makeCA(t, "leaf")}
	f.Server = httptest.NewTLSServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.Close)
	return f
}

func (f *fakeProxy) proxy() *teleport.Proxy {
	roots := x509.NewCertPool()
	roots.AddCert(f.Certificate())
	return &teleport.Proxy{Addr: f.Listener.Addr().String(), RootCAs: roots}
}

func (f *fakeProxy) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.paths = append(f.paths, r.Method+" "+r.URL.Path)
	f.request = nil
	json.NewDecoder(r.Body).Decode(&f.request)
	w.Header().Set("Content-Type", "application/json")
	if f.status != 0 {
		w.WriteHeader(f.status)
	}
	if f.body != "" {
		io.WriteString(w, f.body)
		return
	}
	json.NewEncoder(w).Encode(map[string]string{"redirect_url": idpURL, "post_form": ""})
}

// field returns a field of the last start, as JSON has it.
func (f *fakeProxy) field(name string) any {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.request[name]
}

// callback returns the callback URL without its query, and the secret.
func (f *fakeProxy) callback(t testing.TB) (string, []byte) {
	t.Helper()
	u, err := url.Parse(f.field("redirect_url").(string))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := hex.DecodeString(u.Query().Get("secret_key"))
	if err != nil || len(secret) != 32 {
		t.Fatalf("secret_key is not 32 bytes in hex")
	}
	u.RawQuery = ""
	return u.String(), secret
}

// publicKey is the key that the client wants a certificate for.
func (f *fakeProxy) publicKey(t testing.TB) any {
	t.Helper()
	var encoded struct{ Key []byte }
	raw, _ := json.Marshal(map[string]any{"Key": f.field("tls_pub_key")})
	if err := json.Unmarshal(raw, &encoded); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(encoded.Key)
	if block == nil || block.Type != "PUBLIC KEY" {
		t.Fatal("tls_pub_key is no PEM public key")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// certificate issues the login certificate, changed by edit.
func (f *fakeProxy) certificate(t testing.TB, edit func(*x509.Certificate)) []byte {
	t.Helper()
	return f.certificateOf(t, fakeCluster, edit)
}

// certificateOf is certificate, issued by a cluster of that name.
func (f *fakeProxy) certificateOf(t testing.TB, cluster string, edit func(*x509.Certificate)) []byte {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: fakeUser, Organization: []string{"access"}},
		NotBefore:    time.Now().Add(-time.Minute),
		NotAfter:     time.Now().Add(time.Hour),
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if edit != nil {
		edit(template)
	}
	return sign(t, template, caTemplate(cluster), f.publicKey(t))
}

// answer is the plaintext of a good answer, changed by edit.
func (f *fakeProxy) answer(t testing.TB, edit func(map[string]any)) []byte {
	t.Helper()
	answer := map[string]any{
		"username": fakeUser,
		"cert":     nil,
		"tls_cert": f.certificate(t, nil),
		"host_signers": []map[string]any{
			{"domain_name": "leaf", "checking_keys": nil, "tls_certs": [][]byte{f.otherCA}},
			{"domain_name": fakeCluster, "checking_keys": [][]byte{[]byte("ssh key")}, "tls_certs": [][]byte{f.hostCA}},
		},
		"samlSingleLogoutEnabled": false, "mfa_token": "", "client_options": nil,
	}
	if edit != nil {
		edit(answer)
	}
	plain, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// seal makes the value of "response".
func seal(t testing.TB, secret, plain []byte) string {
	t.Helper()
	block, err := aes.NewCipher(secret)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := make([]byte, gcm.NonceSize())
	rand.Read(nonce)
	sealed, _ := json.Marshal(map[string][]byte{"ciphertext": gcm.Seal(nil, nonce, plain, nil), "nonce": nonce})
	return string(sealed)
}

func caTemplate(cluster string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(2),
		Subject:               pkix.Name{CommonName: cluster, Organization: []string{cluster}},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
	}
}

func makeCA(t testing.TB, cluster string) []byte {
	t.Helper()
	key := makeKey(t)
	return sign(t, caTemplate(cluster), caTemplate(cluster), key.Public())
}

func makeKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign makes a PEM certificate. Nothing under test verifies the signature of a
// login certificate: the client never learns the user CA.
func sign(t testing.TB, template, parent *x509.Certificate, public any) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, makeKey(t))
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// run is a login under way.
type run struct {
	*fakeProxy
	t      *testing.T
	link   string
	opened []string
	shown  []error
	log    *logBuffer
	cancel context.CancelFunc

	done     chan struct{}
	identity *teleport.Identity
	err      error
}

// start runs a login against the fake until the link is shown, or to its end.
func start(t *testing.T, f *fakeProxy, edit func(*SSO)) *run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r := &run{fakeProxy: f, t: t, log: &logBuffer{}, cancel: cancel, done: make(chan struct{})}
	shown := make(chan string, 10)
	sso := &SSO{
		Proxy:     f.proxy(),
		Connector: teleport.Connector{Type: "github", Name: "my-github"},
		Cluster:   fakeCluster,
		Open:      func(url string) error { r.opened = append(r.opened, url); return nil },
		Show:      func(link string, err error) { r.shown = append(r.shown, err); shown <- link },
		Log:       slog.New(slog.NewTextHandler(r.log, &slog.HandlerOptions{Level: slog.LevelDebug, AddSource: true})),
	}
	if edit != nil {
		edit(sso)
	}
	go func() {
		defer close(r.done)
		r.identity, r.err = sso.Run(ctx)
	}()
	t.Cleanup(func() { cancel(); <-r.done; r.checkSilence() })
	select {
	case r.link = <-shown:
	case <-r.done:
	case <-time.After(20 * time.Second):
		t.Fatal("no link was shown")
	}
	return r
}

// end waits for Run.
func (r *run) end() (*teleport.Identity, error) {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(20 * time.Second):
		r.t.Fatal("the login did not end")
	}
	if (r.identity == nil) == (r.err == nil) {
		r.t.Errorf("identity %v and error %v: want exactly one", r.identity != nil, r.err)
	}
	return r.identity, r.err
}

// checkSilence looks for secrets in what the login logged and returned.
func (r *run) checkSilence() {
	texts := r.log.String() + fmt.Sprint(r.err)
	secrets := []string{"secret_key", "response=", "BEGIN", "idp-state-value", "CERTIFICATE"}
	if verifier, ok := r.field("PKCEVerifier").(string); ok {
		_, secret := r.callback(r.t)
		secrets = append(secrets, verifier, hex.EncodeToString(secret))
	}
	if u, err := url.Parse(r.link); err == nil && len(u.Path) > 1 {
		secrets = append(secrets, u.Path)
	}
	for _, secret := range secrets {
		if strings.Contains(texts, secret) {
			r.t.Errorf("%q was told in a log or an error:\n%s", secret, texts)
		}
	}
}

// goodURL is the callback of a login that worked.
func (r *run) goodURL() string {
	base, secret := r.callback(r.t)
	return base + "?response=" + url.QueryEscape(seal(r.t, secret, r.answer(r.t, nil)))
}

// errURL is the callback of a login that failed.
func (r *run) errURL(message string) string {
	base, secret := r.callback(r.t)
	return base + "?err=" + url.QueryEscape(message) + "&secret_key=" + hex.EncodeToString(secret)
}

// reply is a response with its body read.
type reply struct {
	*http.Response
	body string
}

// send makes one request as a browser would, without following redirects.
func (r *run) send(method, url string, body string, header ...string) reply {
	r.t.Helper()
	req, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Host" {
			req.Host = header[i+1]
		} else {
			req.Header.Set(header[i], header[i+1])
		}
	}
	resp, err := browser.RoundTrip(req)
	if err != nil {
		r.t.Fatalf("%s: %v", method, err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{resp, string(data)}
}

var browser = &http.Transport{DisableKeepAlives: true}

// visit gets the URL and follows a redirect to the page of the outcome.
func (r *run) visit(url string) reply {
	r.t.Helper()
	return r.follow(r.send("GET", url, ""))
}

func (r *run) follow(rep reply) reply {
	r.t.Helper()
	if rep.StatusCode != http.StatusSeeOther {
		r.t.Fatalf("status %d, want 303: %s", rep.StatusCode, rep.body)
	}
	next, err := rep.Location()
	if err != nil {
		r.t.Fatal(err)
	}
	if next.RawQuery != "" || !strings.HasPrefix(next.Path, "/done/") {
		r.t.Errorf("the answered callback leads to %s, want a clean path", next)
	}
	return r.send("GET", next.String(), "")
}

// logBuffer is a bytes.Buffer for several goroutines.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
