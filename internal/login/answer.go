// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// loginAnswer is the opened answer (protocol.md 2.4), as far as it is used.
type loginAnswer struct {
	Username    string `json:"username"`
	TLSCert     []byte `json:"tls_cert"` // PEM
	HostSigners []struct {
		Cluster  string   `json:"domain_name"`
		TLSCerts [][]byte `json:"tls_certs"` // PEM; several during a rotation
	} `json:"host_signers"`
}

// identity checks the answer against the key of this login and makes the
// identity of it. The answer came sealed, so whatever is wrong with it is wrong
// at the cluster, and ends the login.
func (a loginAnswer) identity(key *ecdsa.PrivateKey, cluster string, now time.Time) (*teleport.Identity, error) {
	if len(a.TLSCert) == 0 {
		return nil, errors.New("it has no TLS certificate")
	}
	chain, err := teleport.ParseCertificates(a.TLSCert)
	if err != nil {
		return nil, errors.New("its TLS certificate cannot be read")
	}
	cert := chain[0]
	if err := checkCertificate(cert, key, a.Username, now); err != nil {
		return nil, err
	}
	if err := checkIssuer(chain, cluster); err != nil {
		return nil, err
	}
	hostCAs, err := a.hostCAs(cert.Issuer.CommonName)
	if err != nil {
		return nil, err
	}
	return &teleport.Identity{Key: key, Cert: cert, HostCAs: hostCAs}, nil
}

func checkCertificate(cert *x509.Certificate, key *ecdsa.PrivateKey, username string, now time.Time) error {
	switch public, _ := cert.PublicKey.(*ecdsa.PublicKey); {
	case public == nil || !public.Equal(key.Public()):
		return errors.New("its certificate is for another key")
	case username == "" || cert.Subject.CommonName != username:
		return errors.New("its certificate is for another user")
	case !now.Before(cert.NotAfter):
		return fmt.Errorf("its certificate expired at %s, check the clock of this computer", cert.NotAfter.UTC().Format(time.RFC3339))
	case now.Add(clockSkew).Before(cert.NotBefore):
		return fmt.Errorf("its certificate is not valid before %s, check the clock of this computer", cert.NotBefore.UTC().Format(time.RFC3339))
	case cert.IsCA:
		return errors.New("its certificate is that of a CA")
	case !slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageClientAuth):
		return errors.New("its certificate is not for TLS clients")
	}
	return nil
}

// clockSkew is how far this computer's clock may be behind the cluster's, on top
// of the minute that the cluster allows for (protocol.md 5.1): what is not valid
// yet for longer than that is not meant for now.
const clockSkew = 4 * time.Minute

// checkIssuer holds the certificate to the cluster that was logged in to, and to
// what follows it if that is its issuer. A login does not bring the user CA
// (protocol.md 5.2), and the host CAs that it does bring do not sign users: so
// there is mostly no signature to verify here. The cluster's auth service does,
// each time the certificate is used.
func checkIssuer(chain []*x509.Certificate, cluster string) error {
	if issuer := chain[0].Issuer.CommonName; issuer == "" || cluster != "" && issuer != cluster {
		return fmt.Errorf("its certificate was issued by %q and not by the cluster %q", clean(issuer), clean(cluster))
	}
	for i, issuer := range chain[1:] {
		if err := chain[i].CheckSignatureFrom(issuer); err != nil {
			return errors.New("its certificate is not signed by the issuer that comes with it")
		}
	}
	return nil
}

// hostCAs returns the CA certificates of the cluster that issued the login
// certificate, and no others: the CA of one cluster must not vouch for the
// servers of another (protocol.md 5.2).
func (a loginAnswer) hostCAs(cluster string) ([]*x509.Certificate, error) {
	var cas []*x509.Certificate
	for _, signer := range a.HostSigners {
		if signer.Cluster != cluster {
			continue
		}
		for _, pem := range signer.TLSCerts {
			certs, err := teleport.ParseCertificates(pem)
			if err != nil {
				return nil, errors.New("a host CA certificate in it cannot be read")
			}
			cas = append(cas, certs...)
		}
	}
	cas = slices.DeleteFunc(cas, func(c *x509.Certificate) bool { return !c.IsCA })
	if len(cas) == 0 {
		return nil, errors.New("it has no host CA certificate of the cluster")
	}
	return cas, nil
}

// readAnswer makes an identity of the plaintext of an answer. The cluster is the
// one that was logged in to; empty if it is not known.
func readAnswer(plain []byte, key *ecdsa.PrivateKey, cluster string, now time.Time) (*teleport.Identity, error) {
	var answer loginAnswer
	if json.Unmarshal(plain, &answer) != nil {
		return nil, errcode.New(errcode.ProxyAnswer, "the cluster's answer is unusable: it is not the JSON of a login")
	}
	identity, err := answer.identity(key, cluster, now)
	if err != nil {
		return nil, errcode.Errorf(errcode.ProxyAnswer, "the cluster's answer is unusable: %w", err)
	}
	return identity, nil
}
