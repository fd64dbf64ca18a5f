// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// kind is what is of interest of a place. It may be several of them.
type kind int

const (
	moves   kind = 1 << iota // that the folder itself is moved, or removed
	entries                  // names that come and go in a folder
	writes                   // what is written into a file
)

const (
	maxLinks = 40  // symlinks on the way to one path
	maxFiles = 100 // of one folder
)

// places are what has to be watched so that nothing happens to the paths unseen: for a
// file its folder and itself, for a folder itself and its files, for what is not there
// the folder where the first missing name would be; each folder on the way, since it
// may be moved; and where a symlink is, which may be replaced.
func places(paths []string) map[string]kind {
	all := map[string]kind{}
	for _, path := range paths {
		if path, err := filepath.Abs(path); err == nil {
			addPlaces(all, path)
		}
	}
	return all
}

func addPlaces(all map[string]kind, path string) {
	at, names := split(path)
	for links := 0; len(names) > 0; {
		name := names[0]
		names = names[1:]
		if name == ".." {
			at = filepath.Dir(at)
			continue
		}
		next := filepath.Join(at, name)
		info, err := os.Lstat(next)
		if err != nil {
			all[at] |= entries
			return
		}
		switch {
		case info.IsDir():
			all[next] |= moves
			at = next
		case info.Mode()&fs.ModeSymlink != 0:
			all[at] |= entries
			target, err := os.Readlink(next)
			if links++; err != nil || links > maxLinks {
				return
			}
			root, more := split(target)
			if names = append(more, names...); filepath.IsAbs(target) {
				at = root
			}
		default:
			all[at] |= entries
			all[next] |= writes
			return
		}
	}
	addFolder(all, at)
}

// addFolder adds a folder with the plain files in it.
func addFolder(all map[string]kind, path string) {
	all[path] |= entries
	files, err := os.ReadDir(path)
	if err != nil {
		return
	}
	for _, f := range files[:min(len(files), maxFiles)] {
		if f.Type().IsRegular() {
			all[filepath.Join(path, f.Name())] |= writes
		}
	}
}

// split takes a path apart: where it begins, and the names from there on. ".." stays
// among them: what it means follows from where a symlink before it leads.
func split(path string) (root string, names []string) {
	volume := filepath.VolumeName(path)
	root = volume + string(filepath.Separator)
	for name := range strings.SplitSeq(filepath.ToSlash(path[len(volume):]), "/") {
		if name != "" && name != "." {
			names = append(names, name)
		}
	}
	return root, names
}
