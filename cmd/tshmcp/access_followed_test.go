// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: the identity that a bridge runs with changes, in an identity file, at
// tsh, or in the store.

package main

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// rawBridge is a running tshmcp connect that is spoken to line by line, so that
// it can be asked again after an error.
type rawBridge struct {
	t   *testing.T
	pid int
	in  io.WriteCloser
	out *bufio.Reader
	id  int

	relists int // how often the server's tools were said to be others
}

func startBridge(t *testing.T, environ []string, args ...string) *rawBridge {
	t.Helper()
	return startBridgeTo(t, "notes", environ, args...)
}

func startBridgeTo(t *testing.T, app string, environ []string, args ...string) *rawBridge {
	t.Helper()
	exe, err := exec.LookPath("tshmcp")
	if err != nil {
		t.Fatal(err)
	}
	// It ends with its stdin, after the test's own context.
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, exe, append([]string{"connect", app}, args...)...)
	cmd.Env = environ
	var stderr strings.Builder
	cmd.Stderr = &stderr
	in, out := pipes(t, cmd)
	b := &rawBridge{t: t, pid: cmd.Process.Pid, in: in, out: out}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("connect: %v\n%s", err, stderr.String())
		}
		if strings.Contains(stderr.String(), "could not be stored") {
			t.Error("a certificate was to be stored")
		}
		if t.Failed() {
			t.Logf("connect said:\n%s", stderr.String())
		}
	})
	return b
}

// ask sends a request and returns the line with its answer.
func (b *rawBridge) ask(method, params string) string {
	b.t.Helper()
	b.send(method, params)
	return b.answer(method)
}

func (b *rawBridge) send(method, params string) {
	b.id++
	fmt.Fprintf(b.in, `{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`+"\n", b.id, method, params)
}

// answer is the line with the answer to the last request.
func (b *rawBridge) answer(method string) string {
	b.t.Helper()
	for {
		line, err := b.out.ReadString('\n')
		if err != nil {
			b.t.Fatalf("%s: %v", method, err)
		}
		if strings.Contains(line, `"notifications/tools/list_changed"`) {
			b.relists++
		}
		var head struct {
			ID *int `json:"id"`
		}
		if err := json.Unmarshal([]byte(line), &head); err != nil {
			b.t.Fatalf("%v in %s", err, line)
		}
		if head.ID != nil && *head.ID == b.id {
			return line
		}
	}
}

func (b *rawBridge) initialize() string {
	b.t.Helper()
	b.send("initialize", hello)
	return b.initialized()
}

const hello = `{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}`

// initialized is the answer to an initialize that was sent.
func (b *rawBridge) initialized() string {
	b.t.Helper()
	answer := b.answer("initialize")
	if strings.Contains(answer, `"result"`) {
		fmt.Fprintln(b.in, `{"jsonrpc":"2.0","method":"notifications/initialized"}`)
	}
	return answer
}

func (b *rawBridge) getNote() string {
	b.t.Helper()
	return b.ask("tools/call", `{"name":"get_note","arguments":{"name":"deploy"}}`)
}

func wantAnswer(t *testing.T, what, answer, part string) {
	t.Helper()
	if !strings.Contains(answer, part) {
		t.Errorf("%s: %s\nwant %q in it", what, answer, part)
	}
}

const theNote = "Deploys run from main"

// wantCallers compares the users that tools were called as, one after another.
func wantCallers(t *testing.T, cluster *testcluster.Cluster, want ...string) {
	t.Helper()
	var users []string
	for _, r := range cluster.Requests() {
		if r.MCPMethod == "tools/call" && r.Status == http.StatusOK {
			users = append(users, r.User)
		}
	}
	if !slices.Equal(users, want) {
		t.Errorf("tools were called as %q, want %q", users, want)
	}
}

// replaceFile puts a file in the place of another one in one step.
func replaceFile(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", data, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

func newIdentityFile(t *testing.T, cluster *testcluster.Cluster, user string, ttl time.Duration) []byte {
	t.Helper()
	text, err := identityFile(cluster, user, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// bareEnviron is an environment with a home of its own and nothing in it.
func bareEnviron(t *testing.T) (environ []string, home string) {
	home = t.TempDir()
	return []string{"HOME=" + home, "USERPROFILE=" + home, "PATH=" + os.Getenv("PATH"), "SYSTEMROOT=" + os.Getenv("SYSTEMROOT"),
		"TSHMCP_HOME=" + filepath.Join(home, "state"), "GORACE=atexit_sleep_ms=0", "GOCOVERDIR=" + os.Getenv("GOCOVERDIR")}, home
}

// TestIdentityFileIsFollowed replaces the file under a running bridge.
func TestIdentityFileIsFollowed(t *testing.T) {
	t.Parallel()
	cluster, ca := startNotesCluster(t)
	environ, home := bareEnviron(t)
	path := filepath.Join(home, "identity")
	replaceFile(t, path, newIdentityFile(t, cluster, "alice", -time.Minute))
	b := startBridge(t, environ, "--identity="+path, "--proxy="+cluster.Addr(), "--ca-file="+ca)
	wantAnswer(t, "expired", b.initialize(), "the identity in "+path+" expired at ")

	replaceFile(t, path, newIdentityFile(t, cluster, "alice", time.Hour))
	wantAnswer(t, "renewed", b.initialize(), `"result"`)
	wantAnswer(t, "renewed", b.getNote(), theNote)

	// The connection of the last call is open and its certificate valid, and
	// still the next call is made as whom the file names.
	replaceFile(t, path, newIdentityFile(t, cluster, "bob", time.Hour))
	wantAnswer(t, "another user", b.getNote(), theNote)
	wantCallers(t, cluster, "alice", "bob")

	// A file that is being written, or gone, takes nothing away.
	replaceFile(t, path, nil)
	wantAnswer(t, "empty", b.getNote(), theNote)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "gone", b.getNote(), theNote)
	wantCallers(t, cluster, "alice", "bob", "bob", "bob")
	if _, err := os.Stat(filepath.Join(home, "state")); !os.IsNotExist(err) {
		t.Errorf("something was stored: %v", err)
	}
}

// TestTbotOutputIsFollowed lets tbot renew the certificate of an app.
func TestTbotOutputIsFollowed(t *testing.T) {
	t.Parallel()
	cluster, ca := startNotesCluster(t)
	environ, home := bareEnviron(t)
	dir := filepath.Join(home, "out")
	if err := tbotOutput(cluster, dir, "alice", "notes", time.Hour); err != nil {
		t.Fatal(err)
	}
	b := startBridge(t, environ, "--identity="+dir, "--proxy="+cluster.Addr(), "--ca-file="+ca)
	wantAnswer(t, "first", b.initialize(), `"result"`)
	wantAnswer(t, "first", b.getNote(), theNote)
	cluster.KillAllSessions()
	wantAnswer(t, "session ended", b.getNote(), `"error"`)
	if err := tbotOutput(cluster, dir, "bob", "notes", time.Hour); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "renewed", b.getNote(), theNote)
	wantCallers(t, cluster, "alice", "bob")
}

// TestLoginIsFollowed changes the login under a running bridge, whose own
// certificate stays valid: by another user, by a new login of the same one, and
// by a logout after those, which has no certificate of theirs to end.
func TestLoginIsFollowed(t *testing.T) {
	t.Parallel()
	cluster, _ := startNotesCluster(t)
	environ, home := bareEnviron(t)
	login := func(user string, ttl time.Duration) {
		t.Helper()
		if err := storeLoginFor(t.Context(), cluster, filepath.Join(home, "state"), user, ttl); err != nil {
			t.Fatal(err)
		}
	}
	login("alice", time.Hour)
	b := startBridge(t, environ, "--login=never", "--proxy="+cluster.Addr())
	wantAnswer(t, "alice", b.initialize(), `"result"`)
	wantAnswer(t, "alice", b.getNote(), theNote)
	login("bob", time.Hour)
	wantAnswer(t, "bob", b.getNote(), theNote)
	login("alice", 2*time.Hour)
	wantAnswer(t, "alice again", b.getNote(), theNote)
	before := len(cluster.Sessions())
	login("alice", 3*time.Hour)
	wantAnswer(t, "a longer login", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != before+1 {
		t.Errorf("%d app sessions after %d: the new login, which may have other roles, is not used", n, before)
	}
	login("alice", time.Minute) // as a headless one, which must not take the certificate away that lasts
	wantAnswer(t, "a short login", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != before+1 {
		t.Errorf("%d app sessions after %d: a certificate was given up for a shorter one", n, before+1)
	}
	wantCallers(t, cluster, "alice", "bob", "alice", "alice", "alice")
	output(t, tshmcp(t, environ, "logout", "--proxy="+cluster.Addr()))
	wantAnswer(t, "logged out", b.getNote(), "not logged in to "+cluster.Addr())
}

// TestLoginElsewhereIsNot: a bridge whose entry names no cluster stays with the one
// that it began with, when somebody logs in to another one.
func TestLoginElsewhereIsNot(t *testing.T) {
	t.Parallel()
	first, _ := startNotesCluster(t)
	other, _ := startNotesCluster(t)
	environ, home := bareEnviron(t)
	state := filepath.Join(home, "state")
	if err := storeLogin(t.Context(), first, state, "alice"); err != nil {
		t.Fatal(err)
	}
	b := startBridge(t, environ)
	wantAnswer(t, "first", b.initialize(), `"result"`)
	wantAnswer(t, "first", b.getNote(), theNote)
	if err := storeLogin(t.Context(), other, state, "bob"); err != nil {
		t.Fatal(err)
	}
	first.KillAllSessions()
	first.DropConnections()
	wantAnswer(t, "after the login elsewhere", b.getNote(), theNote)
	wantCallers(t, first, "alice", "alice")
	if n := len(other.Requests()) + len(other.Sessions()); n != 0 {
		t.Errorf("%d requests and certificates at the other cluster", n)
	}
}

// TestTSHLoginIsFollowed lets somebody log in with tsh while a bridge runs, and
// then with tshmcp.
func TestTSHLoginIsFollowed(t *testing.T) {
	t.Parallel()
	cluster, ca := startNotesCluster(t)
	environ, home := bareEnviron(t)
	login := func(user string, ttl time.Duration) {
		t.Helper()
		if err := tshHome(cluster, "17", filepath.Join(home, ".tsh"), user, ttl, nil); err != nil {
			t.Fatal(err)
		}
	}
	login("alice", -time.Minute)
	b := startBridge(t, environ, "--login=never", "--proxy="+cluster.Addr(), "--ca-file="+ca)
	wantAnswer(t, "expired", b.initialize(), "the tsh login to "+cluster.Addr()+" expired at ")
	login("alice", time.Hour)
	wantAnswer(t, "logged in", b.initialize(), `"result"`)
	wantAnswer(t, "logged in", b.getNote(), theNote)
	wantAnswer(t, "still", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != 1 {
		t.Errorf("%d app sessions for one login", n)
	}
	// Its certificate is valid all the time from here on.
	login("bob", time.Hour)
	wantAnswer(t, "as bob", b.getNote(), theNote)
	login("bob", 2*time.Hour)
	wantAnswer(t, "as bob again, perhaps with other roles", b.getNote(), theNote)
	if n := len(cluster.Sessions()); n != 3 {
		t.Errorf("%d app sessions for three logins", n)
	}
	if err := os.RemoveAll(filepath.Join(home, ".tsh", "keys")); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "logged out", b.getNote(), "not logged in to "+cluster.Addr())
	login("bob", time.Hour)
	wantAnswer(t, "logged in anew", b.getNote(), theNote)
	if err := storeLogin(t.Context(), cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	wantAnswer(t, "with tshmcp", b.getNote(), theNote)
	output(t, tshmcp(t, environ, "logout", "--proxy="+cluster.Addr()))
	wantAnswer(t, "of tsh again", b.getNote(), theNote)
	wantCallers(t, cluster, "alice", "alice", "bob", "bob", "bob", "alice", "bob")
}

// TestIdentityWithoutReissue: an identity of tbot may lack the right to get
// certificates for apps. The bridge says what is to be done before it asks.
func TestIdentityWithoutReissue(t *testing.T) {
	t.Parallel()
	environ, home := bareEnviron(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	name := pkix.Name{CommonName: "bot-ci", ExtraNames: []pkix.AttributeTypeAndValue{
		{Type: asn1.ObjectIdentifier{1, 3, 9999, 2, 9}, Value: "true"},
	}}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: name, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	path := filepath.Join(home, "identity")
	replaceFile(t, path, slices.Concat(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), cert, cert))
	answer := startBridge(t, environ, "--identity="+path, "--proxy=127.0.0.1:1").initialize()
	wantAnswer(t, "no reissue", answer, "the identity in "+path+" may not get certificates for apps")
	wantAnswer(t, "no reissue", answer, "set allow_reissue: true on that output of tbot")
}
