// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"io/fs"
	"time"
)

// Backend is the place where secrets are kept. It is chosen at login,
// recorded in the profile and never changed behind the user's back.
type Backend string

// The two backends.
const (
	Keyring Backend = "keyring" // the operating system's keyring; the default
	File    Backend = "file"    // files of mode 0600 below Store.Dir
)

// Store keeps logins and app certificates of one user of this machine. Only
// Dir must be set. A Store is safe for concurrent use, also by several
// processes that share Dir.
type Store struct {
	Dir     string        // profiles, index, locks and the file backend; created with mode 0700
	Timeout time.Duration // bound of one keyring call; 0 means 5 seconds
	// LockWait bounds the wait of a write for those of other processes, after
	// which it is a *BusyError; 0 means 30 seconds.
	LockWait time.Duration
	// Held is told by a write that has waited for seconds, and goes on waiting, who
	// holds the lock; nil: nobody is told.
	Held func(*BusyError)
	// Asking is told when the keyring has been silent for seconds, and is waited
	// for longer because it may ask a person for a password; nil: nobody is told.
	Asking func()

	keyring keyring          // nil means the operating system's
	silence silence          // of that keyring, if it is not the operating system's
	now     func() time.Time // nil means time.Now
}

// Profile is what is not secret about a login. There is one for each proxy
// address.
type Profile struct {
	Proxy    string    `json:"proxy"` // host:port of the proxy's web address; names the profile
	Cluster  string    `json:"cluster"`
	Username string    `json:"username"`
	Auth     string    `json:"auth,omitempty"` // connector that the login named; "" when it was the cluster's default
	Roles    []string  `json:"roles"`
	Expires  time.Time `json:"expires"`
	// Issued is when the login's certificate was issued, which is not when it began
	// to be valid; zero if nobody noted it. Like Expires it is by the cluster's clock.
	Issued time.Time `json:"issued,omitzero"`
	// ClockSkew is how far that clock was ahead of this machine's, in nanoseconds,
	// when they were last compared; 0 for not more than a minute.
	ClockSkew time.Duration `json:"clock_skew,omitempty"`
	// TTL is the lifetime that the login asked for by name, in nanoseconds; 0
	// when it was the cluster's default.
	TTL time.Duration `json:"ttl,omitempty"`

	Store   Backend  `json:"store"`              // where the secrets of this login are; SaveLogin takes "" for Keyring
	HostCAs []string `json:"host_cas,omitempty"` // PEM, one certificate each
	WebCA   string   `json:"web_ca,omitempty"`   // PEM; "" when the system's roots are used

	// LeafCAs are the host CAs of leaf clusters by name, PEM, one certificate
	// each, as far as they were asked for.
	LeafCAs map[string][]string `json:"leaf_cas,omitempty"`
	// ConnUpgrade tells that at the login a load balancer ended TLS before the
	// proxy, so that connections go through a websocket.
	ConnUpgrade bool `json:"conn_upgrade,omitempty"`
	// Assumed is what access requests have given, as far as nobody has dropped it: at
	// most one without Apps. It may be over.
	Assumed []Assumed `json:"assumed,omitempty"`
	// Insecure tells that nobody had verified the proxy when this login was made:
	// whoever answered has named the host CAs. It is not to be trusted where
	// proxies are verified.
	Insecure bool `json:"insecure,omitempty"`
}

// KeyPair is a private key with its certificate.
type KeyPair struct {
	Key  []byte            // PKCS#8, DER
	Cert []byte            // X.509, DER
	Meta map[string]string // not secret, small, such as the URI of an app
}

// backend keeps texts under account names. load returns ErrNotFound when there
// is no whole text; remove succeeds when there is nothing to remove; usable
// finds out, before anything is written, whether the backend can be used.
type backend interface {
	usable(ctx context.Context, account string) error
	load(ctx context.Context, account string) (string, error)
	save(ctx context.Context, account, text string) error
	remove(ctx context.Context, account string) error
}

func (b Backend) orDefault() Backend {
	if b == "" {
		return Keyring
	}
	return b
}

func ignoreNotExist(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func ignoreNotFound(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
