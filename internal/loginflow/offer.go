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
	text := missing.Error()
	text = strings.ToUpper(text[:1]) + text[1:]
	if missing.Proxy == "" {
		typed, err := person.Ask(ctx, text+". Web address of your Teleport proxy (Enter alone cancels): ")
		return strings.TrimSpace(typed), err
	}
	typed, err := person.Ask(ctx, text+". Sign in now? [Y/n] ")
	if err != nil {
		return "", err
	}
	switch strings.ToLower(strings.TrimSpace(typed)) {
	case "", "y", "yes":
		return missing.Address(), nil
	}
	return "", nil
}
