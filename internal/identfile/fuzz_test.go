// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: any bytes as an identity file, and as a key.

package identfile

import (
	"crypto"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// FuzzParse reads any bytes as an identity file: they are a whole identity, or
// refused with an error of this package.
func FuzzParse(f *testing.F) {
	ca := newAuthority(f, "demo-cluster")
	key, cert := ca.pair("alice", time.Hour, map[[2]int]string{{1, 10}: "notes", {2, 9}: "true"})
	sshCert, sshCA := sshLines()
	f.Add(join(key, sshCert, cert, sshCA, ca.pem()))
	ssh := newKey(f)
	f.Add(join(openSSH(f, ssh), ca.issue(ssh.Public(), "alice", time.Hour, nil), ca.pem()))
	f.Fuzz(func(t *testing.T, data []byte) {
		id, err := parse(data)
		var (
			bad      *MalformedError
			hardware *HardwareKeyError
		)
		switch {
		case err == nil:
			wantWhole(t, id)
		case id != nil:
			t.Errorf("an identity with the error %v", err)
		case !errors.As(err, &bad) && !errors.As(err, &hardware):
			t.Errorf("untyped error %v", err)
		}
	})
}

func wantWhole(t *testing.T, id *Identity) {
	t.Helper()
	if !id.Key.Public().(interface{ Equal(crypto.PublicKey) bool }).Equal(id.Cert.PublicKey) {
		t.Error("the key is not that of the certificate")
	}
	if id.Username() == "" || id.Cluster() == "" || id.App == "" && len(id.HostCAs) == 0 {
		t.Errorf("user %q, cluster %q, app %q, %d CAs", id.Username(), id.Cluster(), id.App, len(id.HostCAs))
	}
	if id.Check(id.Expires()) == nil {
		t.Error("valid at its end")
	}
}

// FuzzOpenSSH reads any bytes as an OpenSSH private key: it is one that signs,
// or refused.
func FuzzOpenSSH(f *testing.F) {
	f.Add(openSSHBytes(f, newKey(f)))
	f.Fuzz(func(t *testing.T, data []byte) {
		key, err := parseOpenSSH(data)
		if (key == nil) == (err == nil) {
			t.Errorf("key %T, error %v", key, err)
		}
		if key != nil && key.Public() == nil {
			t.Error("a key without its public half")
		}
	})
}

// TestCorpora: a fuzz target without seeds on disk would test next to nothing
// in an ordinary run.
func TestCorpora(t *testing.T) {
	for _, target := range []string{"FuzzParse", "FuzzOpenSSH"} {
		files, err := os.ReadDir(filepath.Join("testdata", "fuzz", target))
		if err != nil || len(files) < 8 {
			t.Errorf("%s: %d files, %v", target, len(files), err)
		}
	}
}
