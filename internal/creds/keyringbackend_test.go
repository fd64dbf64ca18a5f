// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"
)

const account = "login alice@proxy.example.com:443"

func memoryBackend(t testing.TB) (*memoryKeyring, keyringBackend) {
	k := newMemoryKeyring(t)
	return k, keyringBackend{timedKeyring{k, time.Minute, new(silence), nil}}
}

// textOf returns text that fills the given number of parts.
func textOf(letter string, parts int) string {
	return strings.Repeat(letter, partSize*parts-7)
}

var errCut = errors.New("the process was killed")

// cutAfter lets n changes through and fails everything after them.
func cutAfter(n int) func(op, account string) error {
	return func(op, account string) error {
		if n == 0 {
			return errCut
		}
		if op != "get" {
			n--
		}
		return nil
	}
}

// TestTornSave cuts a write off after each single change, for all numbers of
// parts before and after it.
func TestTornSave(t *testing.T) {
	for before := range 4 {
		for after := 1; after < 5; after++ {
			for changes := 0; ; changes++ {
				if done := tornSave(t, before, after, changes); done {
					break
				}
			}
		}
	}
}

func tornSave(t *testing.T, before, after, changes int) (done bool) {
	name := fmt.Sprintf("%d parts, then %d, cut after %d changes", before, after, changes)
	ctx := t.Context()
	k, b := memoryBackend(t)
	old := ""
	if before > 0 {
		old = textOf("o", before)
		mustSave(t, b, old)
	}
	whole := textOf("n", after)
	k.before = cutAfter(changes)
	err := b.save(ctx, account, whole)
	cut := k.before("get", "") != nil
	k.before = nil

	got, loadErr := b.load(ctx, account)
	switch {
	case err == nil && (loadErr != nil || got != whole):
		t.Errorf("%s: saved, but loaded %d characters, %v", name, len(got), loadErr)
	case err != nil && old == "" && !errors.Is(loadErr, ErrNotFound):
		t.Errorf("%s: loaded %d characters, %v; want ErrNotFound", name, len(got), loadErr)
	case err != nil && old != "" && (loadErr != nil || got != old):
		t.Errorf("%s: loaded %d characters, %v; want the old text", name, len(got), loadErr)
	}

	mustSave(t, b, textOf("x", 2))
	if got := k.accounts(); len(got) != 3 {
		t.Errorf("%s: after another save of two parts there is %q", name, got)
	}
	return !cut
}

// TestTornRemove cuts a removal off after each single change, starting from a
// torn write so that both sets hold parts.
func TestTornRemove(t *testing.T) {
	for changes := 0; ; changes++ {
		k, b := memoryBackend(t)
		mustSave(t, b, textOf("o", 3))
		k.before = cutAfter(4)
		if err := b.save(t.Context(), account, textOf("n", 6)); err == nil {
			t.Fatal("the write was not cut off")
		}
		k.before = cutAfter(changes)
		err := b.remove(t.Context(), account)
		k.before = nil
		if got, err := b.load(t.Context(), account); changes > 0 && !errors.Is(err, ErrNotFound) {
			t.Errorf("after %d changes: %d characters, %v; want ErrNotFound", changes, len(got), err)
		}
		if err := b.remove(t.Context(), account); err != nil {
			t.Errorf("after %d changes: %v", changes, err)
		}
		if left := k.accounts(); len(left) > 0 {
			t.Errorf("after %d changes: the second removal left %q", changes, left)
		}
		if err == nil {
			break
		}
	}
}

// TestDamage deletes, empties, shortens and exchanges each entry.
func TestDamage(t *testing.T) {
	k, b := memoryBackend(t)
	mustSave(t, b, textOf("o", 3))
	mustSave(t, b, textOf("n", 3))
	if err := b.save(t.Context(), "other", textOf("m", 3)); err != nil {
		t.Fatal(err)
	}
	whole := maps.Clone(k.entries)
	for name := range whole {
		if !strings.HasPrefix(name, account) {
			continue
		}
		foreign := whole["other"+strings.TrimPrefix(name, account)]
		if foreign == "" {
			foreign = whole["other part a1"]
		}
		for what, damage := range map[string]func(){
			"deleted":   func() { delete(k.entries, name) },
			"emptied":   func() { k.entries[name] = "" },
			"shortened": func() { k.entries[name] = whole[name][:len(whole[name])-1] },
			"exchanged": func() { k.entries[name] = foreign },
			"grown":     func() { k.entries[name] += "n" },
		} {
			damage()
			if text, err := b.load(t.Context(), account); !errors.Is(err, ErrNotFound) || text != "" {
				t.Errorf("%s %s: %d characters, %v; want ErrNotFound", name, what, len(text), err)
			}
			maps.Copy(k.entries, whole)
		}
	}
	for name := range whole {
		delete(k.entries, name)
		if err := b.remove(t.Context(), account); err != nil {
			t.Errorf("remove without %q: %v", name, err)
		}
		for _, left := range k.accounts() {
			if strings.HasPrefix(left, account) {
				t.Errorf("remove without %q left %q", name, left)
			}
		}
		maps.Copy(k.entries, whole)
	}
}

// TestReplacedWhileRead has a writer come in between the manifest and the
// parts.
func TestReplacedWhileRead(t *testing.T) {
	k, b := memoryBackend(t)
	mustSave(t, b, textOf("o", 3))
	var once sync.Once
	k.before = func(op, account string) error {
		if op == "get" && strings.HasSuffix(account, " part a2") {
			once.Do(func() { mustSave(t, b, textOf("n", 2)) })
		}
		return nil
	}
	if got, err := b.load(t.Context(), account); err != nil || got != textOf("n", 2) {
		t.Errorf("%d characters, %v; want the new text", len(got), err)
	}
}

// TestReadersAndWriter checks that readers without a lock see whole texts only.
func TestReadersAndWriter(t *testing.T) {
	_, b := memoryBackend(t)
	mustSave(t, b, textOf("a", 3))
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for ctx.Err() == nil {
				text, err := b.load(t.Context(), account)
				if err != nil && !errors.Is(err, ErrNotFound) {
					t.Error(err)
				}
				if text != "" && strings.Trim(text, text[:1]) != "" {
					t.Errorf("a mixture: %.20s...", text)
				}
			}
		})
	}
	for i := range 200 {
		mustSave(t, b, textOf(string(rune('a'+i%26)), 1+i%4))
	}
	stop()
	readers.Wait()
}

func TestTooManyParts(t *testing.T) {
	k, b := memoryBackend(t)
	if err := b.save(t.Context(), account, textOf("n", maxParts+1)); err == nil {
		t.Error("no error")
	}
	mustSave(t, b, textOf("n", maxParts))
	if err := b.remove(t.Context(), account); err != nil || len(k.accounts()) > 0 {
		t.Errorf("%v, left %q", err, k.accounts())
	}
}

func mustSave(t testing.TB, b keyringBackend, text string) {
	t.Helper()
	if err := b.save(t.Context(), account, text); err != nil {
		t.Fatal(err)
	}
}
