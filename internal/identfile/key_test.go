// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestKeyForms reads a key in every form that some version of Teleport writes.
func TestKeyForms(t *testing.T) {
	ec := newKey(t)
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))(t)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	pkcs8 := func(key any) []byte { return must(x509.MarshalPKCS8PrivateKey(key))(t) }
	for name, tc := range map[string]struct {
		text []byte
		key  crypto.Signer
	}{
		"PKCS#8 P-256":                      {block("PRIVATE KEY", pkcs8(ec)), ec},
		"PKCS#8 Ed25519":                    {block("PRIVATE KEY", pkcs8(ed)), ed},
		"PKCS#8 RSA":                        {block("PRIVATE KEY", pkcs8(rsaKey)), rsaKey},
		"PKCS#1":                            {block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), rsaKey},
		"SEC 1":                             {block("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(ec))(t)), ec},
		"PKCS#8 in a block named as PKCS#1": {block("RSA PRIVATE KEY", pkcs8(rsaKey)), rsaKey},
		"PKCS#1 in a block named as PKCS#8": {block("PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rsaKey)), rsaKey},
		"OpenSSH RSA":                       {openSSH(t, rsaKey), rsaKey},
		"OpenSSH P-256":                     {openSSH(t, ec), ec},
		"OpenSSH Ed25519":                   {openSSH(t, ed), ed},
		"behind an other block":             {join(block("EC PARAMETERS", []byte{6, 1, 0}), block("PRIVATE KEY", pkcs8(ec))), ec},
	} {
		got, err := readKey(tc.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !got.(interface{ Equal(crypto.PrivateKey) bool }).Equal(tc.key) {
			t.Errorf("%s: read another key", name)
		}
		wantSigns(t, name, got)
	}
}

// wantSigns makes a certificate with the key, which is what it is for.
func wantSigns(t *testing.T, name string, key crypto.Signer) {
	t.Helper()
	template := &x509.Certificate{SerialNumber: newAuthority(t, "c").cert.SerialNumber, NotAfter: time.Now().Add(time.Hour)}
	if _, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// TestOpenSSHKeygen reads what OpenSSH itself writes.
func TestOpenSSHKeygen(t *testing.T) {
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	for _, tc := range []struct{ kind, bits string }{{"rsa", "2048"}, {"ecdsa", "256"}, {"ecdsa", "384"}, {"ecdsa", "521"}, {"ed25519", "256"}} {
		for password, want := range map[string]string{"": "", "secret": "the private key is encrypted with a password"} {
			file := filepath.Join(t.TempDir(), "key")
			cmd := exec.CommandContext(t.Context(), keygen, "-q", "-t", tc.kind, "-b", tc.bits, "-N", password, "-C", "comment", "-f", file)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			key, err := readKey(must(os.ReadFile(file))(t))
			if want != "" {
				wantMalformed(t, tc.kind, err, "", want)
				continue
			}
			if err != nil {
				t.Errorf("%s %s: %v", tc.kind, tc.bits, err)
				continue
			}
			wantSigns(t, tc.kind, key)
		}
	}
}

func TestKeyRefusals(t *testing.T) {
	good := openSSHBytes(t, newKey(t))
	wrong := func(change func([]byte)) []byte {
		der := append([]byte{}, good...)
		change(der)
		return pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: der})
	}
	block := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	other := openSSHBytes(t, newKey(t))
	const openssh = "the OpenSSH private key is damaged"
	for name, tc := range map[string]struct {
		text []byte
		what string
	}{
		"nothing":                {nil, "there is no private key in it"},
		"only a certificate":     {newAuthority(t, "c").pem(), "there is no private key in it"},
		"no key inside":          {block("PRIVATE KEY", []byte("junk")), "the private key is damaged, or of an unknown kind"},
		"encrypted PKCS#8":       {block("ENCRYPTED PRIVATE KEY", []byte("junk")), "the private key is encrypted with a password"},
		"encrypted PEM":          {[]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"), "the private key is encrypted with a password"},
		"cut off":                {pkcs8PEM(t, newKey(t))[:80], "a PEM block is cut off or damaged"},
		"OpenSSH, other magic":   {wrong(func(b []byte) { b[0] = 'O' }), openssh},
		"OpenSSH, cut off":       {block("OPENSSH PRIVATE KEY", good[:len(good)-20]), openssh},
		"OpenSSH, two keys":      {wrong(func(b []byte) { b[len(opensshMagic)+4+4+4+4+4+3] = 2 }), openssh},
		"OpenSSH, other public":  {block("OPENSSH PRIVATE KEY", mixSections(good, other)), openssh},
		"OpenSSH, bcrypt":        {wrong(func(b []byte) { b[len(opensshMagic)+4+4+4] = 'N' }), "the private key is encrypted with a password"},
		"OpenSSH, unknown kind":  {block("OPENSSH PRIVATE KEY", opensshOf("ssh-dss")), "the OpenSSH private key is of an unknown kind"},
		"OpenSSH, short Ed25519": {block("OPENSSH PRIVATE KEY", opensshOf("ssh-ed25519", "pub", "short")), openssh},
		"OpenSSH, other curve":   {block("OPENSSH PRIVATE KEY", opensshOf("ecdsa-sha2-nistp256", "nistp999", "point", "1")), openssh},
		"OpenSSH, negative":      {block("OPENSSH PRIVATE KEY", opensshOf("ecdsa-sha2-nistp256", "nistp256", "point", "\xff")), openssh},
		"OpenSSH, huge number":   {block("OPENSSH PRIVATE KEY", opensshOf("ecdsa-sha2-nistp256", "nistp256", "point", string(make([]byte, 2048)))), openssh},
		"OpenSSH, no RSA key":    {block("OPENSSH PRIVATE KEY", opensshOf("ssh-rsa", "\x0f", "\x03", "\x03", "\x01", "\x03", "\x05")), openssh},
	} {
		key, err := readKey(tc.text)
		if key != nil {
			t.Errorf("%s: got a key", name)
		}
		wantMalformed(t, name, err, "", tc.what)
	}

	_, err := readKey(block("PIV YUBIKEY PRIVATE KEY", []byte(`{"serial_number":"1","slot_key":"9a"}`)))
	var hardware *HardwareKeyError
	if !errors.As(err, &hardware) {
		t.Errorf("hardware key: %v", err)
	}
}

// opensshOf is an OpenSSH key whose private section has the given fields.
func opensshOf(fields ...string) []byte {
	section := sshUint32(sshUint32(nil, 1), 1)
	for _, f := range fields {
		section = sshBytes(section, []byte(f))
	}
	out := []byte(opensshMagic)
	for _, f := range []string{"none", "none", ""} {
		out = sshBytes(out, []byte(f))
	}
	return sshBytes(sshBytes(sshUint32(out, 1), nil), section)
}

// mixSections is a with the public point of b in its private section.
func mixSections(a, b []byte) []byte {
	r := func(data []byte) *sshReader {
		s := &sshReader{data: data[len(opensshMagic):]}
		s.bytes()
		s.bytes()
		s.bytes()
		s.uint32()
		s.bytes()
		inner := &sshReader{data: s.bytes()}
		inner.uint32()
		inner.uint32()
		inner.bytes()
		inner.bytes()
		return inner
	}
	ra, rb := r(a), r(b)
	ra.bytes()
	return opensshOf("ecdsa-sha2-nistp256", "nistp256", string(rb.bytes()), string(ra.bytes()))
}

// TestOpenSSHOfSmallScalar: a number is written without leading zeros, a key
// needs them.
func TestOpenSSHOfSmallScalar(t *testing.T) {
	scalar := make([]byte, 32)
	scalar[31] = 9
	key := must(ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar))(t)
	got, err := parseOpenSSH(openSSHBytes(t, key))
	if err != nil || !got.(*ecdsa.PrivateKey).Equal(key) {
		t.Errorf("got %v", err)
	}
}

func wantMalformed(t *testing.T, name string, err error, file, what string) {
	t.Helper()
	var bad *MalformedError
	if !errors.As(err, &bad) || bad.File != file || bad.What != what {
		t.Errorf("%s: error %v; want one about %q that says %q", name, err, file, what)
	}
}
