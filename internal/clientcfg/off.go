// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// gate is a setting that keeps servers from being started, whatever their entries
// say: a list of those that may be, or may not be, or a switch for all.
type gate struct {
	file  string // as place.path; "": the file with the servers
	key   []string
	allow bool   // who is not on the list is off; else who is
	off   string // the value that switches all servers off; "": it is a list
}

// Switch is why a server is not started although its entry is there.
type Switch struct {
	Name  string // of the entry
	Where string // the file
	Why   string // the setting and its value
	Do    string // what turns the server on
}

// SwitchedOff returns which of the named servers the client does not start, by
// data, the content of the file at path, and by the client's other settings. What
// cannot be read says nothing.
func SwitchedOff(c Client, env Env, path string, data []byte, names []string) []Switch {
	d, l, err := c.editor().open(data, "")
	if d == nil || err != nil {
		return nil
	}
	var all []Switch
	servers, missing, err := d.walk(l.key)
	if err != nil || len(missing) > 0 {
		return nil
	}
	members, _ := servers.members()
	wanted := map[string]bool{}
	for _, name := range names {
		wanted[name] = true
	}
	entries := membersNamed(members, func(name string) bool { return wanted[name] })
	for _, name := range names {
		if n, err := entries[name].get(); err == nil && n != nil {
			if why, do := offByItself(n); why != "" {
				all = append(all, Switch{Name: name, Where: path, Why: why, Do: do})
			}
		}
	}
	env = env.withDefaults()
	getenv := env.Getenv
	env.Getenv = func(name string) string {
		switch name {
		case "PROJECT":
			return c.Root
		case "BESIDE":
			return path[:max(0, strings.LastIndexAny(path, `/\\`))]
		}
		return getenv(name)
	}
	for _, g := range c.gates {
		where, in := path, d
		if g.file != "" {
			if where, in = settings(env, g.file); in == nil {
				continue
			}
		}
		for _, name := range names {
			if why, do := g.closed(in, name); why != "" {
				all = append(all, Switch{Name: name, Where: where, Why: why, Do: do})
			}
		}
	}
	return all
}

// settings reads another file of a client, JSON with or without comments.
func settings(env Env, path string) (string, document) {
	found, err := env.find(place{path: path, when: fileExists})
	if err != nil || len(found) != 1 {
		return "", nil
	}
	s, err := read(found[0])
	if err != nil {
		return "", nil
	}
	text := bytes.TrimPrefix(s.data, utf8BOM)
	if len(bytes.TrimSpace(text)) == 0 {
		return "", nil
	}
	d, err := parseJSON(text, "")
	if err != nil {
		return "", nil
	}
	return found[0], d
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
		if m, err := find(n, name); err == nil && m != nil && m.kind() == isList && len(m.items()) == 0 {
			return name + " is an empty list, so that the client shows none of its tools", "take " + name + " out of the entry"
		}
	}
	return "", ""
}

// closed looks whether a setting keeps a server from being started.
func (g gate) closed(d document, name string) (why, do string) {
	n, missing, err := d.walk(g.key)
	if err != nil || len(missing) > 0 {
		return "", ""
	}
	key := keyText(g.key)
	if g.off != "" {
		if (n.kind() == isText || n.kind() == isNumber) && n.str() == g.off {
			return key + " is " + g.off, "set it to another value"
		}
		return "", ""
	}
	if n.kind() != isList {
		return "", ""
	}
	listed := slices.ContainsFunc(n.items(), func(item node) bool {
		if item.kind() == isObject {
			item, _ = find(item, "serverName")
		}
		return item != nil && item.kind() == isText && item.str() == name
	})
	switch {
	case g.allow && !listed:
		return fmt.Sprintf("%s allows only other servers", key), "add " + strconv.Quote(name) + " to it"
	case !g.allow && listed:
		return fmt.Sprintf("%s has it", key), "take " + strconv.Quote(name) + " out of it"
	}
	return "", ""
}

// The settings of the clients that have such.
var (
	geminiGates = []gate{
		{key: []string{"mcp", "allowed"}, allow: true}, {key: []string{"mcp", "excluded"}},
		{key: []string{"allowMCPServers"}, allow: true}, {key: []string{"excludeMCPServers"}},
	}
	claudeGates = []gate{
		{file: "$PROJECT/.claude/settings.json", key: []string{"disabledMcpjsonServers"}},
		{file: "$PROJECT/.claude/settings.local.json", key: []string{"disabledMcpjsonServers"}},
		{file: "$HOME/.claude/settings.json", key: []string{"disabledMcpjsonServers"}},
		{file: "$HOME/.claude/settings.json", key: []string{"allowedMcpServers"}, allow: true},
		{file: "$HOME/.claude/settings.json", key: []string{"deniedMcpServers"}},
	}
	codeGates = []gate{
		{file: "$BESIDE/settings.json", key: []string{"chat.mcp.access"}, off: "none"},
		{file: "$BESIDE/settings.json", key: []string{"chat.mcp.enabled"}, off: "false"},
	}
)
