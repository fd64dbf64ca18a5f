// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// maxFile bounds a file in bytes: a damaged or wrong one, far above any
// identity.
const maxFile = 1 << 20

// Files in a directory that tbot writes.
const (
	tbotIdentity = "identity" // an identity file, of either output
	tbotCert     = "tlscert"
	tbotKey      = "key"
)

// tbotCAs are names of the file with the host CAs, the first that exists counts.
var tbotCAs = []string{"teleport-host-ca.crt", "teleport-application-ca.crt"}

// read reads an identity file, or a directory that tbot writes its output to.
func read(path string) (*Identity, error) {
	info, err := plainfile.Stat(path)
	if err != nil {
		return nil, notFound(path, err)
	}
	if info.IsDir() {
		return readDir(path)
	}
	return readIdentityFile(path)
}

func readIdentityFile(path string) (*Identity, error) {
	data, err := readFile(path, plainfile.GivenKey)
	if err != nil {
		return nil, err
	}
	id, err := parse(data)
	if err != nil {
		return nil, inFile(path, err)
	}
	id.File = path
	return id, nil
}

// parse reads the text of an identity file: the private key, its certificate,
// then CA certificates, each in PEM, with lines for SSH between them that are
// not looked at. Its errors name no file.
func parse(data []byte) (*Identity, error) {
	blocks, err := decodeBlocks(data)
	if err != nil {
		return nil, err
	}
	if len(blocks) == 0 || !isPrivateKey(blocks[0]) {
		return nil, malformed("it is not an identity file: it does not begin with a private key in PEM form")
	}
	key, err := parseKey(blocks[0])
	if err != nil {
		return nil, err
	}
	certs := make([]*x509.Certificate, 0, len(blocks)-1)
	for _, block := range blocks[1:] {
		cert, err := parseCertificate(block)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, malformed("it has no TLS certificate")
	}
	return newIdentity(key, certs[0], certs[1:])
}

// readDir prefers tbot's identity file: being one file, it is never half old
// and half new.
func readDir(dir string) (*Identity, error) {
	id, err := readIdentityFile(filepath.Join(dir, tbotIdentity))
	if errors.Is(err, ErrNotFound) {
		id, err = readDirPair(dir)
	}
	if err != nil {
		return nil, err
	}
	id.File = dir
	return id, nil
}

// readDirPair reads the certificate and key that tbot writes beside one
// another.
func readDirPair(dir string) (*Identity, error) {
	key, err := readKeyFile(filepath.Join(dir, tbotKey))
	if errors.Is(err, ErrNotFound) {
		return nil, &MalformedError{File: dir, What: fmt.Sprintf("the directory has no output of tbot: neither %s nor %s and %s", tbotIdentity, tbotCert, tbotKey)}
	}
	if err != nil {
		return nil, err
	}
	certs, err := readCertificateFile(filepath.Join(dir, tbotCert))
	if err != nil {
		return nil, err
	}
	var cas []*x509.Certificate
	for _, name := range tbotCAs {
		cas, err = readCertificateFile(filepath.Join(dir, name))
		if !errors.Is(err, ErrNotFound) {
			break
		}
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	id, err := newIdentity(key, certs[0], cas)
	if err != nil {
		return nil, inFile(dir, err)
	}
	return id, nil
}

func readKeyFile(path string) (crypto.Signer, error) {
	data, err := readFile(path, plainfile.GivenKey)
	if err != nil {
		return nil, err
	}
	key, err := readKey(data)
	return key, inFile(path, err)
}

func readCertificateFile(path string) ([]*x509.Certificate, error) {
	data, err := readFile(path, plainfile.Given)
	if err != nil {
		return nil, err
	}
	certs, err := readCertificates(data)
	return certs, inFile(path, err)
}

// readFile reads a file that is a plain one, and as it should be: see the package
// comment.
func readFile(path string, trust plainfile.Trust) ([]byte, error) {
	data, err := plainfile.Read(path, trust, maxFile)
	var (
		kind *plainfile.KindError
		size *plainfile.SizeError
	)
	switch {
	case errors.As(err, &kind):
		return nil, malformedFile(path, "it is %s and not a regular file", kind.Kind)
	case errors.As(err, &size):
		return nil, malformedFile(path, "it has more than %d bytes", size.Limit)
	case err != nil:
		return nil, notFound(path, err)
	}
	return data, nil
}

// notFound makes ErrNotFound of what the operating system says, and leaves
// other errors as they are.
func notFound(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", path, ErrNotFound)
	}
	return err
}
