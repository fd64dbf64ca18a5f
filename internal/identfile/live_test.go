// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package identfile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// touch gives a file a time of change of its own: two writes can share one.
func touch(t *testing.T, path string, at time.Time) {
	t.Helper()
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func wantUser(t *testing.T, what string, id *Identity, err error, user string) {
	t.Helper()
	if err != nil || id.Username() != user {
		t.Errorf("%s: %v; want %s", what, err, user)
	}
}

// TestLive follows an identity file through its life.
func TestLive(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	path := filepath.Join(t.TempDir(), "identity")
	var live Live
	now := time.Now()
	if _, err := live.Load(path, now); !errors.Is(err, ErrNotFound) {
		t.Errorf("no file: %v", err)
	}
	write(t, path, ca.file("alice", time.Hour))
	first, err := live.Load(path, now)
	wantUser(t, "first", first, err, "alice")
	if again, err := live.Load(path, now); again != first {
		t.Errorf("a file that did not change was read again: %v", err)
	}

	write(t, path, ca.file("robert", time.Hour))
	touch(t, path, now.Add(time.Minute))
	second, err := live.Load(path, now)
	wantUser(t, "written over", second, err, "robert")

	// The time of change and the size of the old file, as a restored copy has.
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	write(t, path, ca.file("bobbie", time.Hour))
	touch(t, path, now.Add(time.Minute))
	id, err := live.Load(path, now)
	wantUser(t, "replaced", id, err, "bobbie")

	write(t, path, nil)
	id, err = live.Load(path, now)
	wantUser(t, "being written", id, err, "bobbie")
	_, err = live.Load(path, now.Add(2*time.Hour))
	wantMalformed(t, "still empty when the old one has expired", err, path, "it is not an identity file: it does not begin with a private key in PEM form")
	write(t, path, ca.file("carol", time.Hour))
	id, err = live.Load(path, now)
	wantUser(t, "written", id, err, "carol")

	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if id, err := live.Load(path, now); !errors.Is(err, ErrNotFound) || id != nil {
		t.Errorf("taken away: %v", err)
	}
	write(t, path, ca.file("dave", time.Hour))
	id, err = live.Load(path, now)
	wantUser(t, "put back", id, err, "dave")
	if id, err := live.Load(path+".old", now); err != nil || id.Username() != "robert" {
		t.Errorf("another file: %v", err)
	}
}

// TestLiveDirectory replaces certificate and key one after the other, as tbot
// does.
func TestLiveDirectory(t *testing.T) {
	ca := newAuthority(t, "demo-cluster")
	dir := t.TempDir()
	var live Live
	now := time.Now()
	put := func(name string, data []byte, age time.Duration) {
		t.Helper()
		write(t, filepath.Join(dir, name), data)
		touch(t, filepath.Join(dir, name), now.Add(age))
	}
	app := map[[2]int]string{{1, 10}: "notes"}
	key, cert := ca.pair("alice", time.Hour, app)
	put("key", key, 0)
	put("tlscert", cert, 0)
	id, err := live.Load(dir, now)
	wantUser(t, "first", id, err, "alice")

	key, cert = ca.pair("robert", time.Hour, app)
	put("key", key, time.Minute)
	id, err = live.Load(dir, now)
	wantUser(t, "the key is new, the certificate old", id, err, "alice")
	put("tlscert", cert, time.Minute)
	id, err = live.Load(dir, now)
	wantUser(t, "both are new", id, err, "robert")

	put("identity", ca.file("carol", time.Hour), 0)
	id, err = live.Load(dir, now)
	wantUser(t, "an identity file has come", id, err, "carol")
}
