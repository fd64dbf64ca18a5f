// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"cmp"
	"maps"
	"slices"
)

// layout says where in a file the servers are and what an entry looks like.
type layout struct {
	key   []string                // path of the object, or the list, that holds the servers
	list  bool                    // it is a list of entries with a name each
	found bool                    // only if it is there; a new file gets another layout
	like  func(servers node) bool // only if what is there is so; nil: whatever it is
	shape
}

// shape is what an entry looks like. The zero value has command, args and env.
type shape struct {
	named   bool    // the entry has its name in "name"
	typ     string  // value of its "type"; "" for none
	alsoTyp string  // another value of it that will do
	program string  // field of the program; "" means "command"
	joined  bool    // that field is a list of the program and its arguments
	args    string  // field of the arguments; "" means "args"
	env     string  // field of the environment; "" means "env"
	live    string  // field of the variables to pass on; "" if there is none
	more    []field // written where they are missing: limits and the like
}

// field is one member of an object that is to be written.
type field struct {
	name  string
	value any    // string, int, bool, []string, []field or items
	or    string // another value that will do; "": none
	keep  bool   // what is there already stays, whatever it is
	add   bool   // of a list: what is missing is added, the rest stays
}

// items is an empty list that will hold objects.
type items struct{}

// The two shapes that most clients use.
var (
	mcpServers = layout{key: []string{"mcpServers"}}
	vsServers  = layout{key: []string{"servers"}, shape: shape{typ: "stdio"}}
)

// holder is the kind of what holds the servers.
func (l layout) holder() kind {
	if l.list {
		return isList
	}
	return isObject
}

// empty is the value to begin with for the first of the missing keys, or for
// the servers if none is missing.
func (l layout) empty(missing []string) any {
	if l.list && len(missing) <= 1 {
		return items{}
	}
	return []field(nil)
}

// checkHolder refuses what cannot hold the servers.
func (l layout) checkHolder(servers node) error {
	switch {
	case servers.kind() == l.holder():
		return nil
	case l.list:
		return servers.fail(keyText(l.key) + " is not a list")
	}
	return servers.fail(keyText(l.key) + " is not an object")
}

func (s shape) programField() string { return cmp.Or(s.program, "command") }
func (s shape) argsField() string    { return cmp.Or(s.args, "args") }
func (s shape) envField() string     { return cmp.Or(s.env, "env") }

// fields returns the members of an entry in the order to write them.
func (s shape) fields(name string, e Entry) []field {
	var all []field
	if s.named {
		all = append(all, field{name: "name", value: name, keep: true})
	}
	if s.typ != "" {
		all = append(all, field{name: "type", value: s.typ, or: s.alsoTyp})
	}
	if s.joined {
		all = append(all, field{name: s.programField(), value: append([]string{e.Command}, e.Args...)})
	} else {
		all = append(all, field{name: s.programField(), value: e.Command}, field{name: s.argsField(), value: e.Args})
	}
	if len(e.Env) > 0 {
		var env []field
		for _, key := range slices.Sorted(maps.Keys(e.Env)) {
			env = append(env, field{name: key, value: e.Env[key]})
		}
		all = append(all, field{name: s.envField(), value: env})
	}
	if s.live != "" && len(e.EnvVars) > 0 {
		all = append(all, field{name: s.live, value: slices.Sorted(slices.Values(e.EnvVars)), add: true})
	}
	return append(all, s.more...)
}

// entryOf reads an entry back. What cannot be read is left out.
func (s shape) entryOf(n node) Entry {
	var e Entry
	words := func(field string) (all []string) {
		if m, err := find(n, field); err == nil && m != nil {
			for item := range m.items() {
				all = append(all, item.str())
			}
		}
		return all
	}
	if s.joined {
		if all := words(s.programField()); len(all) > 0 {
			e.Command, e.Args = all[0], all[1:]
		}
	} else {
		e.Command, _ = s.commandOf(n)
		e.Args = words(s.argsField())
	}
	if s.live != "" {
		e.EnvVars = words(s.live)
	}
	env, err := find(n, s.envField())
	if err != nil || env == nil || env.kind() != isObject {
		return e
	}
	variables, err := env.members()
	if err != nil {
		return e
	}
	for name, m := range membersNamed(variables, func(string) bool { return true }) {
		if m.err == nil && m.node.kind() == isText {
			if e.Env == nil {
				e.Env = map[string]string{}
			}
			e.Env[name] = m.node.str()
		}
	}
	return e
}

// commandOf returns the program that an entry runs, "" if it runs none.
func (s shape) commandOf(entry node) (string, error) {
	if entry.kind() != isObject {
		return "", nil
	}
	m, err := find(entry, s.programField())
	if m == nil || err != nil {
		return "", err
	}
	if s.joined {
		for first := range m.items() {
			if first.kind() == isText {
				return first.str(), nil
			}
			break
		}
		return "", nil
	}
	if m.kind() != isText {
		return "", nil
	}
	return m.str(), nil
}
