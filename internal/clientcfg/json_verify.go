// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"

	"github.com/tailscale/hujson"
)

func (d *jsonDoc) verifier(e edit) (func(document) error, error) {
	servers, missing, err := d.find(e.layout.key)
	if err != nil {
		return nil, err
	}
	outside := [][]byte{d.data[:d.root.StartOffset], d.data[d.root.EndOffset:]}
	if len(missing) == 0 {
		outside = append(outside, d.data[:servers.StartOffset], d.data[servers.EndOffset:])
	}
	same := sameOthers(d, e)
	return func(result document) error {
		after := result.(*jsonDoc)
		now, _, err := after.find(e.layout.key)
		if err != nil {
			return err
		}
		there := [][]byte{after.data[:after.root.StartOffset], after.data[after.root.EndOffset:], after.data[:now.StartOffset], after.data[now.EndOffset:]}
		if !slices.EqualFunc(outside, there[:len(outside)], bytes.Equal) {
			return errVerify
		}
		return same(after)
	}, nil
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
