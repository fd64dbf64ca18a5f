// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"time"
)

// Attributes of a certificate's subject (protocol.md 5.1).
var (
	oidAppName         = asn1.ObjectIdentifier{1, 3, 9999, 1, 10}
	oidDisallowReissue = asn1.ObjectIdentifier{1, 3, 9999, 2, 9}
)

// Identity is what a file holds.
type Identity struct {
	File    string // the file or directory that it was read from
	Key     crypto.Signer
	Cert    *x509.Certificate   // for Key
	HostCAs []*x509.Certificate // of the root cluster; may be empty if App is set
	// App is the one app that the certificate opens, empty for a login. Such a
	// certificate need not say so in its usage: tbot's do not.
	App string
	// NoReissue says that the cluster issues no other certificate to this one,
	// so none for an app: tbot's way, unless allow_reissue is set.
	NoReissue bool
	// Proxy is the host:port of the cluster's web address, if the place tells.
	Proxy string
	// ConnUpgrade says that the proxy is behind a load balancer that takes
	// away ALPN (protocol.md 6.4), if the place tells.
	ConnUpgrade bool
}

// Username returns the name of the identity's user.
func (id *Identity) Username() string { return id.Cert.Subject.CommonName }

// Cluster returns the name of the root cluster, which issued the certificate.
func (id *Identity) Cluster() string { return id.Cert.Issuer.CommonName }

// Expires returns the end of the certificate's validity.
func (id *Identity) Expires() time.Time { return id.Cert.NotAfter }

// Check returns an *ExpiredError if the identity is no longer valid at now.
func (id *Identity) Check(now time.Time) error {
	if now.Before(id.Expires()) {
		return nil
	}
	return &ExpiredError{File: id.File, Expires: id.Expires()}
}

// newIdentity puts the parts together and checks that they make a whole.
func newIdentity(key crypto.Signer, cert *x509.Certificate, hostCAs []*x509.Certificate) (*Identity, error) {
	id := &Identity{Key: key, Cert: cert}
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	switch {
	case !ok || !public.Equal(cert.PublicKey):
		return nil, malformed("the private key is not that of the certificate")
	case id.Username() == "":
		return nil, malformed("the certificate names no user")
	case id.Cluster() == "":
		return nil, malformed("the certificate names no cluster")
	}
	id.HostCAs = ofCluster(hostCAs, id.Cluster())
	id.App = subjectValue(cert, oidAppName)
	id.NoReissue = subjectValue(cert, oidDisallowReissue) != ""
	if id.App == "" && len(hostCAs) == 0 {
		return nil, malformed("there is no CA certificate of the cluster")
	}
	return id, nil
}

// ofCluster are the CAs of a cluster. Files may hold those of its leaves too, which
// have no say about it. Where none says that it is the cluster's, all count.
func ofCluster(cas []*x509.Certificate, cluster string) []*x509.Certificate {
	var own []*x509.Certificate
	for _, ca := range cas {
		if ca.Subject.CommonName == cluster {
			own = append(own, ca)
		}
	}
	if own == nil {
		return cas
	}
	return own
}

func subjectValue(cert *x509.Certificate, oid asn1.ObjectIdentifier) string {
	for _, attr := range cert.Subject.Names {
		if s, ok := attr.Value.(string); ok && attr.Type.Equal(oid) {
			return s
		}
	}
	return ""
}
