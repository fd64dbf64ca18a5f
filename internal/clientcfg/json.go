// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/tailscale/hujson"
)

var utf8BOM = []byte("\xef\xbb\xbf")

// editJSON is the editor of JSON and JSONC. It makes one change at a time and
// parses the text again after each, until nothing is left to do: offsets are
// never stale, and having ended proves that the text has what it should.
func editJSON(data []byte, c Client, ch change) ([]byte, error) {
	text, hasBOM := bytes.CutPrefix(data, utf8BOM)
	if len(bytes.TrimSpace(text)) == 0 {
		if len(ch.set) == 0 {
			return data, nil
		}
		text = []byte("{}" + newlineOf(text))
	}
	before, err := parse(text)
	if err != nil {
		return nil, err
	}
	if c.Format == JSON {
		if err := before.checkStrict(); err != nil {
			return nil, err
		}
	}
	edit := jsonEdit{layout: before.layout(c), change: ch}
	after, err := edit.run(before)
	if err != nil {
		return nil, err
	}
	if after == before {
		return data, nil
	}
	if err := edit.verify(before, after); err != nil {
		return nil, err
	}
	if hasBOM {
		return append(bytes.Clone(utf8BOM), after.text...), nil
	}
	return after.text, nil
}

// layout chooses where in the document the servers are: the first place of the
// client's that is there, or else the first. A place that cannot be read, since
// its key is there twice, is chosen too, for the error that it leads to.
func (d *doc) layout(c Client) layout {
	layouts := c.layouts
	if len(layouts) == 0 {
		layouts = []layout{mcpServers}
	}
	for _, l := range layouts {
		if v, missing, err := d.walk(l.key); err != nil || len(missing) == 0 && v.Value.Kind() == '{' {
			return l
		}
	}
	return layouts[0]
}

// walk goes down from the root along key. It returns the last value that is
// there and the keys that are missing.
func (d *doc) walk(key []string) (v *hujson.Value, missing []string, err error) {
	v = &d.root
	for i, k := range key {
		what := "the file"
		if i > 0 {
			what = strings.Join(key[:i], ".")
		}
		obj, err := d.object(v, what)
		if err != nil {
			return nil, nil, err
		}
		m, err := d.member(obj, k)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			return v, key[i:], nil
		}
		v = &m.Value
	}
	return v, nil, nil
}

// jsonEdit is one change to one document.
type jsonEdit struct {
	layout layout
	change change
}

// errLoop and errVerify mean that the editor has a bug; the file is untouched.
var (
	errLoop   = errors.New("internal error: the edit does not come to an end")
	errVerify = errors.New("internal error: the edit would change more than the servers")
)

// run returns the document after all changes; d itself if there are none.
func (e jsonEdit) run(d *doc) (*doc, error) {
	steps := 10 + len(e.layout.key) + len(e.change.remove)
	for _, entry := range e.change.set {
		steps += 10 + len(entry.Env)
	}
	for range steps {
		next, err := e.next(d)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return d, nil
		}
		if d, err = parse(d.apply(next)); err != nil {
			return nil, errors.Join(errVerify, err)
		}
	}
	return nil, errLoop
}

// next returns the next change, nil if the document is as it should be.
func (e jsonEdit) next(d *doc) ([]splice, error) {
	servers, missing, err := d.walk(e.layout.key)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		if len(e.change.set) == 0 {
			return nil, nil
		}
		return d.insert(servers, field{missing[0], []field(nil)}), nil
	}
	obj, err := d.object(servers, strings.Join(e.layout.key, "."))
	if err != nil {
		return nil, err
	}
	for _, name := range e.change.remove {
		if s, err := e.nextRemoval(d, servers, obj, name); s != nil || err != nil {
			return s, err
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.change.set)) {
		if s, err := e.nextInEntry(d, servers, obj, name); s != nil || err != nil {
			return s, err
		}
	}
	return nil, nil
}

func (e jsonEdit) nextRemoval(d *doc, servers *hujson.Value, obj *hujson.Object, name string) ([]splice, error) {
	m, err := d.member(obj, name)
	if m == nil || err != nil {
		return nil, err
	}
	if err := e.checkOurs(d, &m.Value, name); err != nil {
		return nil, err
	}
	i := slices.IndexFunc(obj.Members, func(m hujson.ObjectMember) bool { return keyOf(&m) == name })
	return d.remove(servers, i), nil
}
