// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

func TestOffer(t *testing.T) {
	port := &access.NotLoggedInError{Proxy: "a.test:443", AnyPort: true}
	over := &access.NotLoggedInError{Proxy: "a.test:3080", Expired: time.Now()}
	none := &access.NotLoggedInError{}
	for _, test := range []struct {
		missing            *access.NotLoggedInError
		answer, asks, want string
	}{
		{port, "", "Not logged in to a.test:443. Sign in now? [Y/n] ", "a.test"},
		{over, "y", "Sign in now?", "a.test:3080"},
		{over, "n", "The login to a.test:3080 expired at ", ""},
		{over, "what", "Sign in now?", ""},
		{none, " b.test ", "Web address of your Teleport proxy", "b.test"},
		{none, "", "Enter alone cancels", ""},
		{none, ended, "Enter alone cancels", ""},
		{over, ended, "Sign in now? [Y/n] ", ""},
	} {
		person := &typist{answer: test.answer}
		got, err := ask(t.Context(), person, missingLogin(fmt.Errorf("x: %w", test.missing)))
		if err != nil || got != test.want || len(person.asked) != 1 || !strings.Contains(person.asked[0], test.asks) {
			t.Errorf("%+v: %q, %v, asked %q", test.missing, got, err, person.asked)
		}
	}
	for _, err := range []error{nil, errors.New("x"), &access.NotLoggedInError{Proxy: "a", Unverified: true}} {
		if missingLogin(err) != nil {
			t.Errorf("%v: a sign-in is offered", err)
		}
	}
}
