// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package signin

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/atomicfile"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// pauseTime is how long no bridge opens a tab after one that came to nothing.
const pauseTime = 15 * time.Minute

// maxWhy bounds what is kept of why a sign-in came to nothing, in bytes.
const maxWhy = 400

// pauseFile is written when a sign-in came to nothing, with the reason if it was
// completed.
func pauseFile(dir, proxy string) string {
	return filepath.Join(dir, "refused", access.FileName(proxy))
}

// paused tells whether a sign-in came to nothing lately, and why if that was kept.
// A file from the future,
// when a clock that was wrong has been set, begins to count now.
func (g *Gate) paused(proxy string) (why string, yes bool) {
	file := pauseFile(g.Dir, proxy)
	info, err := plainfile.Within(file, func() (fs.FileInfo, error) { return plainfile.Check(file, plainfile.Own) })
	if err != nil {
		return "", false
	}
	now := g.Now()
	age := now.Sub(info.ModTime())
	if age < 0 && os.Chtimes(file, now, now) != nil {
		return "", false
	}
	if age >= pauseTime {
		return "", false
	}
	text, _ := plainfile.Read(file, plainfile.Own, 2*maxWhy)
	return string(text), true
}

// Pause keeps all bridges from opening a tab for a while. why may be empty.
func (g *Gate) Pause(proxy, why string) {
	why = strings.Join(strings.Fields(why), " ")
	why = strings.ToValidUTF8(why[:min(len(why), maxWhy)], "")
	file := pauseFile(g.Dir, proxy)
	now := g.Now()
	if plainfile.MakeDir(g.Dir, filepath.Dir(file)) == nil && atomicfile.Write(file, []byte(why), plainfile.OwnMode) == nil {
		_ = os.Chtimes(file, now, now)
	}
}

// canPause finds out whether a pause could be noted. Where it cannot, each request
// would open a tab.
func (g *Gate) canPause(proxy string) error {
	file := pauseFile(g.Dir, proxy)
	if err := plainfile.MakeDir(g.Dir, filepath.Dir(file)); err != nil {
		return err
	}
	if info, err := os.Lstat(file); err == nil && info.IsDir() {
		return &fs.PathError{Op: "write", Path: file, Err: errors.New("is a directory")}
	}
	probe, err := atomicfile.Stage(file+".new", make([]byte, maxWhy), plainfile.OwnMode)
	if err != nil {
		return err
	}
	return probe.Discard()
}

// unnoted says why no tab is opened where the bridges cannot tell each other of
// it; it is empty without an error.
func unnoted(err error) string {
	if err == nil {
		return ""
	}
	return "no browser is opened where a sign-in cannot be recorded: " + errcode.Words(err)
}

// Resume ends the pause. A login that a person has started does.
func Resume(dir, proxy string) { _ = os.Remove(pauseFile(dir, proxy)) }
