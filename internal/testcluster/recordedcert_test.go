// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: certificates as recordings write them.

package testcluster

import (
	"crypto/x509"
	"fmt"
	"strings"
	"testing"
	"time"
)

// asRecorded is a certificate as recordings write it, but for its time.
func asRecorded(cert *x509.Certificate) map[string]any {
	oids := map[string]any{}
	for _, attribute := range cert.Subject.Names {
		if oid := attribute.Type.String(); strings.HasPrefix(oid, "1.3.9999.") {
			oids[oid] = attribute.Value
		}
	}
	s := cert.Subject
	out := map[string]any{"CN": s.CommonName, "issuer": cert.Issuer.String(), "oids": oids}
	for name, list := range map[string][]string{
		"L": s.Locality, "O": s.Organization, "OU": s.OrganizationalUnit, "postalCode": s.PostalCode, "street": s.StreetAddress,
	} {
		var values []any
		for _, value := range list {
			values = append(values, value)
		}
		if values != nil {
			out[name] = values
		}
	}
	return out
}

// wantValid compares a certificate's time, to a few seconds.
func wantValid(t *testing.T, valid string, cert *x509.Certificate) {
	t.Helper()
	var begin, end string
	if _, err := fmt.Sscanf(valid, "from %s before now to %s after now", &begin, &end); err != nil {
		t.Fatalf("%q: %v", valid, err)
	}
	before, err := time.ParseDuration(begin)
	if err != nil {
		t.Fatal(err)
	}
	after, err := time.ParseDuration(end)
	if err != nil {
		t.Fatal(err)
	}
	const slack = 10 * time.Second
	if d := time.Since(cert.NotBefore) - before; d.Abs() > slack {
		t.Errorf("begins %v ago, want %v", time.Since(cert.NotBefore), before)
	}
	if d := time.Until(cert.NotAfter) - after; d.Abs() > slack {
		t.Errorf("ends in %v, want %v", time.Until(cert.NotAfter), after)
	}
}
