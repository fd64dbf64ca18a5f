// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"

	"github.com/tailscale/hujson"
)

func (before *jsonDoc) verify(e edit, result document) error {
	after := result.(*jsonDoc)
	if !bytes.Equal(before.data[:before.root.StartOffset], after.data[:after.root.StartOffset]) ||
		!bytes.Equal(before.data[before.root.EndOffset:], after.data[after.root.EndOffset:]) {
		return errVerify
	}
	servers, missing, err := before.find(e.layout.key)
	if err != nil {
		return err
	}
	now, _, err := after.find(e.layout.key)
	if err != nil {
		return err
	}
	if len(missing) == 0 && (!bytes.Equal(before.data[:servers.StartOffset], after.data[:now.StartOffset]) ||
		!bytes.Equal(before.data[servers.EndOffset:], after.data[now.EndOffset:])) {
		return errVerify
	}
	if !bytes.Equal(before.others(e), after.others(e)) {
		return errVerify
	}
	return nil
}

// others is the digest of the members along the path to the servers that the change
// must not touch, each as its bytes.
func (d *jsonDoc) others(e edit) []byte {
	all := newDigest()
	v := &d.root
	for _, key := range e.layout.key {
		v = d.collect(all, v, func(name string) bool { return name == key })
		if v == nil {
			return all.Sum(nil)
		}
	}
	d.collect(all, v, e.affects)
	return all.Sum(nil)
}

// collect adds the members of an object to all, except those to skip, of which
// it returns the last.
func (d *jsonDoc) collect(all digest, v *hujson.Value, skip func(name string) bool) (skipped *hujson.Value) {
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
		all.add(d.data[m.Name.StartOffset:m.Value.EndOffset])
	}
	return skipped
}
