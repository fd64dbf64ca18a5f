// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
)

// Missing is what a command ended with if a sign-in would mend it, else nil.
func Missing(err error) *access.NotLoggedInError {
	var missing *access.NotLoggedInError
	if !errors.As(err, &missing) || missing.Unverified {
		return nil
	}
	return missing
}

// Offer asks a person whether to sign in, and where, if that is not known. It
// returns the proxy's address; "" is a no.
func Offer(ctx context.Context, person Terminal, missing *access.NotLoggedInError) (proxy string, err error) {
	if missing.Proxy == "" {
		typed, err := person.Ask(ctx, sentence(missing)+" Web address of your Teleport proxy (Enter alone cancels): ")
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

// agrees asks a question that Enter alone answers with otherwise.
func agrees(ctx context.Context, person Terminal, question string, otherwise bool) (bool, error) {
	choice := " [y/N] "
	if otherwise {
		choice = " [Y/n] "
	}
	typed, err := person.Ask(ctx, question+choice)
	if err != nil {
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
