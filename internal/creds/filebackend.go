// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

const (
	dirMode  fs.FileMode = 0o700
	fileMode fs.FileMode = 0o600
)

// fileBackend keeps each credential in one file, replaced as a whole: a line
// with the manifest, a line with the text. As with a private key of ssh, a
// file that others can open is not used.
type fileBackend struct{ dir string }

func (b fileBackend) load(ctx context.Context, account string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if err := checkDir(b.dir); err != nil {
		return "", notThere(err)
	}
	data, err := readPrivate(b.path(account))
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
	if err := os.MkdirAll(b.dir, dirMode); err != nil {
		return err
	}
	if err := checkDir(b.dir); err != nil {
		return err
	}
	info, err := os.Stat(b.path(account))
	if err != nil {
		return ignoreNotExist(err)
	}
	return checkMode(b.path(account), info, fileMode)
}

func (b fileBackend) save(ctx context.Context, account, text string) error {
	if err := b.usable(ctx, account); err != nil {
		return err
	}
	data := newManifest(1, 1, text).String() + "\n" + text + "\n"
	return atomicfile.Write(b.path(account), []byte(data), fileMode)
}

// remove does not look at modes: a credential that others can read is best
// deleted.
func (b fileBackend) remove(_ context.Context, account string) error {
	return removeFile(b.path(account))
}

func (b fileBackend) path(account string) string {
	return filepath.Join(b.dir, fileName(account)+".cred")
}

func checkDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	return checkMode(dir, info, dirMode)
}

// readPrivate reads the file it has checked, even if the name is given to
// another meanwhile.
func readPrivate(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if err := checkMode(path, info, fileMode); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, 2*maxPayload))
}

func notThere(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return err
}

func removeFile(path string) error {
	return ignoreNotExist(os.Remove(path))
}
