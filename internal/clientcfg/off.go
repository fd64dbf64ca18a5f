// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"iter"
)

// Switch is why a server is not started although its entry is there.
type Switch struct {
	Name  string // of the entry
	Where string // the file
	Why   string // the setting and its value
	Do    string // what turns the server on

	Partly bool // in one project only, which Why names
}

// SwitchedOff returns which of the named servers the client does not start, by
// data, the content of a file at path, and by the client's other settings. What
// cannot be read says nothing.
func SwitchedOff(c Client, env Env, path string, data []byte, names []string) []Switch {
	d, l, err := c.editor().open(data, "")
	if d == nil || err != nil {
		return nil
	}
	servers, missing, err := d.walk(l.key)
	if err != nil || len(missing) > 0 {
		return nil
	}
	members, err := servers.members()
	if err != nil {
		return nil
	}
	wanted := setOf(names)
	entries := membersNamed(members, func(name string) bool { return wanted[name] })
	var all []Switch
	var there []server
	for _, name := range names {
		n, err := entries[name].get()
		if n == nil || err != nil {
			continue
		}
		if why, do := offByItself(n); why != "" {
			all = append(all, Switch{Name: name, Where: path, Why: why, Do: do})
		}
		e := l.entryOf(n)
		there = append(there, server{name: name, command: append([]string{e.Command}, e.Args...)})
	}
	if len(there) == 0 {
		return all
	}
	look := c.look(env, path, d)
	for _, g := range c.gates {
		if g.scope == own && c.Shared || g.scope == shared && !c.Shared {
			continue
		}
		all = append(all, g.closed(look, there)...)
	}
	return all
}

// settings reads another file of a client, JSON with or without comments; nil:
// there is none, or it cannot be read.
func settings(path string) document {
	s, err := read(path)
	if err != nil {
		return nil
	}
	text := bytes.TrimPrefix(s.data, utf8BOM)
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	d, err := parseJSON(text, "")
	if err != nil {
		return nil
	}
	return d
}

// offByItself looks for what switches an entry off, or all its tools.
func offByItself(n node) (why, do string) {
	for _, flag := range [][2]string{{"disabled", "true"}, {"enabled", "false"}} {
		name, off := flag[0], flag[1]
		if m, err := find(n, name); err == nil && m != nil && m.kind() == isNumber && m.str() == off {
			return name + " is " + off, "take " + name + " out of the entry, or switch the server on in the client"
		}
	}
	for _, name := range []string{"tools", "enabled_tools", "includeTools"} {
		if m, err := find(n, name); err == nil && m != nil && m.kind() == isList && isEmpty(m.items()) {
			return name + " is an empty list, so that the client shows none of its tools", "take " + name + " out of the entry"
		}
	}
	return "", ""
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

func isEmpty[T any](all iter.Seq[T]) bool {
	for range all {
		return false
	}
	return true
}
