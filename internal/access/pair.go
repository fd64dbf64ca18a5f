// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"crypto"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// What is stored and what is used: the forms of keys and certificates.

func toIdentity(pair *creds.KeyPair, hostCAs []string) (*teleport.Identity, error) {
	key, cert, err := ParsePair(pair)
	if err != nil {
		return nil, err
	}
	id := &teleport.Identity{Key: key, Cert: cert}
	for _, text := range hostCAs {
		cas, err := teleport.ParseCertificates([]byte(text))
		if err != nil {
			return nil, err
		}
		id.HostCAs = append(id.HostCAs, cas...)
	}
	return id, nil
}

// FromIdentity is an identity as it is stored.
func FromIdentity(id *teleport.Identity) (creds.KeyPair, error) {
	key, err := x509.MarshalPKCS8PrivateKey(id.Key)
	if err != nil {
		return creds.KeyPair{}, err
	}
	return creds.KeyPair{Key: key, Cert: id.Cert.Raw}, nil
}

// CertPEM is a certificate as PEM text.
func CertPEM(cert *x509.Certificate) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw}))
}

func toCertificate(pair *creds.KeyPair) (*tls.Certificate, error) {
	key, leaf, err := ParsePair(pair)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key, Leaf: leaf}, nil
}

// ParsePair reads what is stored.
func ParsePair(pair *creds.KeyPair) (crypto.Signer, *x509.Certificate, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(pair.Key)
	if err != nil {
		return nil, nil, errcode.Errorf(errcode.StoreDamaged, "private key: %w", err)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok {
		return nil, nil, errcode.Errorf(errcode.StoreDamaged, "private key of unknown kind %T", parsed)
	}
	cert, err := x509.ParseCertificate(pair.Cert)
	if err != nil {
		return nil, nil, errcode.Errorf(errcode.StoreDamaged, "certificate: %w", err)
	}
	return key, cert, nil
}
