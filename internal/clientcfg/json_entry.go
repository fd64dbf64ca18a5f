// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

// nextInEntry returns the next change that one entry needs.
func (e jsonEdit) nextInEntry(d *doc, servers *hujson.Value, obj *hujson.Object, name string) ([]splice, error) {
	entry := e.change.set[name]
	fields := e.layout.fields(entry)
	m, err := d.member(obj, name)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return d.insert(servers, field{name, fields}), nil
	}
	if err := e.checkOurs(d, &m.Value, name); err != nil {
		return nil, err
	}
	if command, _ := d.command(&m.Value); !e.ours(command, name) {
		// The other program's fields, a URL say, would make no sense in ours.
		return d.replace(&m.Value, fields, !d.style.oneLine), nil
	}
	return d.merge(&m.Value, fields)
}

// fields returns the members of an entry in the order to write them.
func (l layout) fields(e Entry) []field {
	var all []field
	if l.typ != "" {
		all = append(all, field{"type", l.typ})
	}
	all = append(all, field{"command", e.Command}, field{"args", e.Args})
	if len(e.Env) == 0 {
		return all
	}
	var env []field
	for _, key := range slices.Sorted(maps.Keys(e.Env)) {
		env = append(env, field{key, e.Env[key]})
	}
	return append(all, field{"env", env})
}

// checkOurs refuses an entry of another program, unless forced.
func (e jsonEdit) checkOurs(d *doc, v *hujson.Value, name string) error {
	command, err := d.command(v)
	if err != nil || e.change.force || e.ours(command, name) {
		return err
	}
	// Some entries carry a whole command line here, which may hold secrets.
	program, _, _ := strings.Cut(baseName(command), " ")
	return &ForeignEntryError{Name: name, Command: program}
}

// ours reports whether the entry of that name is one of this program, judging
// by its command: the program's name, under whatever path, or the very path
// that is to be written or that the caller says is ours.
func (e jsonEdit) ours(command, name string) bool {
	if command == "" {
		return false
	}
	return isTshmcp(command) || command == e.change.set[name].Command || command == e.change.self
}

// command returns the program that an entry runs, "" if it runs none.
func (d *doc) command(entry *hujson.Value) (string, error) {
	obj, ok := entry.Value.(*hujson.Object)
	if !ok {
		return "", nil
	}
	m, err := d.member(obj, "command")
	if m == nil || err != nil {
		return "", err
	}
	command, _ := stringOf(&m.Value)
	return command, nil
}

// merge returns the next change that makes the object v have the fields; its
// other members stay.
func (d *doc) merge(v *hujson.Value, fields []field) ([]splice, error) {
	lines := bytes.Contains(d.text[v.StartOffset:v.EndOffset], []byte("\n"))
	for _, f := range fields {
		m, err := d.member(v.Value.(*hujson.Object), f.name)
		if err != nil {
			return nil, err
		}
		if args, ok := f.value.([]string); m == nil && ok && len(args) == 0 {
			continue // no arguments, said by leaving them out
		}
		if m == nil {
			return d.insert(v, f), nil
		}
		inner, isObject := f.value.([]field)
		if isObject && !isNull(&m.Value) {
			if _, err := d.object(&m.Value, f.name); err != nil {
				return nil, err
			}
			if s, err := d.merge(&m.Value, inner); s != nil || err != nil {
				return s, err
			}
			continue
		}
		if !equal(&m.Value, f.value) {
			return d.replace(&m.Value, f.value, lines), nil
		}
	}
	return nil, nil
}

func isNull(v *hujson.Value) bool { return v.Value.Kind() == 'n' }

// equal reports whether v is already the string or the strings that are wanted.
func equal(v *hujson.Value, want any) bool {
	switch want := want.(type) {
	case string:
		s, ok := stringOf(v)
		return ok && s == want
	case []string:
		arr, ok := v.Value.(*hujson.Array)
		if !ok || len(arr.Elements) != len(want) {
			return false
		}
		for i := range arr.Elements {
			if !equal(&arr.Elements[i], want[i]) {
				return false
			}
		}
		return true
	}
	return false
}
