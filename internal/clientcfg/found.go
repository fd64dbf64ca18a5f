// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

// Found is a server that a config file has.
type Found struct {
	Name    string
	Program string // base name of what it runs; "" if it runs nothing, as with a URL
	Ours    bool
	Entry   Entry // what it runs, only if it is ours: others may hold secrets

	NoServer bool // it is nothing that could be a server, but null, say, or a number
}

// entries is [Client.Entries].
func (ed editor) entries(data []byte, self []string) ([]Found, error) {
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
	members, err := servers.members()
	if err != nil {
		return nil, err
	}
	named := membersNamed(members, func(string) bool { return true })
	var all []Found
	for _, m := range members {
		name := m.name
		entry, err := named[name].get()
		if err != nil {
			return nil, err
		}
		if _, err := layout.commandOf(entry); err != nil {
			return nil, err
		}
		command := layout.startedBy(entry)
		found := Found{Name: name, Program: programOf(command), Ours: e.ours(command, name), NoServer: entry.kind() != isObject}
		if found.Ours {
			found.Entry = layout.entryOf(entry)
		}
		all = append(all, found)
	}
	return all, nil
}
