// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"iter"
	"slices"
	"sort"
)

// document is a parsed config file of any format, without its byte order mark.
type document interface {
	text() []byte
	// walk goes down from the root along key. It returns the last value that is
	// there and the keys that are missing.
	walk(key []string) (node, []string, error)
	// verifier returns what compares the document with that after an edit: nothing
	// but the entries of the change may differ. It looks at the texts alone, however
	// they came about, since a mistake of an editor would damage somebody's file. It
	// does not keep the parsed document.
	verifier(e edit) (func(after document) error, error)
	// others is the digest of what an edit must not touch.
	others(e edit) []byte
}

// node is one value of a document. What is put in or taken out at once is one
// edit, however much it is: a file is not gone through for each entry again.
type node interface {
	kind() kind
	// members are those of an object in the order of the file, or those objects
	// of a list that have names. There may be very many of them.
	members() (iter.Seq[member], error)
	str() string                         // of a text; of a number or the like as it is written
	items() iter.Seq[node]               // of a list
	fail(msg string) error               // a *SyntaxError at this place
	twice(name string) error             // the same: this is the second member of that name
	insert(fields []field) (step, error) // new members at the end of an object
	// remove takes members out of an object. It may leave some of them for the
	// next step.
	remove(names []string) (step, error)
	// inPlace reports whether replace can do it; else the old has to be removed first.
	inPlace(value any) bool
	// replace puts another value in this place. It takes over several lines if
	// the old value did, or else if the object did that it is a member of.
	replace(value any, of node) (step, error)
}

// member is one member of an object.
type member struct {
	name string
	node node
	err  error // it cannot be looked at
}

type kind int

const (
	isOther kind = iota // a date, something that cannot be edited
	isObject
	isList
	isText
	isNumber // a boolean too
	isNull
)

// find returns an object's member of that name, nil if there is none. A name
// that is there twice is an error: which of them the client takes cannot be
// told.
func find(n node, name string) (node, error) {
	all, err := n.members()
	if err != nil {
		return nil, err
	}
	return membersNamed(all, func(s string) bool { return s == name })[name].get()
}

// membersNamed returns members by their names.
func membersNamed(all iter.Seq[member], wanted func(name string) bool) map[string]member {
	named := map[string]member{}
	for m := range all {
		if !wanted(m.name) {
			continue
		}
		if first, there := named[m.name]; !there {
			named[m.name] = m
		} else if first.err == nil {
			first.err = m.node.twice(m.name)
			named[m.name] = first
		}
	}
	return named
}

func (m member) get() (node, error) { return m.node, m.err }

// digest is what of a document must stay as it is, part by part. It takes no memory,
// however many they are.
type digest struct{ hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

// add adds a part.
func (d digest) add(part []byte) {
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(len(part)))
	d.Write(size[:])
	d.Write(part)
}

// sameOthers is a verifier that compares what an edit must not touch.
func sameOthers(before document, e edit) func(after document) error {
	was := before.others(e)
	return func(after document) error {
		if !bytes.Equal(was, after.others(e)) {
			return errVerify
		}
		return nil
	}
}

// splice replaces n bytes at an offset.
type splice struct {
	at, n int
	text  string
}

// step is a set of splices that do not overlap.
type step []splice

// apply returns text after a step.
func apply(text []byte, all step) []byte {
	var out bytes.Buffer
	size := len(text)
	for _, s := range all {
		size += len(s.text) - s.n
	}
	out.Grow(size)
	done := 0
	for _, s := range all {
		out.Write(text[done:s.at])
		out.WriteString(s.text)
		done = s.at + s.n
	}
	out.Write(text[done:])
	return out.Bytes()
}

// together makes one step of several that were made for the same text, or, if
// they get in each other's way, of the first: the others' turn comes again.
func together(steps []step) step {
	all := slices.Concat(steps...)
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i], all[j]
		return a.at < b.at || a.at == b.at && a.n == 0 && b.n > 0
	})
	for i := range len(all) - 1 {
		if all[i].at+all[i].n > all[i+1].at {
			return steps[0]
		}
	}
	return all
}
