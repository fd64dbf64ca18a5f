// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"

	"github.com/tailscale/hujson"
)

// verify compares the documents before and after an edit, independently of how
// the edit was done: nothing but the entries of the change may differ. It runs
// before every write, since a mistake here would damage somebody's file.
func (e jsonEdit) verify(before, after *doc) error {
	if !bytes.Equal(before.text[:before.root.StartOffset], after.text[:after.root.StartOffset]) ||
		!bytes.Equal(before.text[before.root.EndOffset:], after.text[after.root.EndOffset:]) {
		return errVerify
	}
	servers, missing, err := before.walk(e.layout.key)
	if err != nil {
		return err
	}
	now, _, err := after.walk(e.layout.key)
	if err != nil {
		return err
	}
	if len(missing) == 0 && (!bytes.Equal(before.text[:servers.StartOffset], after.text[:now.StartOffset]) ||
		!bytes.Equal(before.text[servers.EndOffset:], after.text[now.EndOffset:])) {
		return errVerify
	}
	if !slices.EqualFunc(e.others(before), e.others(after), bytes.Equal) {
		return errVerify
	}
	return nil
}

// others returns the members along the path to the servers that the change
// must not touch, each as its bytes.
func (e jsonEdit) others(d *doc) [][]byte {
	var all [][]byte
	v := &d.root
	for _, key := range e.layout.key {
		v = d.collect(&all, v, func(name string) bool { return name == key })
		if v == nil {
			return all
		}
	}
	d.collect(&all, v, func(name string) bool {
		_, set := e.change.set[name]
		return set || slices.Contains(e.change.remove, name)
	})
	return all
}

// collect adds the members of an object to all, except those to skip, of which
// it returns the last.
func (d *doc) collect(all *[][]byte, v *hujson.Value, skip func(name string) bool) (skipped *hujson.Value) {
	obj, ok := v.Value.(*hujson.Object)
	if !ok {
		return nil
	}
	for i := range obj.Members {
		m := &obj.Members[i]
		if skip(keyOf(m)) {
			skipped = &m.Value
			continue
		}
		*all = append(*all, d.text[m.Name.StartOffset:m.Value.EndOffset])
	}
	return skipped
}
