// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Write edits the file at path as [Client.Edit] does and puts the result in its
// place in one step; a reader sees the old content or the new. A missing file,
// and its folders, are created for this user alone (0600, 0700). The old
// content is kept beside the file as NAME.bak-TIMESTAMP, the last few of them.
// A symlink stays and its target is edited; the mode stays, and for root the
// owner too. A file that cannot be replaced, since it is mounted by itself or has
// several names, is written over once the backup is there.
//
// If another program writes the file at the same time, its change is taken in.
// Other tshmcp processes are kept out by a lock file beside the target, gone
// when Write returns.
//
// Errors: those of [Client.Edit] with the path in front, [ErrBusy],
// [ErrReadOnly], [ErrNotFile], [ErrTooLarge], *[OutsideError], or one of package
// fs. The file is untouched then, but for *[DamagedError].
func (c Client) Write(path string, entries map[string]Entry, opts Options) (Result, error) {
	return c.WriteContext(context.Background(), path, entries, opts)
}

// WriteContext is [Client.Write], with a wait for the lock that ends with ctx.
func (c Client) WriteContext(ctx context.Context, path string, entries map[string]Entry, opts Options) (Result, error) {
	return c.write(ctx, path, opts.change(change{set: entries}), opts)
}

// RemoveFromContext takes the named entries out of the file at path, as
// [Client.Remove] does. All else is as with [Client.WriteContext].
func (c Client) RemoveFromContext(ctx context.Context, path string, names []string, opts Options) (Result, error) {
	return c.write(ctx, path, opts.change(change{remove: names}), opts)
}

func (c Client) write(ctx context.Context, path string, ch change, opts Options) (Result, error) {
	w := writer{Options: opts, edit: func(data []byte) ([]byte, error) { return c.editor().apply(ctx, data, ch) }}
	if w.Now == nil {
		w.Now = time.Now
	}
	if w.LockTimeout == 0 {
		w.LockTimeout = 10 * time.Second
	}
	result, err := w.run(ctx, path)
	if err != nil {
		return Result{Path: path}, at(path, err)
	}
	result.Path = path
	return result, nil
}

// Preview returns what the file at path has and what [Client.Write] would make
// of it, and writes nothing. Errors: as Write.
func (c Client) Preview(ctx context.Context, path string, entries map[string]Entry, opts Options) (Planned, error) {
	return c.preview(ctx, path, opts.change(change{set: entries}), opts)
}

// PreviewRemoval is [Client.Preview] for [Client.RemoveFromContext].
func (c Client) PreviewRemoval(ctx context.Context, path string, names []string, opts Options) (Planned, error) {
	return c.preview(ctx, path, opts.change(change{remove: names}), opts)
}

func (c Client) preview(ctx context.Context, path string, ch change, opts Options) (Planned, error) {
	w := writer{Options: opts, edit: func(data []byte) ([]byte, error) { return c.editor().apply(ctx, data, ch) }}
	target, err := w.target(path)
	var old snapshot
	if err == nil {
		old, err = read(target)
	}
	if err == nil {
		_, _, err = w.edited(old)
	}
	if err != nil {
		return Planned{}, at(path, err)
	}
	return *w.Planned, nil
}

// EntriesOf lists the servers in the file at path, as [Client.Entries] does, but of
// those of other programs only some, by their names; nil: none. A large file can have
// hundreds of thousands. A file that is not there has none. Errors have the path in
// front; one of more than 20,000 entries of ours is too large to be listed.
func (c Client) EntriesOf(path string, others func(name string) bool, self ...string) ([]Found, error) {
	if others == nil {
		others = func(string) bool { return false }
	}
	old, err := readTarget(path)
	if err == nil {
		var all []Found
		if all, err = c.editor().entries(old.data, others, self); err == nil {
			return all, nil
		}
	}
	return nil, at(path, err)
}

// at puts the path before an error, unless it is there.
func at(path string, err error) error {
	if strings.HasPrefix(err.Error(), path+": ") {
		return err
	}
	return fmt.Errorf("%s: %w", path, err)
}

// readTarget reads the file that path, or a symlink there, stands for.
func readTarget(path string) (snapshot, error) {
	target, err := resolve(path)
	if err != nil {
		return snapshot{}, err
	}
	return read(target)
}
