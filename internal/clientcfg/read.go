// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// snapshot is a file at one moment. info is nil if there was none.
type snapshot struct {
	data []byte
	info fs.FileInfo
}

func (s snapshot) same(t snapshot) bool {
	return (s.info == nil) == (t.info == nil) && bytes.Equal(s.data, t.data)
}

// read returns the file at path; that there is none is no error.
func read(path string) (snapshot, error) {
	// Looking first keeps it from waiting for the writer of a named pipe.
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return snapshot{}, nil
	}
	if err != nil {
		return snapshot{}, err
	}
	if !info.Mode().IsRegular() {
		return snapshot{}, ErrNotFile
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return snapshot{}, nil
	}
	if err != nil {
		return snapshot{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return snapshot{}, err
	}
	if len(data) > maxSize {
		return snapshot{}, ErrTooLarge
	}
	return snapshot{data, info}, nil
}

// readSmall reads a file that can only have a line or two.
func readSmall(path string) ([]byte, error) {
	s, err := read(path)
	if err == nil && len(s.data) > 64<<10 {
		err = ErrTooLarge
	}
	return s.data, err
}

// resolve follows the symlinks at path to the file that is to be replaced,
// which need not exist: dotfile managers link config files to their own folder.
func resolve(path string) (string, error) {
	const maxLinks = 40
	for range maxLinks {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		link, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if filepath.IsAbs(link) {
			path = link
			continue
		}
		// A link is relative to the real folder; .. would lead elsewhere from a
		// folder that is a symlink itself.
		folder, err := filepath.EvalSymlinks(filepath.Dir(path))
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, link)
	}
	return "", errors.New("too many symlinks")
}

// makeFolders creates a folder and those above it for this user alone.
func makeFolders(path string) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return fmt.Errorf("%s is not a folder", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(path)
	if err := makeFolders(above); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err = os.Stat(above); err != nil {
		return err
	}
	return giveTo(path, info)
}
