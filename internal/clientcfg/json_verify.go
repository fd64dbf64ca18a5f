// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"slices"
)

func (d *jsonDoc) verifier(e edit) (func(document) error, error) {
	servers, missing, err := d.find(e.layout.key)
	if err != nil {
		return nil, err
	}
	outside := [][]byte{d.data[:d.root.start], d.data[d.root.end:]}
	if len(missing) == 0 {
		outside = append(outside, d.data[:servers.start], d.data[servers.end:])
	}
	same := sameOthers(d, e)
	return func(result document) error {
		after := result.(*jsonDoc)
		now, _, err := after.find(e.layout.key)
		if err != nil {
			return err
		}
		there := [][]byte{after.data[:after.root.start], after.data[after.root.end:], after.data[:now.start], after.data[now.end:]}
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
	v, there := d.root, true
	for _, key := range e.layout.key {
		v, there = d.collect(all, v, func(name string) bool { return name == key })
		if !there {
			return all.Sum(nil)
		}
	}
	d.collect(all, v, e.affects)
	return all.Sum(nil)
}

// collect adds the members of an object to all, except those to skip, of which
// it returns the last.
func (d *jsonDoc) collect(all digest, v span, skip func(name string) bool) (skipped span, any bool) {
	if d.data[v.start] != '{' {
		return v, false
	}
	for m := range d.inside(v) {
		if skip(d.name(m)) {
			skipped, any = m.value, true
			continue
		}
		all.add(d.data[m.name.start:m.value.end])
	}
	return skipped, any
}
