// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"bytes"
	"crypto"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// cluster starts a cluster that shares no code with this package and returns
// the parts of a login of alice.
func cluster(t testing.TB, ttl time.Duration) (key, cert, ca []byte) {
	t.Helper()
	c := must(testcluster.Start(testcluster.Config{
		Users: []testcluster.User{{Name: "alice@example.com", Roles: []string{"access"}, Traits: map[string][]string{"team": {"red"}}}},
		Roles: []testcluster.Role{{Name: "access"}},
	}))(t)
	defer c.Close()
	key, cert, ca, err := c.Issue("alice@example.com", ttl)
	if err != nil {
		t.Fatal(err)
	}
	return key, cert, ca
}

// TestIdentityFile reads a file in the order in which tctl and tbot write it.
func TestIdentityFile(t *testing.T) {
	key, cert, ca := cluster(t, time.Hour)
	second := newAuthority(t, "demo-cluster").pem() // there are two during a rotation
	sshCert, sshCA := sshLines()
	path := filepath.Join(t.TempDir(), "identity")
	write(t, path, join(key, sshCert, cert, sshCA, ca, second))
	id, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	if id.Username() != "alice@example.com" || id.Cluster() != "demo-cluster" || id.File != path || len(id.HostCAs) != 2 {
		t.Errorf("identity %q of %q in %s with %d CAs", id.Username(), id.Cluster(), id.File, len(id.HostCAs))
	}
	if id.App != "" || id.NoReissue || id.Proxy != "" || id.ConnUpgrade {
		t.Errorf("identity %+v", id)
	}
	if !id.Key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(id.Cert.PublicKey) {
		t.Error("the key is not that of the certificate")
	}
	if left := time.Until(id.Expires()); left < 50*time.Minute || left > time.Hour {
		t.Errorf("valid for %v", left)
	}
}

// TestOtherCAs: the CA of another cluster, such as a leaf's in a file that tsh wrote,
// has no say about the cluster of the identity.
func TestOtherCAs(t *testing.T) {
	ca, second, leaf := newAuthority(t, "demo-cluster"), newAuthority(t, "demo-cluster"), newAuthority(t, "leaf-cluster")
	key, cert := ca.pair("alice", time.Hour, nil)
	for name, tc := range map[string]struct {
		cas, want [][]byte
	}{
		"a leaf's beside it":    {[][]byte{leaf.pem(), ca.pem()}, [][]byte{ca.pem()}},
		"two during a rotation": {[][]byte{ca.pem(), leaf.pem(), second.pem()}, [][]byte{ca.pem(), second.pem()}},
		"none of that name":     {[][]byte{leaf.pem()}, [][]byte{leaf.pem()}}, // whose it is shows when it is used
	} {
		id := must(parse(join(key, cert, join(tc.cas...))))(t)
		var got [][]byte
		for _, ca := range id.HostCAs {
			got = append(got, certPEM(ca))
		}
		if !slices.EqualFunc(got, tc.want, bytes.Equal) {
			t.Errorf("%s: %d CAs, or others", name, len(got))
		}
	}
}

// TestTextOfWindows reads a file that an editor or a shell of Windows has written anew.
func TestTextOfWindows(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	key, cert := ca.pair("alice", time.Hour, nil)
	text := bytes.ReplaceAll(join(key, cert, ca.pem()), []byte("\n"), []byte("\r\n"))
	id, err := parse(join([]byte("\xef\xbb\xbf"), text))
	if err != nil || id.Username() != "alice" {
		t.Errorf("with a byte order mark: %v", err)
	}
	for name, order := range map[string]binary.AppendByteOrder{"little": binary.LittleEndian, "big": binary.BigEndian} {
		wide := order.AppendUint16(nil, 0xfeff)
		for _, b := range text {
			wide = order.AppendUint16(wide, uint16(b))
		}
		_, err := parse(wide)
		wantMalformed(t, name, inFile("f", err), "f", "its text is UTF-16: save it as UTF-8")
	}
}

func TestCheck(t *testing.T) {
	key, cert, ca := cluster(t, -time.Minute)
	path := filepath.Join(t.TempDir(), "identity")
	write(t, path, join(key, cert, ca))
	id := must(read(path))(t) // what has expired can still be looked at
	err := id.Check(time.Now())
	var expired *ExpiredError
	if !errors.As(err, &expired) || expired.File != path || !expired.Expires.Equal(id.Expires()) {
		t.Errorf("error %v", err)
	}
	if want := path + ": expired at " + id.Expires().UTC().Format(time.RFC3339); err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	if err := id.Check(id.Expires().Add(-time.Second)); err != nil {
		t.Errorf("before its end: %v", err)
	}
	if err := id.Check(id.Expires()); err == nil {
		t.Error("at its end it is still valid")
	}
}

func TestMarks(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	for name, tc := range map[string]struct {
		attributes map[[2]int]string
		app        string
		noReissue  bool
	}{
		"login":                  {},
		"tbot's identity output": {map[[2]int]string{{2, 9}: "true"}, "", true},
		"app":                    {map[[2]int]string{{1, 10}: "notes", {1, 4}: "a1"}, "notes", false},
		"tbot's app output":      {map[[2]int]string{{1, 10}: "notes", {2, 9}: "true"}, "notes", true},
	} {
		key, cert := ca.pair("alice", time.Hour, tc.attributes)
		id := must(parse(join(key, cert, ca.pem())))(t)
		if id.App != tc.app || id.NoReissue != tc.noReissue {
			t.Errorf("%s: app %q, no reissue %v", name, id.App, id.NoReissue)
		}
	}
}

func TestMalformedFiles(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	key, cert := ca.pair("alice", time.Hour, nil)
	otherKey, _ := ca.pair("alice", time.Hour, nil)
	noUser, noUserCert := ca.pair("", time.Hour, nil)
	noCluster := newAuthority(t, "")
	stray, strayCert := noCluster.pair("alice", time.Hour, nil)
	for name, tc := range map[string]struct {
		text []byte
		what string
	}{
		"empty":              {nil, "it is not an identity file: it does not begin with a private key in PEM form"},
		"something else":     {[]byte("hello\n"), "it is not an identity file: it does not begin with a private key in PEM form"},
		"certificate first":  {join(cert, key, ca.pem()), "it is not an identity file: it does not begin with a private key in PEM form"},
		"only a key":         {key, "it has no TLS certificate"},
		"no CA":              {join(key, cert), "there is no CA certificate of the cluster"},
		"other key":          {join(otherKey, cert, ca.pem()), "the private key is not that of the certificate"},
		"two keys":           {join(key, key, cert, ca.pem()), `there is a PEM block "PRIVATE KEY" where a certificate should be`},
		"cut off":            {join(key, cert, ca.pem()[:100]), "a PEM block is cut off or damaged"},
		"damaged, not last":  {join(key, cert[:100], []byte("\n"), ca.pem()), "a PEM block is cut off or damaged"},
		"no X.509 inside":    {join(key, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), ca.pem()), "a certificate is damaged: x509: malformed certificate"},
		"names no user":      {join(noUser, noUserCert, ca.pem()), "the certificate names no user"},
		"names no cluster":   {join(stray, strayCert, ca.pem()), "the certificate names no cluster"},
		"key that is no key": {join([]byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), cert, ca.pem()), "the private key is damaged, or of an unknown kind"},
		"too large":          {join(key, cert, ca.pem(), make([]byte, maxFile)), "it has more than 1048576 bytes"},
	} {
		path := filepath.Join(t.TempDir(), "identity")
		write(t, path, tc.text)
		id, err := read(path)
		if id != nil {
			t.Errorf("%s: got an identity", name)
		}
		wantMalformed(t, name, err, path, tc.what)
	}
}

func TestHardwareKeyFile(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	_, cert := ca.pair("alice", time.Hour, nil)
	path := filepath.Join(t.TempDir(), "identity")
	write(t, path, join([]byte("-----BEGIN PIV YUBIKEY PRIVATE KEY-----\nAAAA\n-----END PIV YUBIKEY PRIVATE KEY-----\n"), cert, ca.pem()))
	_, err := read(path)
	var hardware *HardwareKeyError
	if !errors.As(err, &hardware) || hardware.File != path || err.Error() != path+": the private key is on a hardware token (PIV)" {
		t.Errorf("error %v", err)
	}
}

func TestMissingFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity")
	_, err := read(path)
	if !errors.Is(err, ErrNotFound) || err.Error() != path+": not found" {
		t.Errorf("error %v", err)
	}
	// A place that is not one at all is an error of its own.
	write(t, path, nil)
	if _, err := read(filepath.Join(path, "below")); err == nil {
		t.Error("a file below a file was read")
	}
}

// TestOutput reads the directories that tbot writes to.
func TestOutput(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	key, cert := ca.pair("bot-ci", time.Hour, nil)
	appKey, appCert := ca.pair("bot-ci", time.Hour, map[[2]int]string{{1, 10}: "notes"})
	for name, tc := range map[string]struct {
		files map[string][]byte
		app   string
		cas   int
	}{
		"application output": {map[string][]byte{
			"tlscert": appCert, "key": appKey, "teleport-host-ca.crt": ca.pem(), "identity": join(appKey, appCert, ca.pem()),
			"teleport-user-ca.crt": []byte("not looked at"),
		}, "notes", 1},
		"certificate and key":         {map[string][]byte{"tlscert": appCert, "key": appKey}, "notes", 0},
		"with the CA by another name": {map[string][]byte{"tlscert": appCert, "key": appKey, "teleport-application-ca.crt": ca.pem()}, "notes", 1},
		"identity output":             {map[string][]byte{"identity": join(key, cert, ca.pem()), "ssh_config": nil}, "", 1},
		"identity output, old":        {map[string][]byte{"tlscert": cert, "key": key, "teleport-host-ca.crt": join(ca.pem(), ca.pem())}, "", 2},
	} {
		dir := t.TempDir()
		for file, data := range tc.files {
			write(t, filepath.Join(dir, file), data)
		}
		id, err := read(dir)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if id.App != tc.app || len(id.HostCAs) != tc.cas || id.File != dir || id.Username() != "bot-ci" {
			t.Errorf("%s: app %q, %d CAs, file %s", name, id.App, len(id.HostCAs), id.File)
		}
	}
}

func TestMalformedOutput(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	key, cert := ca.pair("bot-ci", time.Hour, nil)
	otherKey, _ := ca.pair("bot-ci", time.Hour, nil)
	for name, tc := range map[string]struct {
		files      map[string][]byte
		file, what string
	}{
		"empty":            {nil, "", "the directory has no output of tbot: neither identity nor tlscert and key"},
		"other key":        {map[string][]byte{"tlscert": cert, "key": otherKey, "teleport-host-ca.crt": ca.pem()}, "", "the private key is not that of the certificate"},
		"login without CA": {map[string][]byte{"tlscert": cert, "key": key}, "", "there is no CA certificate of the cluster"},
		"damaged CA":       {map[string][]byte{"tlscert": cert, "key": key, "teleport-host-ca.crt": nil}, "teleport-host-ca.crt", "there is no certificate in it"},
		"damaged identity": {map[string][]byte{"tlscert": cert, "key": key, "identity": nil}, "identity", "it is not an identity file: it does not begin with a private key in PEM form"},
		"damaged key":      {map[string][]byte{"tlscert": cert, "key": cert}, "key", "there is no private key in it"},
		"damaged cert":     {map[string][]byte{"tlscert": nil, "key": key}, "tlscert", "there is no certificate in it"},
	} {
		dir := t.TempDir()
		for file, data := range tc.files {
			write(t, filepath.Join(dir, file), data)
		}
		id, err := read(dir)
		if id != nil {
			t.Errorf("%s: got an identity", name)
		}
		wantMalformed(t, name, err, filepath.Join(dir, tc.file), tc.what)
	}

	dir := t.TempDir()
	write(t, filepath.Join(dir, "key"), key)
	if _, err := read(dir); !errors.Is(err, ErrNotFound) || err.Error() != filepath.Join(dir, "tlscert")+": not found" {
		t.Errorf("a key without certificate: %v", err)
	}
	loop := t.TempDir()
	if err := os.Mkdir(filepath.Join(loop, "identity"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := read(loop)
	wantMalformed(t, "a directory called identity", err, filepath.Join(loop, "identity"), "it is a directory and not a regular file")
}
