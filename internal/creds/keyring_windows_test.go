// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func init() {
	children["read entry"] = func(_ context.Context, args []string) error {
		secret, err := osKeyring{}.get(args[0])
		fmt.Print(secret)
		return err
	}
}

// maxWineName is how long the name of an entry may be in Wine, which keeps entries
// in its registry. Windows takes all that TestFullEntry knows.
const maxWineName = 255 - len("Generic: "+service+":")

// TestCredentialManager writes entries into the real credential store: small ones,
// the longest part under a long account, and one byte more than it takes.
func TestCredentialManager(t *testing.T) {
	long := strings.Repeat("x", 300)
	longest := partName(appAccount(&Profile{Proxy: long, Username: long}, App{long, long}), 2, maxParts)
	longest = longest[len(longest)-maxWineName:]
	for _, tc := range []struct {
		name, account string
		size          int
		refused       bool
	}{
		{"small", "login alice@test part a1", 1, false},
		{"the longest part", longest, partSize, false},
		{"the longest entry", "login alice@test part a2", maxWindowsBlob, false},
		{"too long", "login alice@test part a3", maxWindowsBlob + 1, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var k osKeyring
			secret := strings.Repeat("x", tc.size)
			err := k.set(tc.account, secret)
			t.Cleanup(func() { _ = k.delete(tc.account) })
			if tc.refused {
				if _, got := k.get(tc.account); err == nil || !errors.Is(got, ErrNotFound) {
					t.Errorf("stored: %v, and then read: %v", err, got)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := runChild(t, nil, "read entry", tc.account); got != secret {
				t.Errorf("another process reads %d characters, want %d", len(got), len(secret))
			}
			if err := k.delete(tc.account); err != nil {
				t.Fatal(err)
			}
			if _, err := k.get(tc.account); !errors.Is(err, ErrNotFound) {
				t.Errorf("after it was deleted it is read: %v", err)
			}
		})
	}
}

// TestCredentialManagerLogin keeps a login of many parts, replaces it and removes it.
func TestCredentialManagerLogin(t *testing.T) {
	b := keyringBackend{timedKeyring{keyring: osKeyring{}, timeout: defaultTimeout, silence: &silence{}}}
	const account = "login alice@test"
	for _, size := range []int{10 * partSize, partSize, 0} {
		text := strings.Repeat("x", size)
		if err := b.save(t.Context(), account, text); err != nil {
			t.Fatal(err)
		}
		if got, err := b.load(t.Context(), account); err != nil || got != text {
			t.Errorf("%d characters come back as %d, %v", size, len(got), err)
		}
	}
	if err := b.remove(t.Context(), account); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{account, partName(account, 1, 1), partName(account, 2, 1), partName(account, 1, 10)} {
		if _, err := (osKeyring{}).get(name); !errors.Is(err, ErrNotFound) {
			t.Errorf("%q is still there: %v", name, err)
		}
	}
}
