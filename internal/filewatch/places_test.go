// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package filewatch

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestPlaces is what is watched below a folder for each kind of path.
func TestPlaces(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("symlinks take a right there")
	}
	dir := home(t)
	must(t, os.Symlink(dir, filepath.Join(dir, "state", "round")))
	must(t, os.Symlink("self", filepath.Join(dir, "self")))
	for path, want := range map[string]map[string]kind{
		"state/login":           {"state": moves | entries, "state/login": writes},
		"link/login":            {"": entries, "state": moves | entries, "state/login": writes},
		"state":                 {"state": moves | entries, "state/login": writes},
		"state/other":           {"state": moves | entries},
		"later/on/login":        {"": entries},
		"state/login/below":     {"state": moves | entries, "state/login": writes},
		"state/inner":           {"state": moves, "state/inner": moves | entries},
		"state/inner/x":         {"state": moves, "state/inner": moves | entries},
		"state/round/link/x":    {"": entries, "state": moves | entries},
		"link/../link/login":    {"": entries, "state": moves | entries, "state/login": writes},
		"self/x":                {"": entries},
		"state/round/state/../": {"": entries, "state": moves | entries},
	} {
		got := map[string]kind{}
		all := map[string]kind{}
		addPlaces(all, dir+"/"+path)
		for place, what := range all {
			if below, ok := strings.CutPrefix(place, dir); ok {
				got[strings.TrimPrefix(below, "/")] = what
			}
		}
		if got[""] &^= moves; got[""] == 0 { // each folder on the way has it
			delete(got, "")
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
