// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"slices"
	"strconv"
	"strings"
)

// gate is a setting of a client's that keeps servers from being started, whatever
// their entries say.
type gate struct {
	scope scope
	// files have the setting, and what all of them say counts. Each is given by its
	// paths, as place.path, of which the first with a base counts; none: the file
	// with the servers.
	files [][]string
	// key is that of the setting. As parts of it, [ofName] is a server's name and
	// [ofProject] a project's folder.
	key    []string
	allow  bool   // who is not on the list is off; else who is
	off    string // the value that switches servers off; "": the setting is a list
	folded bool   // names that differ in case alone are the same
}

// scope is whose entries a gate is for.
type scope int

const (
	anyScope scope = iota
	own            // those of the person's own file
	shared         // those of a project's
)

const (
	ofName    = "$NAME"
	ofProject = "$PROJECT" // for the person's own file: any project
)

// server is an entry that a gate is asked about.
type server struct {
	name    string
	command []string // with its arguments
}

// look is what gates see.
type look struct {
	env  Env
	root string // the project's folder; "" for the person's own file
	path string // of the file with the servers
	in   document
	read map[string]document // other files; nil: there is none
}

// setting is a value that a gate has found.
type setting struct {
	where   string
	key     []string
	node    node
	name    string // of the server that it is for; "": of all
	project string // folder of the one project that it is for; "": all
}

// look returns what the client's gates see beside the file at path.
func (c Client) look(env Env, path string, in document) look {
	env = env.withDefaults()
	getenv, admin := env.Getenv, onSystem(c.admin, env.GOOS)
	env.Getenv = func(name string) string {
		switch name {
		case "PROJECT":
			return c.Root
		case "BESIDE":
			return path[:max(0, strings.LastIndexAny(path, `/\`))]
		case "ADMIN":
			return admin
		}
		return getenv(name)
	}
	return look{env: env, root: c.Root, path: path, in: in, read: map[string]document{}}
}

// file returns the first of these paths that has a base, and what is there.
func (l look) file(paths []string) (string, document) {
	places := make([]place, len(paths))
	for i, path := range paths {
		places[i].path = path
	}
	path, err := l.env.first("", places)
	switch {
	case err != nil || path == "":
		return "", nil
	case path == l.path:
		return path, l.in
	}
	if _, done := l.read[path]; !done {
		l.read[path] = settings(path)
	}
	return path, l.read[path]
}

// closed returns which of the servers the gate keeps from being started.
func (g gate) closed(l look, servers []server) []Switch {
	wanted := map[string]bool{}
	for _, s := range servers {
		wanted[g.id(s.name)] = true
	}
	if g.files == nil {
		return g.judge(g.settings(l.root, l.path, l.in, wanted), servers)
	}
	var found []setting
	for _, paths := range g.files {
		if where, in := l.file(paths); in != nil {
			found = append(found, g.settings(l.root, where, in, wanted)...)
		}
	}
	return g.judge(found, servers)
}

// settings returns what a file has at the gate's key; of what it has by the names of
// servers, that of the wanted ones.
func (g gate) settings(root, where string, in document, wanted map[string]bool) []setting {
	top, missing, err := in.walk(nil)
	if err != nil || len(missing) > 0 {
		return nil
	}
	var found []setting
	var down func(s setting, key []string)
	down = func(s setting, key []string) {
		if len(key) == 0 {
			found = append(found, s)
			return
		}
		members, err := s.node.members()
		if err != nil {
			return
		}
		for m := range members {
			if m.err != nil || m.node == nil || !leads(key[0], m.name, root) || key[0] == ofName && !wanted[g.id(m.name)] {
				continue
			}
			next := s
			next.key, next.node = append(slices.Clip(s.key), m.name), m.node
			switch {
			case key[0] == ofName:
				next.name = g.id(m.name)
			case key[0] == ofProject && root == "":
				next.project = m.name
			}
			down(next, key[1:])
		}
	}
	down(setting{where: where, node: top}, g.key)
	return found
}

// leads tells whether a member is what a part of a key means.
func leads(part, member, root string) bool {
	slashes := func(path string) string { return strings.ReplaceAll(path, `\`, "/") }
	return part == member || part == ofName || part == ofProject && (root == "" || slashes(member) == slashes(root))
}

// id is the same for names that mean the same server.
func (g gate) id(name string) string {
	if g.folded {
		return strings.ToLower(strings.TrimSpace(name))
	}
	return name
}

// judge tells which of the servers these settings keep from being started.
func (g gate) judge(found []setting, servers []server) []Switch {
	switch {
	case g.off != "":
		return g.switches(found, servers)
	case g.allow:
		return g.allows(found, servers)
	}
	return g.denies(found, servers)
}

// switches is judge for switches.
func (g gate) switches(found []setting, servers []server) []Switch {
	closed := map[string]setting{}
	for _, f := range slices.Backward(found) {
		if (f.node.kind() == isText || f.node.kind() == isNumber) && f.node.str() == g.off {
			closed[f.name] = f
		}
	}
	var all []Switch
	for _, s := range servers {
		f, off := closed[""]
		if !off {
			f, off = closed[g.id(s.name)]
		}
		if off {
			all = append(all, f.closes(s, "is "+g.off, "set it to another value"))
		}
	}
	return all
}

// denies is judge for lists of what is off.
func (g gate) denies(found []setting, servers []server) []Switch {
	names, commands, _ := g.lists(found, servers)
	var all []Switch
	for _, s := range servers {
		f, off := names[g.id(s.name)]
		if !off {
			f, off = commands[commandKey(s.command)]
		}
		if off {
			all = append(all, f.closes(s, "has it", "take "+strconv.Quote(s.name)+" out of it"))
		}
	}
	return all
}

// allows is judge for lists of what is not off. One with a command in it allows no
// server by its name.
func (g gate) allows(found []setting, servers []server) []Switch {
	found = slices.DeleteFunc(found, func(f setting) bool { return f.node.kind() != isList })
	if len(found) == 0 {
		return nil
	}
	names, commands, byCommand := g.lists(found, servers)
	var all []Switch
	for _, s := range servers {
		_, on := names[g.id(s.name)]
		do := "add " + strconv.Quote(s.name) + " to it"
		if byCommand {
			_, on = commands[commandKey(s.command)]
			do = "add the command of " + strconv.Quote(s.name) + " to it"
		}
		if !on {
			all = append(all, found[0].closes(s, "allows only other servers", do))
		}
	}
	return all
}

// lists returns which of the servers are in lists, by their names and by their
// commands, with the first list that has them, and whether a list has any command.
func (g gate) lists(found []setting, servers []server) (names, commands map[string]setting, byCommand bool) {
	ids, keys := map[string]bool{}, map[string]bool{}
	for _, s := range servers {
		ids[g.id(s.name)], keys[commandKey(s.command)] = true, true
	}
	names, commands = map[string]setting{}, map[string]setting{}
	for _, f := range slices.Backward(found) {
		for item := range f.node.items() {
			if item.kind() == isObject {
				if list, err := find(item, "serverCommand"); err == nil && list != nil {
					byCommand = true
					if key := commandKey(texts(list)); keys[key] {
						commands[key] = f
					}
					continue
				}
				item, _ = find(item, "serverName")
			}
			if item != nil && item.kind() == isText && ids[g.id(item.str())] {
				names[g.id(item.str())] = f
			}
		}
	}
	return names, commands, byCommand
}

// commandKey is a command as the key of a map.
func commandKey(command []string) string { return strings.Join(command, "\x00") }

// texts are the items of a list.
func texts(list node) (all []string) {
	for item := range list.items() {
		all = append(all, item.str())
	}
	return all
}

// closes is what a setting does to a server.
func (f setting) closes(s server, why, do string) Switch {
	key := keyText(f.key)
	if f.project != "" {
		key = f.key[len(f.key)-1] + " of the project " + f.project
	}
	return Switch{Name: s.name, Where: f.where, Why: key + " " + why, Do: do, Partly: f.project != ""}
}
