// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

// Options are the choices of one write. The zero value is the careful one.
type Options struct {
	Remove      []string         // names of entries that go with a write
	Force       bool             // replace, or remove, entries of other programs
	Self        string           // path of this program: entries that run it are ours, whatever its name
	Now         func() time.Time // names the backup; nil: time.Now
	LockTimeout time.Duration    // for another tshmcp to finish; 0: 10 s
	JSON        JSONStyle        // how what is added to a JSON file looks; "": as the rest of the file
	Planned     *Planned         // what Preview has made of the file; nil: nothing
	Shared      bool             // others are to read what is created: modes as the umask has them
	Within      string           // absolute path of the folder that the file must be in, links followed; "": anywhere

	beforeRename func() // tests only: runs when all is ready for the rename
	afterLook    func() // tests only: runs when the file has been looked at for the last time
}

// JSONStyle is how new text in a JSON file looks. What is there already stays as
// it is in every style.
type JSONStyle string

// The styles of JSON, by their names in --json-format.
const (
	JSONAuto    JSONStyle = "auto"    // as the rest of the file
	JSONPretty  JSONStyle = "pretty"  // each member on its own line
	JSONCompact JSONStyle = "compact" // on one line without blanks
	JSONNone    JSONStyle = "none"    // the same: nothing is spent on looks
)

// JSONStyles are all styles.
var JSONStyles = []JSONStyle{JSONAuto, JSONPretty, JSONCompact, JSONNone}

// Planned is an edit that is not written yet.
type Planned struct {
	Before []byte // what the file has; nil if there is none
	After  []byte // what it will have; equal to Before if there is nothing to do
}

// Result says what a write did.
type Result struct {
	Path    string // the file, as the caller named it
	Backup  string // copy of the old content; "" if there was none to keep
	Changed bool   // false: everything was there already, nothing was written
	InPlace string // why the file was not replaced in one step but written over; "" if it was
}

const (
	maxSize  = 64 << 20 // bytes; the largest config files known have a few MB
	maxTries = 10       // how often to start again when the file changes meanwhile
	newMode  = 0o600    // a config file may hold secrets of other servers

	sharedMode = 0o644 // of a project's file, less what the umask takes away
)

// change completes ch.
func (o Options) change(ch change) change {
	ch.force, ch.look, ch.remove = o.Force, o.JSON, append(ch.remove, o.Remove...)
	if o.Self != "" {
		ch.self = []string{o.Self}
	}
	return ch
}

// writer carries out one write.
type writer struct {
	Options
	edit func([]byte) ([]byte, error)
}

func (w *writer) run(ctx context.Context, path string) (Result, error) {
	target, err := w.target(path)
	if err != nil {
		return Result{}, err
	}
	// A first look without the lock: if there is nothing to do, or it cannot be
	// done, then nothing is created, not even for a moment.
	old, err := read(target)
	if err != nil {
		return Result{}, err
	}
	if _, changed, err := w.edited(old); err != nil || !changed {
		tidy(ctx, target)
		return Result{}, err
	}
	if err := makeFolders(filepath.Dir(target), w.folderMode()); err != nil {
		return Result{}, err
	}
	unlock, err := lock(ctx, target, w.LockTimeout)
	if err != nil {
		return Result{}, err
	}
	defer unlock()
	for range maxTries {
		if result, err := w.try(ctx, target); !errors.Is(err, errChanged) {
			return result, err
		}
	}
	return Result{}, ErrBusy
}

// target is the file that path, or a symlink there, stands for.
func (w *writer) target(path string) (string, error) {
	target, err := resolve(path)
	if err == nil && w.Within != "" {
		err = checkWithin(w.Within, target)
	}
	return target, err
}

// errChanged: the file is not what it was when the edit began.
var errChanged = errors.New("the file has changed")

// try edits the file once. It expects to hold the lock.
func (w *writer) try(ctx context.Context, target string) (Result, error) {
	sweep(target)
	old, err := read(target)
	if err != nil {
		return Result{}, err
	}
	data, changed, err := w.edited(old)
	if err != nil || !changed {
		return Result{}, err
	}
	result := Result{Changed: true}
	staged, err := w.stage(hidden(target, newSuffix), data, old)
	if err == nil {
		result.Backup, err = w.saveBackup(target, old)
	}
	if err == nil {
		err = ctx.Err() // the last moment at which a signal can keep the file as it is
	}
	if err == nil {
		result.InPlace, err = w.commit(staged, target, data, old)
	}
	var damaged *DamagedError
	switch {
	case errors.As(err, &damaged):
		damaged.Backup = result.Backup
		return Result{}, errors.Join(err, staged.Discard())
	case err != nil:
		return Result{}, errors.Join(err, staged.Discard(), discard(result.Backup))
	}
	pruneBackups(target)
	return result, nil
}

// discard removes a file of ours, if there is one.
func discard(path string) error {
	if path == "" {
		return nil
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// edited is what the file is to have. What was made of the same content before
// is not made again.
func (w *writer) edited(old snapshot) (data []byte, changed bool, err error) {
	if p := w.Planned; p == nil || !bytes.Equal(p.Before, old.data) {
		after, err := w.edit(old.data)
		if err != nil {
			return nil, false, err
		}
		w.Planned = &Planned{Before: old.data, After: after}
	}
	if bytes.Equal(w.Planned.After, old.data) {
		return nil, false, nil
	}
	if old.info != nil && old.info.Mode().Perm()&0o200 == 0 {
		return nil, false, ErrReadOnly
	}
	return w.Planned.After, true, nil
}

// tidy is sweep where there is something to remove, and nobody who may be about to use it.
func tidy(ctx context.Context, target string) {
	for _, suffix := range []string{newSuffix, backupNewSuffix, lockSuffix} {
		if _, err := os.Lstat(hidden(target, suffix)); err != nil {
			continue
		}
		if unlock, err := lock(ctx, target, 0); err == nil {
			sweep(target)
			unlock()
		}
		return
	}
}

// sweep removes what a killed process has left beside target, which may be an old
// file with what is secret in it. Nobody but who holds the lock makes such files.
func sweep(target string) {
	for _, suffix := range []string{newSuffix, backupNewSuffix} {
		_ = os.Remove(hidden(target, suffix)) // what makes it anew says why it cannot
	}
}

// The suffixes of passing files.
const (
	newSuffix       = "tshmcp-new"
	backupNewSuffix = "tshmcp-bak"
	lockSuffix      = "tshmcp-lock"
)

// hidden is the name of a passing file beside target. It is fixed, so that what
// a killed process leaves is found by the next one.
func hidden(target, suffix string) string {
	return filepath.Join(filepath.Dir(target), "."+filepath.Base(target)+"."+suffix)
}

func (w *writer) folderMode() fs.FileMode {
	if w.Shared {
		return 0o755
	}
	return 0o700
}

// stage writes a file that is to take the place of old, or to go beside it: with
// its mode and owner, or those for a new file.
func (w *writer) stage(name string, data []byte, old snapshot) (*atomicfile.Staged, error) {
	how, mode := atomicfile.Stage, fs.FileMode(newMode)
	switch {
	case old.info != nil:
		mode = old.info.Mode().Perm()
	case w.Shared:
		how, mode = atomicfile.StageNew, sharedMode
	}
	staged, err := how(name, data, mode)
	if err != nil {
		return nil, err
	}
	like := old.info
	if like == nil {
		if like, err = os.Stat(filepath.Dir(name)); err != nil {
			return nil, errors.Join(err, staged.Discard())
		}
	}
	if err := giveTo(staged.Name, like); err != nil {
		return nil, errors.Join(err, staged.Discard())
	}
	return staged, nil
}
