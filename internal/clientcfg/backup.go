// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/pattern"
)

const (
	keepBackups  = 5
	backupFormat = "20060102T150405.000Z"
)

// backupSuffix is what our backups, and nothing else, have after the file's
// name. The number tells those of one millisecond apart.
var backupSuffix = pattern.New(`^\.bak-[0-9]{8}T[0-9]{6}\.[0-9]{3}Z(-[0-9]{2})?$`)

// saveBackup copies old beside the file and returns the path of the copy; "" if
// there is nothing worth keeping.
func (w *writer) saveBackup(path string, old snapshot) (string, error) {
	if len(old.data) == 0 {
		return "", nil
	}
	base := path + ".bak-" + w.Now().UTC().Format(backupFormat)
	backup := base
	for i := 2; i < 100; i++ {
		if _, err := os.Lstat(backup); errors.Is(err, fs.ErrNotExist) {
			staged, err := w.stage(hidden(path, backupNewSuffix), old.data, old)
			if err != nil {
				return "", err
			}
			return backup, staged.Commit(backup)
		}
		backup = fmt.Sprintf("%s-%02d", base, i)
	}
	return "", errcode.New(errcode.FileInTheWay, "too many backups of the same moment")
}

// pruneBackups removes our oldest backups of a file beyond those to keep. If it
// cannot, there is one more to keep; the edit has succeeded all the same.
func pruneBackups(path string) {
	files, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return
	}
	var backups []string // sorted by name, and so by time
	for _, f := range files {
		suffix, ok := strings.CutPrefix(f.Name(), filepath.Base(path))
		if ok && backupSuffix.MatchString(suffix) && f.Type().IsRegular() {
			backups = append(backups, filepath.Join(filepath.Dir(path), f.Name()))
		}
	}
	slices.Sort(backups)
	for _, name := range backups[:max(0, len(backups)-keepBackups)] {
		_ = os.Remove(name)
	}
}
