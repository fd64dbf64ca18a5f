// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// nextInEntry returns the next change that one entry needs.
func (e edit) nextInEntry(servers node, name string) ([]splice, error) {
	fields := e.layout.fields(name, e.change.set[name])
	n, err := servers.member(name)
	if err != nil {
		return nil, err
	}
	if n == nil {
		return servers.insert(field{name: name, value: fields})
	}
	if err := e.checkOurs(n, name); err != nil {
		return nil, err
	}
	if command, _ := e.layout.commandOf(n); !e.ours(command, name) {
		// The other program's fields, a URL say, would make no sense in ours.
		return n.replace(fields, servers)
	}
	return merge(n, fields)
}

// checkOurs refuses an entry of another program, unless forced.
func (e edit) checkOurs(entry node, name string) error {
	command, err := e.layout.commandOf(entry)
	if err != nil || e.change.force || e.ours(command, name) {
		return err
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
	return isTshmcp(command) || command == e.change.set[name].Command || slices.Contains(e.change.self, command)
}

// merge returns the next change that makes the object n have the fields; its
// other members stay.
func merge(n node, fields []field) ([]splice, error) {
	for _, f := range fields {
		m, err := n.member(f.name)
		if err != nil {
			return nil, err
		}
		if args, ok := f.value.([]string); m == nil && ok && len(args) == 0 {
			continue // no arguments, said by leaving them out
		}
		if m == nil {
			return n.insert(f)
		}
		s, err := mergeField(n, m, f)
		if s != nil || err != nil {
			return s, err
		}
	}
	return nil, nil
}

// mergeField returns the next change that makes the member m of n as f says.
func mergeField(n, m node, f field) ([]splice, error) {
	if f.keep && m.kind() != isNull || f.or != "" && equal(m, f.or) {
		return nil, nil
	}
	if inner, ok := f.value.([]field); ok && m.kind() != isNull {
		if m.kind() != isObject {
			return nil, m.fail(f.name + " is not an object")
		}
		return merge(m, inner)
	}
	if f.add && m.kind() == isList {
		f.value = union(m, f.value.([]string))
		if f.value == nil {
			return nil, nil
		}
	}
	if equal(m, f.value) {
		return nil, nil
	}
	return m.replace(f.value, n)
}

// union returns the texts of a list and what it lacks; nil if it lacks nothing,
// or has something else than texts, which had better stay.
func union(m node, want []string) any {
	var all []string
	for _, item := range m.items() {
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
		return n.kind() == isList && slices.EqualFunc(n.items(), want, func(item node, s string) bool { return equal(item, s) })
	}
	return false
}
