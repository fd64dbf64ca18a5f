// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

// commit puts staged, which has data, in the place of target, unless that is not
// the old file any more.
//
// Other programs know nothing of our lock. Looking at the file once more leaves
// a moment in which one of them can write, and one that writes every few
// milliseconds does hit it. So the two files change places where the system can
// do that: what comes out is what has been replaced, and nobody can write it
// any more.
func (w writer) commit(staged *atomicfile.Staged, target string, data []byte, old snapshot) error {
	if w.beforeRename != nil {
		w.beforeRename()
	}
	now, err := read(target)
	if err != nil {
		return err
	}
	if !now.same(old) {
		return errChanged
	}
	if w.afterLook != nil {
		w.afterLook()
	}
	if old.info == nil {
		err := staged.CommitNew(target)
		if errors.Is(err, fs.ErrExist) {
			return errChanged
		}
		return err
	}
	err = staged.Exchange(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errChanged // it has been taken away
	case err != nil:
		return staged.Commit(target)
	}
	return settle(staged, target, data, old)
}

// settle looks at the file that has made room for ours. If it is not the old
// one, somebody has written meanwhile, and it goes back to its place.
func settle(staged *atomicfile.Staged, target string, data []byte, old snapshot) error {
	replaced, err := read(staged.Name)
	if err == nil && replaced.same(old) {
		// Should this fail, the next write uses the name up.
		_ = staged.Discard()
		atomicfile.SyncFolder(filepath.Dir(target))
		return nil
	}
	if err == nil {
		err = errChanged
	}
	if back := staged.Exchange(target); back != nil {
		kept := staged.Name
		staged.Name = "" // not to be removed
		return errors.Join(err, fmt.Errorf("%s has what another program has just written: %w", kept, back))
	}
	ours, readErr := read(staged.Name)
	if readErr == nil && !bytes.Equal(ours.data, data) {
		// Once more within this moment: the newest is to stay.
		return errors.Join(err, staged.Exchange(target))
	}
	return err
}
