// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
)

// opensshMagic begins an OpenSSH private key (OpenSSH's PROTOCOL.key).
const opensshMagic = "openssh-key-v1\x00"

var errOpenSSH = malformed("the OpenSSH private key is damaged")

// curve is the elliptic curve of OpenSSH's name, nil if there is none.
func curve(name string) elliptic.Curve {
	switch name {
	case "nistp256":
		return elliptic.P256()
	case "nistp384":
		return elliptic.P384()
	case "nistp521":
		return elliptic.P521()
	}
	return nil
}

// parseOpenSSH reads a private key in OpenSSH's own format, which only ssh keys
// of a login have; without a password.
func parseOpenSSH(data []byte) (crypto.Signer, error) {
	body, ok := bytes.CutPrefix(data, []byte(opensshMagic))
	if !ok {
		return nil, errOpenSSH
	}
	r := &sshReader{data: body}
	cipher, kdf, _ := r.text(), r.text(), r.bytes()
	count, _, private := r.uint32(), r.bytes(), r.bytes()
	switch {
	case r.failed || count != 1:
		return nil, errOpenSSH
	case cipher != "none" || kdf != "none":
		return nil, malformed("the private key is encrypted with a password")
	}
	return parseOpenSSHKey(private)
}

// parseOpenSSHKey reads the private section: two equal numbers, the key's kind
// and its parts. What follows, a comment and padding, is not looked at.
func parseOpenSSHKey(section []byte) (crypto.Signer, error) {
	r := &sshReader{data: section}
	if a, b := r.uint32(), r.uint32(); a != b {
		return nil, errOpenSSH
	}
	var key crypto.Signer
	switch kind := r.text(); kind {
	case "ssh-ed25519":
		_, private := r.bytes(), r.bytes()
		if len(private) != ed25519.PrivateKeySize {
			return nil, errOpenSSH
		}
		key = ed25519.NewKeyFromSeed(private[:ed25519.SeedSize])
	case "ssh-rsa":
		key = r.rsaKey()
	case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
		key = r.ecdsaKey()
	default:
		return nil, malformed("the OpenSSH private key is of an unknown kind")
	}
	if r.failed {
		return nil, errOpenSSH
	}
	return key, nil
}

// sshReader reads the fields of SSH's binary encoding (RFC 4251, 5). After the
// first that is not there it has failed and reads nothing but zeros.
type sshReader struct {
	data   []byte
	failed bool
}

func (r *sshReader) take(n uint64) []byte {
	if r.failed || n > uint64(len(r.data)) {
		r.failed = true
		return nil
	}
	taken := r.data[:n]
	r.data = r.data[n:]
	return taken
}

func (r *sshReader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *sshReader) bytes() []byte { return r.take(uint64(r.uint32())) }

func (r *sshReader) text() string { return string(r.bytes()) }

// maxMPInt is far above the numbers of any key in use, and bounds the work
// that damaged ones cause.
const maxMPInt = 1 << 10

// mpint reads a number that is not negative.
func (r *sshReader) mpint() *big.Int {
	b := r.bytes()
	if len(b) > maxMPInt || len(b) > 0 && b[0]&0x80 != 0 {
		r.failed = true
		return new(big.Int)
	}
	return new(big.Int).SetBytes(b)
}

func (r *sshReader) rsaKey() crypto.Signer {
	n, e, d, _, p, q := r.mpint(), r.mpint(), r.mpint(), r.mpint(), r.mpint(), r.mpint()
	if r.failed || !e.IsInt64() || e.Int64() > 1<<31-1 {
		r.failed = true
		return nil
	}
	key := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: n, E: int(e.Int64())},
		D:         d,
		Primes:    []*big.Int{p, q},
	}
	if key.Validate() != nil {
		r.failed = true
		return nil
	}
	key.Precompute()
	return key
}

func (r *sshReader) ecdsaKey() crypto.Signer {
	curve, point, d := curve(r.text()), r.bytes(), r.mpint()
	if r.failed || curve == nil || d.BitLen() > curve.Params().N.BitLen() {
		r.failed = true
		return nil
	}
	scalar := d.FillBytes(make([]byte, (curve.Params().N.BitLen()+7)/8))
	key, err := ecdsa.ParseRawPrivateKey(curve, scalar)
	if err != nil {
		r.failed = true
		return nil
	}
	if public, err := key.PublicKey.Bytes(); err != nil || !bytes.Equal(public, point) {
		r.failed = true
		return nil
	}
	return key
}
