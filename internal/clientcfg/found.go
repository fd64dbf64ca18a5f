// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"context"
	"fmt"
)

// Found is a server that a config file has.
type Found struct {
	Name    string
	Program string // base name of what it runs; "" if it runs nothing, as with a URL
	Ours    bool
	Entry   Entry // what it runs, only if it is ours: others may hold secrets
}

// Entries lists the servers in data, the content of a config file, in the order
// of the file. An entry is ours if it runs tshmcp, or one of the programs at the
// paths of self. Errors: *[SyntaxError], [ErrFormat].
func (c Client) Entries(data []byte, self ...string) ([]Found, error) {
	d, layout, err := c.open(data, "")
	if d == nil || err != nil {
		return nil, err
	}
	e := newEdit(layout, change{self: self}, syntaxes[c.format()])
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
		found := Found{Name: name, Program: programOf(command), Ours: e.ours(command, name)}
		if found.Ours {
			found.Entry = layout.entryOf(entry)
		}
		all = append(all, found)
	}
	return all, nil
}

// EntriesOf lists the servers in the file at path, as [Client.Entries] does; a
// file that is not there has none. Errors have the path in front.
func (c Client) EntriesOf(path string, self ...string) ([]Found, error) {
	old, err := readTarget(path)
	if err == nil {
		var all []Found
		if all, err = c.Entries(old.data, self...); err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("%s: %w", path, err)
}

// readTarget reads the file that path, or a symlink there, stands for.
func readTarget(path string) (snapshot, error) {
	target, err := resolve(path)
	if err != nil {
		return snapshot{}, err
	}
	return read(target)
}

// Preview returns what the file at path has and what [Client.Write] would make
// of it, and writes nothing. Errors: as Write.
func (c Client) Preview(ctx context.Context, path string, entries map[string]Entry, opts Options) (Planned, error) {
	return c.preview(ctx, path, opts.change(change{set: entries}), opts)
}

// PreviewRemoval is [Client.Preview] for [Client.RemoveFrom].
func (c Client) PreviewRemoval(ctx context.Context, path string, names []string, opts Options) (Planned, error) {
	return c.preview(ctx, path, opts.change(change{remove: names}), opts)
}

func (c Client) preview(ctx context.Context, path string, ch change, opts Options) (Planned, error) {
	w := writer{Options: opts, edit: func(data []byte) ([]byte, error) { return c.apply(ctx, data, ch) }}
	target, err := w.target(path)
	var old snapshot
	if err == nil {
		old, err = read(target)
	}
	if err == nil {
		_, _, err = w.edited(old)
	}
	if err != nil {
		return Planned{}, fmt.Errorf("%s: %w", path, err)
	}
	return *w.Planned, nil
}

// RenderAll returns what a person can paste into a config file of this client
// for these entries, in the format of the file, with a final newline.
func (c Client) RenderAll(entries map[string]Entry, opts Options) ([]byte, error) {
	c.preamble = ""
	return c.apply(context.Background(), nil, opts.change(change{set: entries}))
}
