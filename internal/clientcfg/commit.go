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
//
// A file that cannot be replaced is written in place; why is what commit returns.
func (w *writer) commit(staged *atomicfile.Staged, target string, data []byte, old snapshot) (inPlace string, err error) {
	if w.beforeRename != nil {
		w.beforeRename()
	}
	if err := unchanged(target, old); err != nil {
		return "", err
	}
	if w.afterLook != nil {
		w.afterLook()
	}
	if old.info == nil {
		err := staged.CommitNew(target)
		if errors.Is(err, fs.ErrExist) {
			return "", errChanged
		}
		return "", err
	}
	if links(target) > 1 {
		return severalNames, overwrite(staged, target, data, old)
	}
	err = staged.Exchange(target)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", errChanged // it has been taken away
	case err == nil:
		return "", settle(staged, target, data, old)
	case !isMounted(err):
		err = staged.Commit(target)
	}
	if isMounted(err) {
		return mountedAlone, overwrite(staged, target, data, old)
	}
	return "", err
}

// settle looks at the file that has made room for ours. If it is not the old
// one, somebody has written meanwhile, and it goes back to its place.
func settle(staged *atomicfile.Staged, target string, data []byte, old snapshot) error {
	err := unchanged(staged.Name, old)
	if err == nil {
		// Should this fail, the next write uses the name up.
		_ = staged.Discard()
		atomicfile.SyncFolder(filepath.Dir(target))
		return nil
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
