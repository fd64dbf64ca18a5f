// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

var (
	oidOrganization = asn1.ObjectIdentifier{2, 5, 4, 10}
	oidPostalCode   = asn1.ObjectIdentifier{2, 5, 4, 17}
)

// Identity is a login: what a user holds after the login ceremony. Its methods
// need Cert; what they return is written in the certificate's subject
// (protocol.md 5.1).
type Identity struct {
	Key     crypto.Signer
	Cert    *x509.Certificate
	HostCAs []*x509.Certificate // verify the auth service of the root cluster
}

// Username returns the user's name.
func (id *Identity) Username() string { return id.Cert.Subject.CommonName }

// Roles returns the names of the user's roles.
func (id *Identity) Roles() []string { return subjectValues(id.Cert, oidOrganization) }

// Traits returns the user's traits; nil if the certificate has none that can
// be read.
func (id *Identity) Traits() map[string][]string {
	for _, v := range subjectValues(id.Cert, oidPostalCode) {
		var traits map[string][]string
		if json.Unmarshal([]byte(v), &traits) == nil {
			return traits
		}
	}
	return nil
}

// Cluster returns the name of the root cluster, which issued the certificate.
func (id *Identity) Cluster() string { return id.Cert.Issuer.CommonName }

// Expires returns the end of the certificate's validity.
func (id *Identity) Expires() time.Time { return id.Cert.NotAfter }

// TLSCertificate returns the identity as a client certificate.
func (id *Identity) TLSCertificate() tls.Certificate {
	return tls.Certificate{Certificate: [][]byte{id.Cert.Raw}, PrivateKey: id.Key, Leaf: id.Cert}
}

// subjectValues returns the values of one attribute of the subject, in their
// order. Several of a kind sit in one multi-valued part of the name.
func subjectValues(cert *x509.Certificate, oid asn1.ObjectIdentifier) []string {
	var values []string
	for _, attr := range cert.Subject.Names {
		if s, ok := attr.Value.(string); ok && attr.Type.Equal(oid) {
			values = append(values, s)
		}
	}
	return values
}

// NewKey makes a P-256 key, the kind that every cluster accepts for TLS
// whatever its algorithm suite (protocol.md 4).
func NewKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// PublicKeyPEM encodes a public key as PKIX PEM ("PUBLIC KEY"), the form of
// tls_pub_key and TLSPublicKey (protocol.md 4).
func PublicKeyPEM(pub crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		return nil, fmt.Errorf("encode public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}), nil
}

// ParseCertificate returns the first CERTIFICATE block of data.
func ParseCertificate(data []byte) (*x509.Certificate, error) {
	certs, err := ParseCertificates(data)
	if err != nil {
		return nil, err
	}
	return certs[0], nil
}

// ParseCertificates returns all CERTIFICATE blocks of data, at least one;
// blocks of other kinds are skipped.
func ParseCertificates(data []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errcode.Errorf(errcode.IdentityUnusable, "parse certificate: %w", err)
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errcode.New(errcode.IdentityUnusable, "parse certificate: no certificate in the PEM text")
	}
	return certs, nil
}
