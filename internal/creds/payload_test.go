// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func FuzzPack(f *testing.F) {
	f.Fuzz(func(t *testing.T, account string, key, cert []byte, name, value string) {
		kp := &KeyPair{Key: key, Cert: cert, Meta: map[string]string{name: value, "uri": "mcp+http://localhost"}}
		text, err := pack(account, kp)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1 + len(text)/maxParts, partSize} {
			m := newManifest(1, len(split(text, size)), text)
			read, err := parseManifest(m.String())
			if err != nil || read != m {
				t.Fatalf("manifest: %+v, %v; want %+v", read, err, m)
			}
			joined, err := read.join(split(text, size))
			if err != nil || joined != text {
				t.Fatalf("join: %v", err)
			}
		}
		got, err := unpack(account, text)
		if err != nil {
			t.Fatal(err)
		}
		if string(got.Key) != string(key) || string(got.Cert) != string(cert) || !maps.Equal(got.Meta, kp.Meta) {
			t.Errorf("%+v, want %+v", got, kp)
		}
		if got, err := unpack(account+"x", text); !errors.Is(err, ErrNotFound) || got != nil {
			t.Errorf("read for another account: %+v, %v", got, err)
		}
	})
}

func FuzzSplit(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string, size uint16) {
		n := int(size) + 1
		parts := split(text, n)
		if strings.Join(parts, "") != text {
			t.Fatal("joined parts differ")
		}
		if want := max(1, (len(text)+n-1)/n); len(parts) != want {
			t.Errorf("%d parts of %d bytes for %d bytes, want %d", len(parts), n, len(text), want)
		}
		for i, p := range parts {
			if len(p) > n || (i+1 < len(parts) && len(p) < n) {
				t.Errorf("part %d of %d has %d bytes, at most %d", i+1, len(parts), len(p), n)
			}
		}
	})
}

// FuzzRead feeds text that may come from anyone who can write to the keyring.
func FuzzRead(f *testing.F) {
	f.Fuzz(func(t *testing.T, text, head string) {
		kp, err := unpack(account, text)
		if (err == nil) == (kp == nil) || (err != nil && !errors.Is(err, ErrNotFound)) {
			t.Errorf("unpack: %v, %v", kp, err)
		}
		m, err := parseManifest(head)
		if err != nil && m != (manifest{}) {
			t.Errorf("manifest: %+v with %v", m, err)
		}
		if joined, err := m.join([]string{text}); err != nil && joined != "" {
			t.Errorf("join: %q with %v", joined, err)
		}
	})
}

func TestCorpora(t *testing.T) {
	for _, name := range []string{"FuzzPack", "FuzzSplit", "FuzzRead", "FuzzFileName"} {
		if seeds, _ := filepath.Glob(filepath.Join("testdata", "fuzz", name, "*")); len(seeds) == 0 {
			t.Errorf("no seeds for %s", name)
		}
	}
	if dirs, err := os.ReadDir(filepath.Join("testdata", "fuzz")); err != nil || len(dirs) != 4 {
		t.Errorf("%d corpora, %v", len(dirs), err)
	}
}

func TestPackBounds(t *testing.T) {
	if _, err := pack(account, &KeyPair{Cert: make([]byte, maxPayload)}); err == nil {
		t.Error("packed more than can be read")
	}
	text, err := pack(account, &KeyPair{Cert: make([]byte, maxPayload-1000)})
	if err != nil {
		t.Fatal(err)
	}
	if kp, err := unpack(account, text); err != nil || len(kp.Cert) != maxPayload-1000 {
		t.Error(err)
	}
	kp, err := unpack(account, mustPack(t, &KeyPair{}))
	if want := (&KeyPair{Key: []byte{}, Cert: []byte{}}); err != nil || !reflect.DeepEqual(kp, want) {
		t.Errorf("%#v, %v", kp, err)
	}
}

func mustPack(t testing.TB, kp *KeyPair) string {
	t.Helper()
	text, err := pack(account, kp)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
