// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"cmp"
	"context"
	"errors"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// Offer carries something out that needs a login, and maybe a second factor. Where the
// one is missing, or has expired, a person at a terminal may sign in, for the other the
// browser opens, and it is carried out again.
type Offer struct {
	Attended bool // somebody reads what comes of it; else nobody is asked
	Terminal func() (Terminal, func() error, error)
	SignIn   func(ctx context.Context, proxy string) error
	Cluster  func() (*access.Cluster, error) // where the second factor is given
	Gate     func() *signin.Gate             // by which it is got
}

// Do carries do out, and returns its error where nothing that is got mends that.
func (o Offer) Do(ctx context.Context, do func() error) error {
	err := do()
	if err == nil || !o.Attended {
		return err
	}
	missing := missingLogin(err)
	if missing == nil {
		return o.prove(ctx, err, do)
	}
	tty, leave, failed := o.Terminal()
	if failed != nil {
		return err
	}
	defer leave()
	proxy, failed := ask(ctx, tty, missing)
	if failed != nil || proxy == "" {
		return cmp.Or(failed, err)
	}
	if err := o.SignIn(ctx, proxy); err != nil {
		return err
	}
	return o.prove(ctx, do(), do)
}

// prove has the second factor given that err says is missing, if it does: in one tab
// for it and all bridges, and not for a while after one that came to nothing.
func (o Offer) prove(ctx context.Context, err error, do func() error) error {
	missing := access.NeedsFactor(err)
	if missing == nil {
		return err
	}
	c, err := o.Cluster()
	if err != nil {
		return err
	}
	if err := o.Gate().Prove(ctx, c, missing); err != nil {
		return err
	}
	return do()
}

// missingLogin is what a command ended with if a sign-in would mend it, else nil.
func missingLogin(err error) *access.NotLoggedInError {
	var missing *access.NotLoggedInError
	if !errors.As(err, &missing) || missing.Unverified {
		return nil
	}
	return missing
}

// ask asks a person whether to sign in, and where, if that is not known. It
// returns the proxy's address; "" is a no.
func ask(ctx context.Context, person Terminal, missing *access.NotLoggedInError) (proxy string, err error) {
	if missing.Proxy == "" {
		typed, err := person.Ask(ctx, sentence(missing)+" Web address of your Teleport proxy (Enter alone cancels): ")
		if errors.Is(err, io.EOF) { // Ctrl-D cancels, too
			err = nil
		}
		return strings.TrimSpace(typed), err
	}
	if yes, err := agrees(ctx, person, sentence(missing)+" Sign in now?", true); !yes {
		return "", err
	}
	return missing.Address(), nil
}

// sentence is what an error says, as the beginning of a question.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// agrees asks a question that Enter alone answers with otherwise, and the end of the
// input with no.
func agrees(ctx context.Context, person Terminal, question string, otherwise bool) (bool, error) {
	choice := " [y/N] "
	if otherwise {
		choice = " [Y/n] "
	}
	typed, err := person.Ask(ctx, question+choice)
	switch {
	case errors.Is(err, io.EOF):
		return false, nil
	case err != nil:
		return false, err
	}
	switch strings.ToLower(strings.TrimSpace(typed)) {
	case "y", "yes":
		return true, nil
	case "":
		return otherwise, nil
	}
	return false, nil
}
