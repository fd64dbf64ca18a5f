// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// snapshot is a file at one moment. info is nil if there was none.
type snapshot struct {
	data []byte
	info fs.FileInfo
}

// unchanged returns errChanged if the file at path is not what it was. It takes
// no second piece of memory of the file's size.
func unchanged(path string, old snapshot) error {
	f, err := open(path)
	switch {
	case err != nil:
		return err
	case f == nil && old.info == nil:
		return nil
	case f == nil:
		return errChanged
	}
	defer f.Close()
	if old.info == nil {
		return errChanged
	}
	return sameContent(f, old)
}

// sameContent returns errChanged if a file has something else than old.
func sameContent(f io.Reader, old snapshot) error {
	rest, buf := old.data, make([]byte, 64<<10)
	for {
		n, err := f.Read(buf)
		if !bytes.HasPrefix(rest, buf[:n]) {
			return errChanged
		}
		rest = rest[n:]
		switch {
		case errors.Is(err, io.EOF) && len(rest) == 0:
			return nil
		case errors.Is(err, io.EOF):
			return errChanged
		case err != nil:
			return err
		}
	}
}

// patiently bounds the wait for a file system that hangs. It reads on another thread,
// which who counts the system calls of one does without.
var patiently = plainfile.Patient

// lookPatiently is os.Lstat in the same way. It comes before anything else that is done
// with a file.
var lookPatiently = func(path string) (fs.FileInfo, error) {
	return plainfile.Within(path, func() (fs.FileInfo, error) { return os.Lstat(path) })
}

// read returns the file at path; that there is none is no error.
func read(path string) (snapshot, error) {
	f, err := open(path)
	if f == nil || err != nil {
		return snapshot{}, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return snapshot{}, err
	}
	if info.Size() > maxSize {
		return snapshot{}, ErrTooLarge
	}
	var data bytes.Buffer
	data.Grow(int(info.Size()) + bytes.MinRead)
	if _, err := data.ReadFrom(io.LimitReader(patiently(path, f), maxSize+1)); err != nil {
		return snapshot{}, err
	}
	if data.Len() > maxSize {
		return snapshot{}, ErrTooLarge
	}
	return snapshot{data.Bytes(), info}, nil
}

// open opens the file at path; nil if there is none.
func open(path string) (*os.File, error) {
	f, err := plainfile.Open(path, plainfile.Named)
	var kind *plainfile.KindError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.As(err, &kind):
		return nil, ErrNotFile
	}
	return f, err
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
		info, err := lookPatiently(path)
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
	return "", &fs.PathError{Op: "lstat", Path: path, Err: syscall.ELOOP}
}

// checkWithin returns an *[OutsideError] if target is not in the folder root.
func checkWithin(root, target string) error {
	folder, err := realPath(root)
	if err != nil {
		return err
	}
	file, err := realPath(target)
	if err != nil {
		return err
	}
	if inside, err := filepath.Rel(folder, file); err != nil || !filepath.IsLocal(inside) {
		return &OutsideError{Folder: root, File: file}
	}
	return nil
}

// realPath is an absolute path without links. Its end need not exist, but a link
// that leads nowhere is an error.
func realPath(path string) (string, error) {
	missing := ""
	for {
		found, err := filepath.EvalSymlinks(path)
		if err == nil {
			return filepath.Join(found, missing), nil
		}
		if _, there := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) || there == nil || path == filepath.Dir(path) {
			return "", err
		}
		path, missing = filepath.Dir(path), filepath.Join(filepath.Base(path), missing)
	}
}

// makeFolders creates a folder and those above it.
func makeFolders(path string, mode fs.FileMode) error {
	info, err := os.Stat(path)
	if err == nil && !info.IsDir() {
		return errcode.Errorf(errcode.FileInTheWay, "%s is not a folder", path)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	above := filepath.Dir(path)
	if err := makeFolders(above, mode); err != nil {
		return err
	}
	if err := os.Mkdir(path, mode); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if info, err = os.Stat(above); err != nil {
		return err
	}
	return giveTo(path, info)
}
