// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/x509"
	"encoding/asn1"
	"encoding/pem"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// rdns decodes the DER of a name into one line for each RDN: its attributes as
// OID, ASN.1 tag and value.
func rdns(t *testing.T, der []byte) []string {
	t.Helper()
	var name asn1.RawValue
	rest, err := asn1.Unmarshal(der, &name)
	if err != nil || len(rest) > 0 || name.Tag != asn1.TagSequence {
		t.Fatalf("not one SEQUENCE: %v", err)
	}
	var lines []string
	for sets := name.Bytes; len(sets) > 0; {
		var set asn1.RawValue
		if sets, err = asn1.Unmarshal(sets, &set); err != nil || set.Tag != asn1.TagSet {
			t.Fatalf("not a SET: %v", err)
		}
		var line []string
		for attrs := set.Bytes; len(attrs) > 0; {
			var attr struct {
				OID   asn1.ObjectIdentifier
				Value asn1.RawValue
			}
			if attrs, err = asn1.Unmarshal(attrs, &attr); err != nil {
				t.Fatal(err)
			}
			line = append(line, fmt.Sprintf("%v %d %s", attr.OID, attr.Value.Tag, attr.Value.Bytes))
		}
		lines = append(lines, strings.Join(line, ", "))
	}
	return lines
}

// The subject and the issuer of a certificate, attribute by attribute
// (protocol.md 5.1): 12 is UTF8String, 19 PrintableString.
func TestSubjectLayout(t *testing.T) {
	c := &issuer{}
	var err error
	if c.userCA, err = newAuthority("rig-cluster"); err != nil {
		t.Fatal(err)
	}
	id := identity{
		Username:       "alice@example.com",
		Roles:          []string{"access", "editor"},
		Traits:         map[string][]string{"team": {"dev", "ops"}, "logins": {"root"}},
		Cluster:        "rig-cluster",
		Expires:        time.Now().Add(time.Hour).Truncate(time.Second).UTC(),
		Usage:          []string{"usage:apps"},
		Principals:     []string{"root", "-teleport-internal-join"},
		RouteToCluster: "rig-cluster",
		LoginIP:        "127.0.0.1",
		UserType:       "sso",
		PreviousExpiry: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
		SessionID:      strings.Repeat("ab", 32),
		AppName:        "grafana-mcp",
		AppPublicAddr:  "grafana-mcp.example.com",
		AppCluster:     "rig-cluster",
	}
	key, err := newKey()
	if err != nil {
		t.Fatal(err)
	}
	certPEM, err := c.issueUserCert(id, key.Public())
	if err != nil {
		t.Fatal(err)
	}
	cert := parsePEM(t, certPEM)
	want := []string{
		"2.5.4.7 19 root, 2.5.4.7 19 -teleport-internal-join",  // L
		"2.5.4.9 19 rig-cluster",                               // street
		`2.5.4.17 12 {"logins":["root"],"team":["dev","ops"]}`, // postalCode
		"2.5.4.10 19 access, 2.5.4.10 19 editor",               // O
		"2.5.4.11 19 usage:apps",                               // OU
		"2.5.4.3 12 alice@example.com",                         // CN
		"1.3.9999.1.4 19 " + strings.Repeat("ab", 32),          // app session
		"1.3.9999.1.6 19 grafana-mcp.example.com",              // app public address
		"1.3.9999.1.5 19 rig-cluster",                          // app cluster
		"1.3.9999.1.10 19 grafana-mcp",                         // app name
		"1.3.9999.1.7 19 rig-cluster",                          // issuing cluster
		"1.3.9999.1.9 19 127.0.0.1",                            // login IP
		"1.3.9999.1.15 19 none",                                // private key policy
		"1.3.9999.1.20 19 sso",                                 // user type
		"1.3.9999.2.12 19 2026-01-02T03:04:05Z",                // previous identity expires
	}
	if got := rdns(t, cert.RawSubject); !slices.Equal(got, want) {
		t.Errorf("subject\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	issuer := []string{
		"2.5.4.10 19 rig-cluster", "2.5.4.3 19 rig-cluster", "2.5.4.5 19 " + c.userCA.cert.SerialNumber.String(),
	}
	if got := rdns(t, cert.RawIssuer); !slices.Equal(got, issuer) {
		t.Errorf("issuer %v, want %v", got, issuer)
	}
	if age := time.Since(cert.NotBefore); age < time.Minute || age > time.Minute+5*time.Second {
		t.Errorf("begins %v ago, want a minute", age)
	}
	if usage := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}; !slices.Equal(cert.ExtKeyUsage, usage) {
		t.Errorf("extended key usage %v", cert.ExtKeyUsage)
	}

	parsed, err := parseIdentity(cert)
	if err != nil {
		t.Fatal(err)
	}
	id.PreviousExpiry = time.Time{} // of no use to the cluster
	if !reflect.DeepEqual(parsed, id) {
		t.Errorf("read back\n%+v\nwant\n%+v", parsed, id)
	}
}

func parsePEM(t *testing.T, data []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(data)
	if block == nil {
		t.Fatalf("not PEM: %q", data)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// A login names no app; a user without logins has a principal that says so.
func TestLoginSubject(t *testing.T) {
	c := &issuer{cluster: "rig-cluster", accounts: newRegistry(Config{Name: "rig-cluster"})}
	name, err := c.loginIdentity(User{Name: "bob"}, time.Now()).subject()
	if err != nil {
		t.Fatal(err)
	}
	if len(name.Organization) > 0 || len(name.OrganizationalUnit) > 0 || name.PostalCode[0] != "{}" {
		t.Errorf("subject %v", name)
	}
	if l := name.Locality; len(l) != 2 || !strings.HasPrefix(l[0], "-teleport-nologin-") || l[1] != "-teleport-internal-join" {
		t.Errorf("principals %q", l)
	}
	var oids []string
	for _, extra := range name.ExtraNames {
		oids = append(oids, extra.Type.String())
	}
	if want := []string{"1.3.9999.1.7", "1.3.9999.1.15", "1.3.9999.1.20"}; !slices.Equal(oids, want) {
		t.Errorf("attributes %v, want %v", oids, want)
	}
}

func TestParseIdentityRefuses(t *testing.T) {
	bad := &x509.Certificate{}
	if _, err := parseIdentity(bad); err == nil {
		t.Error("a certificate without a user name is accepted")
	}
	bad.Subject.CommonName = "alice"
	bad.Subject.PostalCode = []string{"not JSON"}
	if _, err := parseIdentity(bad); err == nil {
		t.Error("traits that are not JSON are accepted")
	}
}
