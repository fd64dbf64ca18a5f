// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"time"
)

// joinPrincipal is the filler that every list of principals ends with
// (protocol.md 5.1).
const joinPrincipal = "-teleport-internal-join"

// Issue makes a login certificate without the ceremony, for tests that start
// behind it: a P-256 key (PKCS#8), the certificate and the host CA of the
// cluster, all PEM. A ttl of zero or less gives a certificate that has
// expired; nothing caps a longer one.
func (c *Cluster) Issue(user string, ttl time.Duration) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	account, ok := c.user(user)
	if !ok {
		return nil, nil, nil, fmt.Errorf("there is no user %q", user)
	}
	return c.issuePair(c.loginIdentity(account, time.Now().Add(ttl)))
}

// IssueApp makes the certificate of an app, with its app session, as Issue makes
// that of a login.
func (c *Cluster) IssueApp(user, app string, ttl time.Duration) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	account, ok := c.user(user)
	found, exists := c.app(app)
	if !ok || !exists {
		return nil, nil, nil, fmt.Errorf("there is no user %q or no app %q", user, app)
	}
	id := c.loginIdentity(account, time.Now().Add(ttl))
	id.Usage, id.AppName, id.AppPublicAddr, id.AppCluster = []string{usageApps}, found.Name, found.PublicAddr, c.cfg.Name
	id.SessionID = c.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	return c.issuePair(id)
}

func (c *Cluster) issuePair(id identity) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	key, err := newKey()
	if err != nil {
		return nil, nil, nil, err
	}
	cert, err := c.issueUserCert(id, key.Public())
	if err != nil {
		return nil, nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, nil, err
	}
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return keyPEM, cert, c.host.ca().pem(), nil
}

// issueUserCert signs a certificate, PEM, of the user CA for an identity and a
// public key.
func (c *Cluster) issueUserCert(id identity, pub crypto.PublicKey) ([]byte, error) {
	subject, err := id.subject()
	if err != nil {
		return nil, err
	}
	cert, err := c.userCA.issue(pub, x509.Certificate{Subject: subject, NotAfter: id.Expires})
	if err != nil {
		return nil, err
	}
	return certPEM(cert), nil
}

// loginIdentity is the identity that a user gets by logging in.
func (c *Cluster) loginIdentity(user User, expires time.Time) identity {
	principals := c.principals(user)
	if len(principals) == 0 {
		principals = []string{"-teleport-nologin-" + newUUID()}
	}
	return identity{
		Username:       user.Name,
		Roles:          user.Roles,
		Traits:         user.Traits,
		Cluster:        c.cfg.Name,
		RouteToCluster: c.cfg.Name,
		Principals:     append(principals, joinPrincipal),
		Expires:        expires,
	}
}

// principals are the logins that the roles of a user give. A role that names none
// gives those of the user's traits, as the roles of a new cluster do.
func (c *Cluster) principals(user User) []string {
	var logins []string
	for _, role := range c.rolesOf(identity{Roles: user.Roles}) {
		names := role.Logins
		if names == nil {
			names = []string{"{{internal.logins}}"}
		}
		for _, name := range names {
			logins = append(logins, expandTraits(name, user.Traits)...)
		}
	}
	slices.Sort(logins)
	return slices.Compact(logins)
}

// sessionTTL is the longest that a certificate of these roles lives: the
// shortest of what the cluster and the roles allow.
func (c *Cluster) sessionTTL(roles []Role) time.Duration {
	ttl := c.cfg.SessionTTL
	for _, role := range roles {
		if role.MaxSessionTTL > 0 {
			ttl = min(ttl, role.MaxSessionTTL)
		}
	}
	return ttl
}

func (c *Cluster) user(name string) (User, bool) {
	i := slices.IndexFunc(c.cfg.Users, func(u User) bool { return u.Name == name })
	if i < 0 {
		return User{}, false
	}
	return c.cfg.Users[i], true
}

// rolesOf returns the definitions of the roles named by an identity. Roles
// that the cluster does not know are left out.
func (c *Cluster) rolesOf(id identity) []Role {
	var roles []Role
	for _, name := range id.Roles {
		if role, ok := c.role(name); ok {
			roles = append(roles, role)
		}
	}
	return roles
}

// newUUID returns a random UUID (version 4).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand crashes the program instead
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
