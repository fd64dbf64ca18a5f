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

// issuer makes the certificates of a cluster. What is in them is what the registry
// says of their user, and they live as long as its roles allow.
type issuer struct {
	cluster  string        // its name
	longest  time.Duration // Config.SessionTTL
	accounts *registry
	sessions *sessions
	hooks    *hooks

	userCA *authority // signs logins and app certificates
	sshCA  sshCA
	host   hostKeys // of the auth service
}

// newIssuer makes the certificate authorities of a cluster, and the certificate of
// its auth service.
func newIssuer(cfg Config, accounts *registry, sessions *sessions, hooks *hooks) (*issuer, error) {
	i := &issuer{cluster: cfg.Name, longest: cfg.SessionTTL, accounts: accounts, sessions: sessions, hooks: hooks}
	var err error
	if i.userCA, err = newAuthority(cfg.Name); err != nil {
		return nil, err
	}
	if i.sshCA, err = newSSHCA(); err != nil {
		return nil, err
	}
	hostCA, err := newAuthority(cfg.Name)
	if err != nil {
		return nil, err
	}
	cert, err := newAuthCert(hostCA, cfg.Name)
	if err != nil {
		return nil, err
	}
	i.host.start(hostCA, cert)
	return i, nil
}

// Issue makes a login certificate without the ceremony, for tests that start
// behind it: a P-256 key (PKCS#8), the certificate and the host CA of the
// cluster, all PEM. A ttl of zero or less gives a certificate that has
// expired; nothing caps a longer one.
func (i *issuer) Issue(user string, ttl time.Duration) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	account, ok := i.accounts.user(user)
	if !ok {
		return nil, nil, nil, fmt.Errorf("there is no user %q", user)
	}
	return i.issuePair(i.loginIdentity(account, time.Now().Add(ttl)))
}

// IssueApp makes the certificate of an app, with its app session, as Issue makes
// that of a login.
func (i *issuer) IssueApp(user, app string, ttl time.Duration) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	account, ok := i.accounts.user(user)
	found, exists := i.accounts.app(app)
	if !ok || !exists {
		return nil, nil, nil, fmt.Errorf("there is no user %q or no app %q", user, app)
	}
	id := i.loginIdentity(account, time.Now().Add(ttl))
	id.Usage, id.AppName, id.AppPublicAddr, id.AppCluster = []string{usageApps}, found.Name, found.PublicAddr, i.cluster
	id.SessionID = i.sessions.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	return i.issuePair(id)
}

func (i *issuer) issuePair(id identity) (keyPEM, certPEM, hostCAPEM []byte, err error) {
	key, err := newKey()
	if err != nil {
		return nil, nil, nil, err
	}
	cert, err := i.issueUserCert(id, key.Public())
	if err != nil {
		return nil, nil, nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, nil, err
	}
	keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return keyPEM, cert, i.host.ca().pem(), nil
}

// issueUserCert signs a certificate, PEM, of the user CA for an identity and a
// public key.
func (i *issuer) issueUserCert(id identity, pub crypto.PublicKey) ([]byte, error) {
	subject, err := id.subject()
	if err != nil {
		return nil, err
	}
	cert, err := i.userCA.issue(pub, x509.Certificate{Subject: subject, NotAfter: id.Expires})
	if err != nil {
		return nil, err
	}
	return certPEM(cert), nil
}

// loginIdentity is the identity that a user gets by logging in.
func (i *issuer) loginIdentity(user User, expires time.Time) identity {
	principals := i.principals(user)
	if len(principals) == 0 {
		principals = []string{"-teleport-nologin-" + newUUID()}
	}
	return identity{
		Username:       user.Name,
		Roles:          user.Roles,
		Traits:         user.Traits,
		Cluster:        i.cluster,
		RouteToCluster: i.cluster,
		Principals:     append(principals, joinPrincipal),
		Expires:        expires,
	}
}

// principals are the logins that the roles of a user give. A role that names none
// gives those of the user's traits, as the roles of a new cluster do.
func (i *issuer) principals(user User) []string {
	var logins []string
	for _, role := range i.accounts.rolesOf(identity{Roles: user.Roles}) {
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
func (i *issuer) sessionTTL(roles []Role) time.Duration {
	ttl := i.longest
	for _, role := range roles {
		if role.MaxSessionTTL > 0 {
			ttl = min(ttl, role.MaxSessionTTL)
		}
	}
	return ttl
}

// newUUID returns a random UUID (version 4).
func newUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: crypto/rand crashes the program instead
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}
