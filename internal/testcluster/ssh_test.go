// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// An SSH certificate holds the key it was made for, and is signed by the CA.
func TestSSHCertificate(t *testing.T) {
	ca, err := newSSHCA()
	if err != nil {
		t.Fatal(err)
	}
	key := newSSHKey()
	line, err := ca.issue(key, "alice", []string{"root", "ubuntu"}, time.Now(), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	fields := bytes.Fields(line)
	cert, err := base64.StdEncoding.DecodeString(string(fields[1]))
	kind, rest, ok := cutSSHString(cert)
	if err != nil || !ok || kind != "ssh-ed25519-cert-v01@openssh.com" || string(fields[0]) != kind {
		t.Fatalf("certificate of type %q", kind)
	}
	nonce, rest, _ := cutSSHString(rest)
	public, _, _ := cutSSHString(rest)
	blob, err := base64.StdEncoding.DecodeString(strings.Fields(string(key))[1])
	if err != nil || len(nonce) != 32 || !bytes.HasSuffix(blob, []byte(public)) || len(public) != ed25519.PublicKeySize {
		t.Errorf("certificate for the key %x", public)
	}
	signature := len(sshStrings(sshStrings([]byte(sshEd25519), make([]byte, ed25519.SignatureSize))))
	signed := cert[:len(cert)-signature]
	if !ed25519.Verify(ca.key.Public().(ed25519.PublicKey), signed, cert[len(cert)-ed25519.SignatureSize:]) {
		t.Error("the signature is wrong")
	}
	for _, bad := range []string{"", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-rsa " + strings.Fields(string(key))[1]} {
		if _, err := ca.issue([]byte(bad), "alice", nil, time.Now(), time.Now()); err == nil {
			t.Errorf("a certificate for %q", bad)
		}
	}
}

// OpenSSH, where it is installed, can read it.
func TestSSHCertificateInOpenSSH(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	ca, err := newSSHCA()
	if err != nil {
		t.Fatal(err)
	}
	line, err := ca.issue(newSSHKey(), "alice", []string{"root"}, time.Now(), time.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), keygen, "-L", "-f", "-")
	cmd.Stdin = bytes.NewReader(line)
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), `Key ID: "alice"`) || !strings.Contains(string(out), "root") {
		t.Errorf("%v: %s", err, out)
	}
}
