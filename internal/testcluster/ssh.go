// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// The SSH half of a login: a certificate for whoever sends an SSH key, and the
// key of the host CA. Nothing here speaks SSH; clients get what a real cluster
// gives them. The formats are those of RFC 4253 and of OpenSSH's certificates.

// sshCA is a key that signs SSH certificates.
type sshCA struct{ key ed25519.PrivateKey }

func newSSHCA() (sshCA, error) {
	_, key, err := ed25519.GenerateKey(nil)
	return sshCA{key}, err
}

const sshEd25519 = "ssh-ed25519"

// blob is the public key of the CA.
func (ca sshCA) blob() []byte {
	return sshStrings([]byte(sshEd25519), ca.key.Public().(ed25519.PublicKey))
}

// line is the public key of the CA as a line of authorized_keys.
func (ca sshCA) line() []byte { return sshLine(sshEd25519, ca.blob()) }

// errSSHKey is the refusal of a key that is none.
var errSSHKey = badRequest("failed to parse the SSH public key")

// issue signs a user certificate for a key, a line of authorized_keys, and
// returns it as such a line.
func (ca sshCA) issue(line []byte, user string, principals []string, begins, ends time.Time) ([]byte, error) {
	fields := bytes.Fields(line)
	if len(fields) < 2 {
		return nil, errSSHKey
	}
	key, err := base64.StdEncoding.DecodeString(string(fields[1]))
	algorithm, public, ok := cutSSHString(key)
	if err != nil || !ok || algorithm != string(fields[0]) {
		return nil, errSSHKey
	}
	var names []byte
	for _, principal := range principals {
		names = append(names, sshStrings([]byte(principal))...)
	}
	certType := algorithm + "-cert-v01@openssh.com"
	cert := append(sshStrings([]byte(certType), randomBytes(32)), public...)
	cert = binary.BigEndian.AppendUint64(cert, 0) // serial number
	cert = binary.BigEndian.AppendUint32(cert, 1) // of a user
	cert = append(cert, sshStrings([]byte(user), names)...)
	cert = binary.BigEndian.AppendUint64(cert, uint64(max(begins.Unix(), 0)))
	cert = binary.BigEndian.AppendUint64(cert, uint64(max(ends.Unix(), 0)))
	cert = append(cert, sshStrings(nil, nil, nil, ca.blob())...) // no options, no extensions, reserved
	signature := sshStrings([]byte(sshEd25519), ed25519.Sign(ca.key, cert))
	return sshLine(certType, append(cert, sshStrings(signature)...)), nil
}

// sshLine is a key or a certificate as a line of authorized_keys.
func sshLine(kind string, blob []byte) []byte {
	return []byte(kind + " " + base64.StdEncoding.EncodeToString(blob) + "\n")
}

// sshStrings are strings as SSH encodes them: each with its length before it.
func sshStrings(parts ...[]byte) []byte {
	var out []byte
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

// cutSSHString takes the first string off.
func cutSSHString(blob []byte) (first string, rest []byte, ok bool) {
	if len(blob) < 4 {
		return "", nil, false
	}
	n := uint64(binary.BigEndian.Uint32(blob))
	if n > uint64(len(blob)-4) {
		return "", nil, false
	}
	return string(blob[4 : 4+n]), blob[4+n:], true
}
