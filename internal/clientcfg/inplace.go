// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Why a file is written over and not replaced. A container gets single files
// mounted, and nothing can take the place of one; a file with several names would
// have the new content under one of them only.
const (
	mountedAlone = "it is a mount of its own, so that it cannot be replaced"
	severalNames = "it has several names (hard links), which should stay one file"
)

// isMounted reports whether a rename failed because of what is mounted at the
// target.
func isMounted(err error) bool {
	return errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EXDEV)
}

// DamagedError: a file could be written over only in part. Its old content is in
// the backup.
type DamagedError struct {
	Backup string // path
	Err    error
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("only part of the file was written: %v; its old content is in %s", e.Err, e.Backup)
}
func (e *DamagedError) Unwrap() error           { return e.Err }
func (e *DamagedError) ErrorCode() errcode.Code { return errcode.ConfigDamaged }

// overwrite writes data, which staged has too, over the old content of target,
// unless that is another file or content by now. A crash can leave a part of it,
// so the caller has made a backup.
func overwrite(staged *atomicfile.Staged, target string, data []byte, old snapshot) error {
	f, err := os.OpenFile(target, os.O_RDWR|openNoFollow, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if !os.SameFile(info, old.info) {
		return errChanged
	}
	if err := sameContent(f, old); err != nil {
		return err
	}
	if err := writeOver(f, data, old.data); err != nil {
		return err
	}
	// Should this fail, the next write uses the name up.
	_ = staged.Discard()
	return nil
}

// writeOver puts data in the place of old, or old back.
func writeOver(f overwritten, data, old []byte) error {
	err := fillFile(f, data)
	if err == nil {
		return nil
	}
	if back := fillFile(f, old); back != nil {
		return &DamagedError{Err: errors.Join(err, back)}
	}
	return err
}

// overwritten is the part of [os.File] that fillFile uses; tests have some that fail.
type overwritten interface {
	WriteAt([]byte, int64) (int, error)
	Truncate(int64) error
	Sync() error
}

func fillFile(f overwritten, data []byte) error {
	if _, err := f.WriteAt(data, 0); err != nil {
		return err
	}
	if err := f.Truncate(int64(len(data))); err != nil {
		return err
	}
	return f.Sync()
}
