// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a keyring in memory, with the limits of all platforms.

package creds

import (
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
)

// memoryKeyring is a keyring with the limits of all platforms at once: what
// fits into it fits anywhere. Like the credential manager of Windows it
// compares names without regard to case.
type memoryKeyring struct {
	t      testing.TB
	before func(op, account string) error // may be nil, fail or block

	mu      sync.Mutex
	entries map[string]string
}

func newMemoryKeyring(t testing.TB) *memoryKeyring {
	return &memoryKeyring{t: t, entries: map[string]string{}}
}

func (k *memoryKeyring) get(account string) (string, error) {
	if err := k.ask("get", account); err != nil {
		return "", err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if secret, ok := k.entries[strings.ToLower(account)]; ok {
		return secret, nil
	}
	return "", ErrNotFound
}

func (k *memoryKeyring) set(account, secret string) error {
	if err := k.ask("set", account); err != nil {
		return err
	}
	if size := macCommand(account, secret); size > maxMacCommand {
		k.t.Errorf("%q: command of %d bytes on macOS", account, size)
	}
	if len(secret) > maxWindowsBlob || len(utf16.Encode([]rune(account))) > maxWindowsUser {
		k.t.Errorf("%q: %d characters with %d bytes on Windows", account, len(account), len(secret))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.entries[strings.ToLower(account)] = secret
	return nil
}

func (k *memoryKeyring) delete(account string) error {
	if err := k.ask("delete", account); err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, ok := k.entries[strings.ToLower(account)]; !ok {
		return ErrNotFound
	}
	delete(k.entries, strings.ToLower(account))
	return nil
}

func (k *memoryKeyring) ask(op, account string) error {
	if k.before == nil {
		return nil
	}
	return k.before(op, account)
}

// accounts returns the names of all entries, sorted.
func (k *memoryKeyring) accounts() []string {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Sorted(maps.Keys(k.entries))
}

const (
	maxWindowsBlob = 2560 // CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes; go-keyring passes the string's bytes
	maxWindowsUser = 512  // CRED_MAX_USERNAME_LENGTH less the final zero, in UTF-16 units; the account is passed as user name
	maxMacCommand  = 4095 // go-keyring takes 4,096 bytes, "security -i" reads lines of at most 4,095
)

// macCommand is the length of the line that go-keyring writes to "security -i"
// on macOS.
func macCommand(account, secret string) int {
	encoded := "go-keyring-base64:" + base64.StdEncoding.EncodeToString([]byte(secret))
	return len("add-generic-password -U -s tshmcp -a '' -w " + account + encoded + "\n")
}
