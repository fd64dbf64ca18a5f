// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/tls"
	"crypto/x509/pkix"
	"sync"
)

// hostKeys are a cluster's host CA and the certificate of its auth service. A
// rotation replaces them while the cluster runs.
type hostKeys struct {
	mu     sync.Mutex
	active *authority
	former *authority // still trusted, nil unless a rotation is under way
	cert   *tls.Certificate
}

// start sets the keys of a new cluster.
func (h *hostKeys) start(ca *authority, cert tls.Certificate) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active, h.cert = ca, &cert
}

// ca is the active CA.
func (h *hostKeys) ca() *authority {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.active
}

// trusted are the active CA, and the former one if it still counts.
func (h *hostKeys) trusted() (active, former *authority) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.active, h.former
}

// certificate is that of the auth service.
func (h *hostKeys) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.cert, nil
}

// rotate makes ca the active CA and leaves the certificate as it is.
func (h *hostKeys) rotate(ca *authority) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active, h.former = ca, h.active
}

// finish takes a certificate of the active CA into use.
func (h *hostKeys) finish(cert tls.Certificate) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.former, h.cert = nil, &cert
}

// newAuthCert issues a certificate for the auth service (protocol.md 5.3).
func newAuthCert(ca *authority, cluster string) (tls.Certificate, error) {
	return ca.issueServer(
		pkix.Name{
			CommonName: newUUID() + "." + cluster, Organization: []string{"Admin"},
			PostalCode: []string{"null"}, StreetAddress: []string{""},
			ExtraNames: []pkix.AttributeTypeAndValue{{Type: oidCluster, Value: cluster}},
		},
		[]string{"auth." + cluster + ".test", "*." + apiDomain, apiDomain})
}
