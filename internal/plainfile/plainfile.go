// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package plainfile reads files that must be plain ones, and not whatever else
// was put in their place. It does not wait: a named pipe, a device, a socket and
// a directory are refused as soon as they are seen, and opening does not block
// either when one of them takes the place of the file a moment later. What is
// read has a bound. How far a file is trusted is told by a [Trust].
package plainfile

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Trust is what a file must be like, besides plain. Owners and modes are looked
// at where the system has them: not on Windows, where a user's profile folder is
// closed to others by its access control list.
type Trust int

const (
	// Named is a file that a person has named: anybody may own it.
	Named Trust = iota
	// Given is what another program keeps for this user: it belongs to the user,
	// to root, or to whoever owns its folder (tbot runs as a user of its own),
	// unless all the world may write to that. All the world may not write to the
	// file. Symlinks are followed.
	Given
	// GivenKey is Given for private keys, under ssh's rule: if it is the user's
	// own, nobody else has access to it.
	GivenKey
	// Own is a file of this program: it belongs to the user or to root, nobody
	// else has access to it, and it is no symlink.
	Own
)

// The widest modes.
const (
	OwnMode    fs.FileMode = 0o600 // of Own files
	OwnDirMode fs.FileMode = 0o700 // of the folders with them
	baseMode   fs.FileMode = 0o755 // of the folder with those
	keyMode    fs.FileMode = 0o600 // of a GivenKey that belongs to the user, which may be executable
	givenMode  fs.FileMode = 0o775 // of Given files: those of tsh may be the group's
)

// Read returns the content of the file at path, of at most limit bytes. Its
// errors are *KindError, *OwnerError, *ModeError, *SizeError, *SlowError, and those of
// package fs.
func Read(path string, trust Trust, limit int64) ([]byte, error) {
	f, err := Within(path, func() (*os.File, error) { return Open(path, trust) })
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	var data bytes.Buffer
	data.Grow(int(min(info.Size(), limit)) + bytes.MinRead) // one read then, and one that finds the end
	if _, err := data.ReadFrom(io.LimitReader(Patient(path, f), limit+1)); err != nil {
		return nil, err
	}
	if int64(data.Len()) > limit {
		return nil, &SizeError{Path: path, Limit: limit}
	}
	return data.Bytes(), nil
}

// Open opens a file for reading. What is checked is the file that was opened,
// even if the name is given to another one meanwhile.
func Open(path string, trust Trust) (*os.File, error) {
	if _, err := look(path, trust); err != nil {
		return nil, err
	}
	flags := os.O_RDONLY | noWait
	if trust == Own {
		flags |= noFollow
	}
	f, err := openFile(path, flags, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = check(path, info, trust)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// Append opens an Own file to write at its end, and makes it if there is none.
func Append(path string) (*os.File, error) { return openFile(path, LockFlags|os.O_APPEND, OwnMode) }

// Check finds out whether a file would be read, without opening it. There being
// none is an error of package fs.
func Check(path string, trust Trust) (fs.FileInfo, error) {
	info, err := look(path, trust)
	if err == nil {
		err = check(path, info, trust)
	}
	if err != nil {
		return nil, err
	}
	return info, nil
}

// Stat is [os.Stat] that does not wait for a dead file system, see [Within].
func Stat(path string) (fs.FileInfo, error) {
	return Within(path, func() (fs.FileInfo, error) { return os.Stat(path) })
}

// List is [os.ReadDir] in the same way.
func List(path string) ([]os.DirEntry, error) {
	return Within(path, func() ([]os.DirEntry, error) { return os.ReadDir(path) })
}

// Unchanged tells of what was seen of a file at two times whether it is the same
// file as it was.
func Unchanged(before, now fs.FileInfo) bool {
	return os.SameFile(before, now) && before.Size() == now.Size() && before.ModTime().Equal(now.ModTime())
}

// look comes before anything is opened, because opening alone does something to
// some devices.
func look(path string, trust Trust) (fs.FileInfo, error) {
	stat := os.Stat
	if trust == Own {
		stat = os.Lstat
	}
	info, err := stat(path)
	if err != nil {
		return nil, err
	}
	return info, checkKind(path, info, trust)
}

func check(path string, info fs.FileInfo, trust Trust) error {
	if err := checkKind(path, info, trust); err != nil {
		return err
	}
	switch trust {
	case Own:
		return checkOwn(path, info, OwnMode)
	case Given, GivenKey:
		return checkGiven(path, info, trust == GivenKey)
	}
	return nil
}

func checkGiven(path string, info fs.FileInfo, key bool) error {
	owner := ownerOf(info)
	if key && owner == me() {
		if info.Mode().Perm()&0o077 == 0 {
			return nil
		}
		return checkMode(path, info, keyMode)
	}
	if !trusted(owner) && !ownsFolder(owner, path) {
		return &OwnerError{Path: path, Owner: owner}
	}
	return checkMode(path, info, givenMode)
}

// ownsFolder reports whether the folder of a file is the owner's too, and not
// one into which everybody puts files.
func ownsFolder(owner int, path string) bool {
	info, err := os.Stat(filepath.Dir(path))
	return err == nil && ownerOf(info) == owner && info.Mode().Perm()&0o002 == 0
}

func checkOwn(path string, info fs.FileInfo, widest fs.FileMode) error {
	if owner := ownerOf(info); !trusted(owner) {
		return &OwnerError{Path: path, Owner: owner}
	}
	return checkMode(path, info, widest)
}

// trusted reports whether a file of the owner could have been made by the user,
// or by one who can do everything anyway.
func trusted(owner int) bool { return owner == me() || owner == 0 }

// CheckDir finds out whether a folder of Own files is closed to others. It may
// be named by a symlink.
func CheckDir(path string) error { return checkDir(path, OwnDirMode) }

// CheckBase is CheckDir for a folder that has nothing but such folders in it:
// others may look, and not write.
func CheckBase(path string) error { return checkDir(path, baseMode) }

// MakeDir makes a folder of Own files, which is in the base or is the base itself, if
// need be. Nothing is made in a base that others own or may write to: it would be
// made for them, or where they want to have it.
func MakeDir(base, folder string) error {
	var kind *KindError
	err := CheckBase(base)
	if err == nil || errors.Is(err, fs.ErrNotExist) || errors.As(err, &kind) { // what is no folder, the system says
		_, err = Within(folder, func() (struct{}, error) { return struct{}{}, os.MkdirAll(folder, OwnDirMode) })
	}
	if err != nil || filepath.Clean(folder) == filepath.Clean(base) {
		return err
	}
	return CheckDir(folder)
}

func checkDir(path string, widest fs.FileMode) error {
	info, err := Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &KindError{Path: path, Kind: kindOf(info), Folder: true}
	}
	return checkOwn(path, info, widest)
}

func checkKind(path string, info fs.FileInfo, trust Trust) error {
	kind := kindOf(info)
	switch {
	case !info.Mode().IsRegular():
	case ofKernel(path):
		kind = "made up by the kernel"
	default:
		return nil
	}
	return &KindError{Path: path, Kind: kind, Named: trust != Own}
}

func kindOf(info fs.FileInfo) string {
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return Directory
	case mode&fs.ModeSymlink != 0:
		return "a symlink"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}
