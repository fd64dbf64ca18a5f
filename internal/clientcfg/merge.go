// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// nextOf returns the next step for the entries that the change is about: what
// has to go goes first, then what is there is changed, and then new entries
// follow.
func (e edit) nextOf(servers node, there map[string]member) (step, error) {
	gone, err := e.leaving(there)
	if len(gone) > 0 || err != nil {
		return removeFrom(servers, gone, err)
	}
	var steps []step
	var missing []field
	for _, name := range slices.Sorted(maps.Keys(e.change.set)) {
		fields := e.layout.fields(name, e.change.set[name])
		n := there[name].node
		if n == nil {
			if err := e.checkName(name); err != nil {
				return nil, err
			}
			missing = append(missing, field{name: name, value: fields})
			continue
		}
		s, err := e.bring(n, name, fields, servers)
		if err != nil {
			return nil, err
		}
		if s != nil {
			steps = append(steps, s)
		}
	}
	switch {
	case len(steps) > 0:
		return together(steps), nil
	case len(missing) > 0:
		return servers.insert(missing)
	}
	return nil, nil
}

func removeFrom(n node, names []string, err error) (step, error) {
	if err != nil {
		return nil, err
	}
	return n.remove(names)
}

// leaving returns the names of the entries to take out: those to be removed, and
// those of other programs whose place cannot be taken otherwise.
func (e edit) leaving(there map[string]member) ([]string, error) {
	var all []string
	for _, name := range e.change.remove {
		n, err := there[name].get()
		if err == nil && n != nil {
			err = e.checkOurs(n, name)
		}
		if err != nil {
			return nil, err
		}
		if n != nil {
			all = append(all, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.change.set)) {
		n, err := there[name].get()
		if err == nil && n != nil {
			err = e.checkOurs(n, name)
		}
		if err != nil {
			return nil, err
		}
		if n != nil && !e.isOurs(n, name) && !n.inPlace(e.layout.fields(name, e.change.set[name])) {
			all = append(all, name)
		}
	}
	return all, nil
}

func (e edit) isOurs(n node, name string) bool {
	return e.ours(e.layout.startedBy(n), name)
}

// bring returns the next step for an entry that is there.
func (e edit) bring(n node, name string, fields []field, servers node) (step, error) {
	if !e.isOurs(n, name) {
		// The other program's fields, a URL say, would make no sense in ours.
		return n.replace(fields, servers)
	}
	return merge(n, fields)
}

// checkOurs refuses an entry of another program, unless forced.
func (e edit) checkOurs(entry node, name string) error {
	if _, err := e.layout.commandOf(entry); err != nil {
		return err
	}
	command := e.layout.startedBy(entry)
	if e.change.force || e.ours(command, name) {
		return nil
	}
	return &ForeignEntryError{Name: name, Command: programOf(command)}
}

// programOf is the name of a program without its path. Some entries carry a
// whole command line, which may hold secrets.
func programOf(command string) string {
	program, _, _ := strings.Cut(baseName(command), " ")
	return program
}

// ours reports whether the entry of that name is one of this program, judging
// by its command: the program's name, under whatever path, or the very path
// that is to be written or that the caller says is ours.
func (e edit) ours(command, name string) bool {
	if command == "" {
		return false
	}
	return isTshmcp(command) || command == e.change.set[name].Command && !isLauncher(command) || slices.Contains(e.change.self, command)
}

// merge returns the next step that makes the object n have the fields; its
// other members stay.
func merge(n node, fields []field) (step, error) {
	members, err := n.members()
	if err != nil {
		return nil, err
	}
	there := membersNamed(members, func(name string) bool {
		return slices.ContainsFunc(fields, func(f field) bool { return f.name == name })
	})
	var gone []string
	var steps []step
	var missing []field
	for _, f := range fields {
		m, err := there[f.name].get()
		if err != nil {
			return nil, err
		}
		if m == nil {
			if args, ok := f.value.([]string); !ok || len(args) > 0 { // no arguments, said by leaving them out
				missing = append(missing, f)
			}
			continue
		}
		s, leaves, err := mergeField(n, m, f)
		switch {
		case err != nil:
			return nil, err
		case leaves:
			gone = append(gone, f.name)
		case s != nil:
			steps = append(steps, s)
		}
	}
	switch {
	case len(gone) > 0:
		return n.remove(gone)
	case len(steps) > 0:
		return together(steps), nil
	case len(missing) > 0:
		return n.insert(missing)
	}
	return nil, nil
}

// mergeField returns the next step that makes the member m of n as f says, or
// that the member has to go first.
func mergeField(n, m node, f field) (s step, leaves bool, err error) {
	if f.keep && m.kind() != isNull || f.or != "" && equal(m, f.or) {
		return nil, false, nil
	}
	if inner, ok := f.value.([]field); ok && m.kind() != isNull {
		if m.kind() != isObject {
			return nil, false, m.fail(f.name + " is not an object")
		}
		s, err := merge(m, inner)
		return s, false, err
	}
	if f.add && m.kind() == isList {
		f.value = union(m, f.value.([]string))
		if f.value == nil {
			return nil, false, nil
		}
	}
	if equal(m, f.value) {
		return nil, false, nil
	}
	if !m.inPlace(f.value) {
		return nil, true, nil
	}
	s, err = m.replace(f.value, n)
	return s, false, err
}

// union returns the texts of a list and what it lacks; nil if it lacks nothing,
// or has something else than texts, which had better stay.
func union(m node, want []string) any {
	var all []string
	for item := range m.items() {
		if item.kind() != isText {
			return nil
		}
		all = append(all, item.str())
	}
	have := len(all)
	for _, s := range want {
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	if len(all) == have {
		return nil
	}
	return all
}

// equal reports whether n is already the value that is wanted.
func equal(n node, want any) bool {
	switch want := want.(type) {
	case string:
		return n.kind() == isText && n.str() == want
	case int:
		return n.kind() == isNumber && n.str() == strconv.Itoa(want)
	case bool:
		return n.kind() == isNumber && n.str() == fmt.Sprint(want)
	case []string:
		return n.kind() == isList && equalTexts(n.items(), want)
	}
	return false
}

// equalTexts reports whether the items are these texts.
func equalTexts(items iter.Seq[node], want []string) bool {
	i := 0
	for item := range items {
		if i == len(want) || !equal(item, want[i]) {
			return false
		}
		i++
	}
	return i == len(want)
}
