// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"hash/maphash"
	"slices"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Found is a server that a config file has.
type Found struct {
	Name    string
	Program string // base name of what it runs; "" if it runs nothing, as with a URL
	Ours    bool
	Entry   Entry // what it runs, only if it is ours: others may hold secrets

	NoServer bool // it is nothing that could be a server, but null, say, or a number
}

const (
	maxOurs      = 20_000 // how many entries of ours a file may have: each takes memory
	maxNoServers = 10     // how many of what is no server are told of
)

// errTooMany: a file has more entries of tshmcp than anybody has servers.
var errTooMany = errcode.New(errcode.FileTooLarge, "the file has too many tshmcp entries to list them; remove them from it by hand")

// entries is [Client.EntriesOf] for the content of a file.
func (ed editor) entries(data []byte, others func(name string) bool, self []string) ([]Found, error) {
	d, layout, err := ed.open(data, "")
	if d == nil || err != nil {
		return nil, err
	}
	e := newEdit(layout, change{self: self}, syntaxes[ed.format])
	servers, missing, err := d.walk(layout.key)
	if err != nil || len(missing) > 0 || e.syntax.nulls && servers.kind() == isNull {
		return nil, err
	}
	if err := layout.checkHolder(servers); err != nil {
		return nil, err
	}
	if err := checkOnce(servers); err != nil {
		return nil, err
	}
	members, err := servers.members()
	if err != nil {
		return nil, err
	}
	var all []Found
	ours, noServers := 0, 0
	for m := range members {
		if m.err != nil {
			return nil, m.err
		}
		if _, err := layout.commandOf(m.node); err != nil {
			return nil, err
		}
		command := layout.startedBy(m.node)
		found := Found{Name: m.name, Program: programOf(command), Ours: e.ours(command, m.name), NoServer: m.node.kind() != isObject}
		if found.Ours {
			found.Entry = layout.entryOf(m.node)
			if ours++; ours > maxOurs {
				return nil, errTooMany
			}
		}
		if found.NoServer {
			noServers++
		}
		if found.Ours || others(m.name) || found.NoServer && noServers <= maxNoServers {
			all = append(all, found)
		}
	}
	return all, nil
}

// checkOnce refuses names that are there twice: which of the entries the client takes
// cannot be told. The names of a large file take as much memory as it does, so it
// begins with a number for each.
func checkOnce(servers node) error {
	members, err := servers.members()
	if err != nil {
		return err
	}
	var sums []uint64
	for m := range members {
		sums = append(sums, sumOf(m.name))
	}
	twice := twiceIn(sums)
	if len(twice) == 0 {
		return nil
	}
	named := membersNamed(members, func(name string) bool { return twice[sumOf(name)] })
	for m := range members {
		if _, err := named[m.name].get(); err != nil {
			return err
		}
	}
	return nil
}

var seed = maphash.MakeSeed()

// sumOf is a number for texts, most likely of their own.
func sumOf(texts ...string) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, s := range texts {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	return h.Sum64()
}

// twiceIn returns the numbers that are there more than once. It sorts them.
func twiceIn(sums []uint64) map[uint64]bool {
	slices.Sort(sums)
	twice := map[uint64]bool{}
	for i := 1; i < len(sums); i++ {
		if sums[i] == sums[i-1] {
			twice[sums[i]] = true
		}
	}
	return twice
}
