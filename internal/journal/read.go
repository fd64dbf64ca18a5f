// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// Filter says which records are meant.
type Filter struct {
	App   string    // empty: of all
	Since time.Time // zero: from the beginning
}

func (f Filter) takes(r Record) bool {
	return (f.App == "" || r.App == f.App) && !r.Time.Before(f.Since)
}

// pause is how often it is looked whether there is more to follow.
const pause = 200 * time.Millisecond

// read hands the records of the log in a state directory to take, the oldest
// first. With follow it goes on with those that come, until ctx ends. What is no
// record is left out.
func read(ctx context.Context, state string, filter Filter, follow bool, take func(Record) error) error {
	r := &reading{path: path(state), filter: filter, take: take}
	for n := maxFiles - 1; n >= 0; n-- {
		if err := r.read(part(r.path, n), 0); err != nil {
			return err
		}
	}
	if !follow {
		return nil
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if err := r.more(); err != nil {
				return err
			}
		}
	}
}

// reading is how far the log was read.
type reading struct {
	path   string
	filter Filter
	take   func(Record) error

	last   fs.FileInfo // the file that was read last; nil: there was none
	offset int64       // of the first line of it that was not read
}

// read reads the whole lines of a file from an offset on.
func (r *reading) read(path string, offset int64) error {
	file, err := plainfile.Within(path, func() (*os.File, error) { return plainfile.Open(path, plainfile.Own) })
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil {
		_, err = file.Seek(offset, io.SeekStart)
	}
	if err != nil {
		return err
	}
	r.last, r.offset = info, offset
	lines := bufio.NewReader(io.LimitReader(file, 4*maxBytes))
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil { // a line that is being written is read the next time
			return nil
		}
		r.offset += int64(len(line))
		var record Record
		if json.Unmarshal(bytes.TrimSpace(line), &record) != nil || !r.filter.takes(record) {
			continue
		}
		if err := r.take(record); err != nil {
			return err
		}
	}
}

// more reads what has come since. A file that was put away is read to its end.
func (r *reading) more() error {
	info, err := os.Lstat(r.path)
	switch {
	case err != nil:
		return nil // there is none yet, or it is being replaced
	case r.last != nil && os.SameFile(info, r.last):
		if info.Size() == r.offset {
			return nil
		}
		return r.read(r.path, r.offset)
	}
	if was, err := os.Lstat(part(r.path, 1)); r.last != nil && err == nil && os.SameFile(was, r.last) {
		if err := r.read(part(r.path, 1), r.offset); err != nil {
			return err
		}
	}
	return r.read(r.path, 0)
}
