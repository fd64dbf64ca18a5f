// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

const (
	certificateType = "CERTIFICATE"
	opensshType     = "OPENSSH PRIVATE KEY"
	// hardwareType is a reference to a key in a token.
	hardwareType = "PIV YUBIKEY PRIVATE KEY"
)

func isPrivateKey(block *pem.Block) bool { return strings.HasSuffix(block.Type, "PRIVATE KEY") }

// parseKey reads a private key in any form that Teleport writes: PKCS#8, PKCS#1,
// SEC 1 and OpenSSH. The first three are told apart by what is inside, not by
// the block's type, which some versions got wrong.
func parseKey(block *pem.Block) (crypto.Signer, error) {
	switch {
	case block.Type == hardwareType:
		return nil, &HardwareKeyError{}
	case block.Type == "ENCRYPTED PRIVATE KEY" || block.Headers["DEK-Info"] != "":
		return nil, malformed("the private key is encrypted with a password")
	case block.Type == opensshType:
		return parseOpenSSH(block.Bytes)
	}
	if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
		if signer, ok := key.(crypto.Signer); ok {
			return signer, nil
		}
		return nil, malformed("the private key is not one for signatures")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	if key, err := x509.ParseECPrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	return nil, malformed("the private key is damaged, or of an unknown kind")
}

// readKey is the first private key in a text of PEM blocks.
func readKey(data []byte) (crypto.Signer, error) {
	blocks, err := decodeBlocks(data)
	if err != nil {
		return nil, err
	}
	for _, block := range blocks {
		if isPrivateKey(block) {
			return parseKey(block)
		}
	}
	return nil, malformed("there is no private key in it")
}

// readCertificates returns the certificates in a text of PEM blocks, at least
// one.
func readCertificates(data []byte) ([]*x509.Certificate, error) {
	blocks, err := decodeBlocks(data)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for _, block := range blocks {
		cert, err := parseCertificate(block)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, malformed("there is no certificate in it")
	}
	return certs, nil
}

func parseCertificate(block *pem.Block) (*x509.Certificate, error) {
	if block.Type != certificateType {
		return nil, malformed("there is a PEM block %q where a certificate should be", block.Type)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, malformed("a certificate is damaged: %v", err)
	}
	return cert, nil
}

// decodeBlocks returns the PEM blocks of data. Text between them is skipped,
// as the SSH lines of an identity file are, but a damaged block is not: the
// next one would be taken for it.
func decodeBlocks(data []byte) ([]*pem.Block, error) {
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) { // a shell of Windows
		return nil, malformed("its text is UTF-16: save it as UTF-8")
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	begun := 0
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "-----BEGIN") {
			begun++
		}
	}
	var blocks []*pem.Block
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		blocks = append(blocks, block)
	}
	if len(blocks) != begun {
		return nil, malformed("a PEM block is cut off or damaged")
	}
	return blocks, nil
}
