// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// usageApps is the usage restriction of app certificates.
const usageApps = "usage:apps"

// identity is what a user certificate says about its holder (protocol.md 5.1).
type identity struct {
	Username string
	Roles    []string
	Traits   map[string][]string
	Cluster  string // that issued the certificate
	Expires  time.Time
	Usage    []string // "usage:apps" for an app certificate; empty means unrestricted

	Principals     []string  // logins
	RouteToCluster string    // the cluster that the certificate is for
	LoginIP        string    // where the login came from
	UserType       string    // "local" or "sso"; empty means "sso"
	PreviousExpiry time.Time // of the identity that asked for a single-use certificate
	MFADevice      string    // the id of the device that a second factor for a session came from; empty: there was none

	Requests  []string  // active access requests
	Resources []string  // what alone may be used because of them, "/CLUSTER/app/NAME"; none: all that the roles allow
	Until     time.Time // when the first of them ends; not in the certificate

	SessionID     string // app session, 64 hex characters
	AppName       string
	AppPublicAddr string
	AppCluster    string
}

// The attributes that Teleport adds to a subject (protocol.md 5.1).
var (
	oidAppSessionID   = asn1.ObjectIdentifier{1, 3, 9999, 1, 4}
	oidAppCluster     = asn1.ObjectIdentifier{1, 3, 9999, 1, 5}
	oidAppPublicAddr  = asn1.ObjectIdentifier{1, 3, 9999, 1, 6}
	oidCluster        = asn1.ObjectIdentifier{1, 3, 9999, 1, 7}
	oidMFADevice      = asn1.ObjectIdentifier{1, 3, 9999, 1, 8}
	oidLoginIP        = asn1.ObjectIdentifier{1, 3, 9999, 1, 9}
	oidAppName        = asn1.ObjectIdentifier{1, 3, 9999, 1, 10}
	oidKeyPolicy      = asn1.ObjectIdentifier{1, 3, 9999, 1, 15}
	oidUserType       = asn1.ObjectIdentifier{1, 3, 9999, 1, 20}
	oidRequest        = asn1.ObjectIdentifier{1, 3, 9999, 2, 8}
	oidResources      = asn1.ObjectIdentifier{1, 3, 9999, 2, 10}
	oidPreviousExpiry = asn1.ObjectIdentifier{1, 3, 9999, 2, 12}
)

// restricted reports whether the certificate is good for one usage only, and
// so not for the auth service.
func (id identity) restricted() bool { return len(id.Usage) > 0 }

// reaches reports whether the access requests of the identity leave it an app:
// one of apps takes all others away (protocol.md 7.6).
func (id identity) reaches(cluster, app string) bool {
	return len(id.Resources) == 0 || slices.Contains(id.Resources, resourceName(cluster, "app", app))
}

// subject lays the identity out as the subject of a certificate. Several
// values of one kind share one multi-valued RDN; every value is a string.
func (id identity) subject() (pkix.Name, error) {
	traits := []byte("{}")
	if len(id.Traits) > 0 {
		var err error
		if traits, err = json.Marshal(id.Traits); err != nil {
			return pkix.Name{}, err
		}
	}
	resources := ""
	if len(id.Resources) > 0 {
		text, err := json.Marshal(id.Resources)
		if err != nil {
			return pkix.Name{}, err
		}
		resources = string(text)
	}
	name := pkix.Name{
		CommonName:         id.Username,
		Organization:       id.Roles,
		OrganizationalUnit: id.Usage,
		Locality:           id.Principals,
		StreetAddress:      []string{id.RouteToCluster},
		PostalCode:         []string{string(traits)},
	}
	for _, extra := range []struct {
		oid   asn1.ObjectIdentifier
		value string
	}{
		{oidAppSessionID, id.SessionID},
		{oidAppPublicAddr, id.AppPublicAddr},
		{oidAppCluster, id.AppCluster},
		{oidAppName, id.AppName},
		{oidCluster, id.Cluster},
		{oidMFADevice, id.MFADevice},
		{oidLoginIP, id.LoginIP},
		{oidKeyPolicy, "none"},
		{oidUserType, firstOf(id.UserType, "sso")},
		{oidResources, resources},
		{oidPreviousExpiry, formatTime(id.PreviousExpiry)},
	} {
		if extra.value != "" {
			name.ExtraNames = append(name.ExtraNames, pkix.AttributeTypeAndValue{Type: extra.oid, Value: extra.value})
		}
	}
	for _, request := range id.Requests {
		name.ExtraNames = append(name.ExtraNames, pkix.AttributeTypeAndValue{Type: oidRequest, Value: request})
	}
	return name, nil
}

// parseIdentity reads the identity from a user certificate.
func parseIdentity(cert *x509.Certificate) (identity, error) {
	id := identity{
		Username:   cert.Subject.CommonName,
		Roles:      cert.Subject.Organization,
		Usage:      cert.Subject.OrganizationalUnit,
		Principals: cert.Subject.Locality,
		Cluster:    cert.Issuer.CommonName,
		Expires:    cert.NotAfter,
	}
	if street := cert.Subject.StreetAddress; len(street) > 0 {
		id.RouteToCluster = street[0]
	}
	if postal := cert.Subject.PostalCode; len(postal) > 0 {
		if err := json.Unmarshal([]byte(postal[0]), &id.Traits); err != nil {
			return identity{}, fmt.Errorf("traits in the certificate: %w", err)
		}
	}
	var resources string
	fields := map[string]*string{
		oidResources.String():     &resources,
		oidAppSessionID.String():  &id.SessionID,
		oidAppPublicAddr.String(): &id.AppPublicAddr,
		oidAppCluster.String():    &id.AppCluster,
		oidAppName.String():       &id.AppName,
		oidMFADevice.String():     &id.MFADevice,
		oidLoginIP.String():       &id.LoginIP,
		oidUserType.String():      &id.UserType,
	}
	for _, attribute := range cert.Subject.Names {
		if field := fields[attribute.Type.String()]; field != nil {
			*field, _ = attribute.Value.(string)
		}
		if request, ok := attribute.Value.(string); ok && attribute.Type.Equal(oidRequest) {
			id.Requests = append(id.Requests, request)
		}
	}
	if resources != "" {
		if err := json.Unmarshal([]byte(resources), &id.Resources); err != nil {
			return identity{}, fmt.Errorf("resources in the certificate: %w", err)
		}
	}
	if id.Username == "" {
		return identity{}, fmt.Errorf("the certificate names no user")
	}
	return id, nil
}

func formatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
