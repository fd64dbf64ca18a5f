// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"errors"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// HasFactor tells whether the certificate was issued with a second factor.
func (c *AppCert) HasFactor() bool { return teleport.HasFactor(c.Leaf) }

// Life is from the certificate's issue to its end.
func (c *AppCert) Life() time.Duration { return c.Leaf.NotAfter.Sub(IssuedAt(c.Leaf)) }

// storeTime is how long a certificate that a person has confirmed waits to be
// stored, before it is used.
const storeTime = 5 * time.Second

// Challenge asks the cluster for a second factor for one certificate, whose answer
// is awaited at callbackURL.
func Challenge(ctx context.Context, c *Cluster, callbackURL string) (challenge *teleport.SessionChallenge, err error) {
	err = c.Ask(ctx, func(at Auths) error {
		challenge, err = at.Root.SessionChallenge(ctx, callbackURL)
		return err
	})
	return challenge, err
}

// Version is the cluster's release, empty if it does not tell.
func Version(ctx context.Context, c *Cluster) string { return versionOf(ctx, c.Root()) }

// StoreApp stores a certificate that a person has confirmed. Others who wait for the
// same find it in the store, so that it is put there at once, if that can be.
func StoreApp(ctx context.Context, c *Cluster, cert *AppCert) {
	limited, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if err := SaveApp(limited, c, cert); err != nil {
		keepApp(ctx, c, cert)
	}
}

// AppUntil is until when the stored certificate of an app is valid, the zero time if
// there is none or that is not known. No keyring is asked.
func AppUntil(c *Cluster, name string) time.Time {
	until, err := c.AppsUntil()
	if err != nil {
		return time.Time{}
	}
	return until[c.app(name)]
}

// MFANeededError means that the cluster wants a second factor for each session with
// the app, and that there is no certificate that was issued with one.
type MFANeededError struct {
	Name  string
	Leaf  string // the leaf cluster that has the app, or empty
	Proxy string
	From  Origin // of the identity; only with a login of tshmcp's own is one got
}

func mfaNeeded(c *Cluster, name string) *MFANeededError {
	return &MFANeededError{Name: name, Leaf: c.Leaf, Proxy: c.Profile.Proxy, From: c.From}
}

// NeedsFactor returns the *MFANeededError in err's chain, or nil.
func NeedsFactor(err error) *MFANeededError {
	var needed *MFANeededError
	errors.As(err, &needed)
	return needed
}

func (e *MFANeededError) Error() string {
	return e.Name + " needs a second factor for each session (per-session MFA)"
}

// Command is the command line that gives it.
func (e *MFANeededError) Command() string {
	args := []string{"tshmcp", "login", "--proxy=" + e.Proxy, "--app=" + e.Name}
	if e.Leaf != "" {
		args = append(args, "--cluster="+e.Leaf)
	}
	return plain.Command(args...)
}

func (e *MFANeededError) Hints() []string {
	if e.From == FromFile {
		return []string{"nobody can confirm for an identity file: ask your Teleport administrator for a role that allows " + e.Name + " without require_session_mfa"}
	}
	return []string{
		"run: " + e.Command() + " and confirm in the browser",
		"Teleport takes a passkey, a security key or the single sign-on for it, and no codes of an authenticator app (TOTP)",
	}
}
func (e *MFANeededError) ExitCode() int           { return exitError }
func (e *MFANeededError) ErrorCode() errcode.Code { return errcode.MFARequired }
