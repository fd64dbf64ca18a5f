// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"time"
)

const (
	caLifetime = 10 * 365 * 24 * time.Hour
	clockSkew  = time.Minute // certificates begin this long before they are made (protocol.md 5.1)
	// clusterAge is how long the cluster has been there: its CAs and servers have
	// had their certificates since then.
	clusterAge = 30 * 24 * time.Hour
)

// authority is one certificate authority: a P-256 key and a self-signed
// certificate, as of the suite balanced-v1 (protocol.md 4).
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// newAuthority makes the authority of a cluster. Its subject, which becomes
// the issuer of every certificate, is O and CN the name of the cluster and the
// serial number of the CA in decimal.
func newAuthority(name string) (*authority, error) {
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          serial,
		Subject:               pkix.Name{Organization: []string{name}, CommonName: name, SerialNumber: serial.String()},
		NotBefore:             time.Now().Add(-clusterAge),
		NotAfter:              time.Now().Add(caLifetime),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	cert, err := createCertificate(template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &authority{cert: cert, key: key}, nil
}

// issue signs a leaf certificate for server and client authentication. Unless the
// template says when it begins, that is a minute ago, also if it ends before that.
func (a *authority) issue(pub crypto.PublicKey, template x509.Certificate) (*x509.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial
	if template.NotBefore.IsZero() {
		template.NotBefore = time.Now().Add(-clockSkew)
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}
	template.BasicConstraintsValid = true
	return createCertificate(&template, a.cert, pub, a.key)
}

// issueServer makes a key and a server certificate for the given names.
func (a *authority) issueServer(subject pkix.Name, dnsNames []string, ips ...net.IP) (tls.Certificate, error) {
	key, err := newKey()
	if err != nil {
		return tls.Certificate{}, err
	}
	cert, err := a.issue(key.Public(), x509.Certificate{
		Subject:     subject,
		NotBefore:   time.Now().Add(-clusterAge),
		NotAfter:    time.Now().Add(caLifetime),
		DNSNames:    dnsNames,
		IPAddresses: ips,
	})
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: key, Leaf: cert}, nil
}

func (a *authority) pem() []byte { return certPEM(a.cert) }

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.cert)
	return pool
}

// newWebCertificate makes the certificate of the proxy's web address and
// returns it with the PEM of what a client must trust: the certificate itself
// or a private web CA.
func newWebCertificate(cfg Config) (tls.Certificate, []byte, error) {
	ca, err := newAuthority(cfg.Name + " web")
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	names := append([]string{"localhost"}, cfg.WebNames...)
	ips := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	if !cfg.WebSelfSigned {
		cert, err := ca.issueServer(pkix.Name{CommonName: "localhost"}, names, ips...)
		return cert, ca.pem(), err
	}
	template := *ca.cert
	template.DNSNames, template.IPAddresses = names, ips
	template.KeyUsage |= x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	cert, err := createCertificate(&template, &template, ca.key.Public(), ca.key)
	if err != nil {
		return tls.Certificate{}, nil, err
	}
	return tls.Certificate{Certificate: [][]byte{cert.Raw}, PrivateKey: ca.key, Leaf: cert}, certPEM(cert), nil
}

func createCertificate(template, parent *x509.Certificate, pub crypto.PublicKey, signer crypto.Signer) (*x509.Certificate, error) {
	der, err := x509.CreateCertificate(rand.Reader, template, parent, pub, signer)
	if err != nil {
		return nil, fmt.Errorf("create certificate: %w", err)
	}
	return x509.ParseCertificate(der)
}

func certPEM(cert *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
}

// parsePublicKey reads a public key in PEM: PKIX, or PKCS#1 for RSA
// (protocol.md 4).
func parsePublicKey(data []byte) (crypto.PublicKey, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, badRequest("failed to decode public key PEM block")
	}
	if block.Type == "RSA PUBLIC KEY" {
		return x509.ParsePKCS1PublicKey(block.Bytes)
	}
	return x509.ParsePKIXPublicKey(block.Bytes)
}

func newKey() (*ecdsa.PrivateKey, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func newSerial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
}
