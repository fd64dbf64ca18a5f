// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// fileBackend keeps each credential in one file, replaced as a whole: a line
// with the manifest, a line with the text. As with a private key of ssh, a
// file that others can open is not used.
type fileBackend struct{ dir stateDir }

func (b fileBackend) load(ctx context.Context, account string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	data, err := b.dir.read(b.path(account))
	if err != nil {
		return "", notThere(err)
	}
	head, text, _ := strings.Cut(string(data), "\n")
	m, err := parseManifest(head)
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrNotFound, b.path(account), err)
	}
	return m.join([]string{strings.TrimSuffix(text, "\n")})
}

func (b fileBackend) usable(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := b.path(account)
	if err := b.dir.make(filepath.Dir(path)); err != nil {
		return err
	}
	_, err := plainfile.Check(path, plainfile.Own)
	return ignoreNotExist(inState(writing, err))
}

func (b fileBackend) save(ctx context.Context, account, text string) error {
	if err := b.usable(ctx, account); err != nil {
		return err
	}
	data := newManifest(1, 1, text).String() + "\n" + text + "\n"
	return replace(b.path(account), []byte(data))
}

// remove does not look at modes: a credential that others can read is best
// deleted.
func (b fileBackend) remove(_ context.Context, account string) error {
	return removeFile(b.path(account))
}

func (b fileBackend) path(account string) string {
	return b.dir.path(storeDir, fileName(account)+".cred")
}

// isFileOf knows the files of a proxy by their names, whatever the index says.
func isFileOf(proxy string) func(name string) bool {
	end := strings.TrimPrefix(fileName("x@"+escape(proxy, accountSafe)), "x") + ".cred"
	return func(name string) bool { return strings.HasSuffix(name, end) }
}

func notThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

func removeFile(path string) error {
	return ignoreNotExist(inState(removing, os.Remove(path)))
}
