// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/tailscale/hujson"
)

// checkEdit holds an edit to the promises of the package, by other means than
// the editor's own: the decoded values, the bytes around the servers object,
// and the comments.
func checkEdit(t *testing.T, c Client, in, out []byte, entries map[string]Entry) {
	t.Helper()
	if again, err := c.Edit(out, entries); err != nil || !bytes.Equal(again, out) {
		t.Errorf("the second edit is not the same: %v\n%q\n%q", err, out, again)
	}
	if bytes.HasPrefix(in, utf8BOM) != bytes.HasPrefix(out, utf8BOM) {
		t.Error("byte order mark came or went")
	}
	in, out = bytes.TrimPrefix(in, utf8BOM), bytes.TrimPrefix(out, utf8BOM)
	if len(bytes.TrimSpace(in)) == 0 {
		in = []byte("{}")
	}
	key, after := serversKey(c, in), decode(t, out)
	before := decode(t, in)
	for name, e := range entries {
		checkEntry(t, after[key].(map[string]any)[name], e)
	}
	checkOthers(t, before, after, key, entries)
	checkAround(t, in, out, "/"+key)
	if !slices.Equal(commentsOutside(t, in, key, entries), commentsOutside(t, out, key, entries)) {
		t.Errorf("comments differ:\n%q\n%q", in, out)
	}
}

// serversKey is the rule of the documentation: the client's key, and for any
// file "servers" if only that is there.
func serversKey(c Client, in []byte) string {
	if strings.HasPrefix(c.ID, "vscode") {
		return "servers"
	}
	var file map[string]json.RawMessage
	if b, err := hujson.Standardize(append(bytes.Clone(in), '\n')); err == nil && len(c.layouts) > 1 && json.Unmarshal(b, &file) == nil {
		object := func(key string) bool { return bytes.HasPrefix(bytes.TrimSpace(file[key]), []byte("{")) }
		if object("servers") && !object("mcpServers") {
			return "servers"
		}
	}
	return "mcpServers"
}

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	standard, err := hujson.Standardize(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatalf("does not parse: %v\n%q", err, text)
	}
	d := json.NewDecoder(bytes.NewReader(standard))
	d.UseNumber()
	var v map[string]any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("does not decode: %v\n%q", err, text)
	}
	return v
}

func checkEntry(t *testing.T, got any, want Entry) {
	t.Helper()
	entry := got.(map[string]any)
	if entry["command"] != want.Command {
		t.Errorf("command %q, want %q", entry["command"], want.Command)
	}
	args, _ := entry["args"].([]any)
	if len(args) != len(want.Args) {
		t.Fatalf("args %q, want %q", args, want.Args)
	}
	for i := range args {
		if args[i] != want.Args[i] {
			t.Errorf("args %q, want %q", args, want.Args)
		}
	}
	env, _ := entry["env"].(map[string]any)
	for name, value := range want.Env {
		if env[name] != value {
			t.Errorf("env %s is %q, want %q", name, env[name], value)
		}
	}
}

// checkOthers compares everything but the entries and their servers key.
func checkOthers(t *testing.T, before, after map[string]any, key string, entries map[string]Entry) {
	t.Helper()
	was, _ := before[key].(map[string]any)
	is := after[key].(map[string]any)
	for name := range entries {
		old, _ := was[name].(map[string]any)
		checkKept(t, old, is[name].(map[string]any))
		delete(was, name)
		delete(is, name)
	}
	delete(before, key)
	delete(after, key)
	if len(was)+len(is) > 0 && !reflect.DeepEqual(was, is) {
		t.Errorf("other servers differ:\n%v\n%v", was, is)
	}
	if !reflect.DeepEqual(before, after) {
		t.Errorf("other members differ:\n%v\n%v", before, after)
	}
}

// checkKept: fields of our entry that are not ours to write stay.
func checkKept(t *testing.T, old, now map[string]any) {
	t.Helper()
	if command, _ := old["command"].(string); !isTshmcp(command) {
		return
	}
	for name, value := range old {
		switch name {
		case "command", "args", "env", "type":
		default:
			if !reflect.DeepEqual(now[name], value) {
				t.Errorf("%s was %v, is %v", name, value, now[name])
			}
		}
	}
}

// checkAround compares the bytes before and after the servers object, if there
// was one.
func checkAround(t *testing.T, in, out []byte, pointer string) {
	t.Helper()
	was, is := find(t, in, pointer), find(t, out, pointer)
	if was == nil {
		return
	}
	if !bytes.Equal(in[:was.StartOffset], out[:is.StartOffset]) || !bytes.Equal(in[was.EndOffset:], out[is.EndOffset:]) {
		t.Errorf("bytes around the servers differ:\n%q\n%q", in, out)
	}
}

func find(t *testing.T, text []byte, pointer string) *hujson.Value {
	t.Helper()
	v, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	return v.Find(pointer)
}

// commentsOutside returns the comments of a text but for those in the entries.
func commentsOutside(t *testing.T, text []byte, key string, entries map[string]Entry) []string {
	t.Helper()
	root, err := hujson.Parse(append(bytes.Clone(text), '\n'))
	if err != nil {
		t.Fatal(err)
	}
	if servers := root.Find("/" + key); servers != nil {
		if obj, ok := servers.Value.(*hujson.Object); ok {
			for i, m := range obj.Members {
				if _, ok := entries[keyOf(&m)]; ok {
					obj.Members[i].Value.Value = hujson.Literal("0")
				}
			}
		}
	}
	var all []string
	packed := root.Pack()
	for i := 0; i < len(packed); i++ {
		switch packed[i] {
		case '"':
			i = endOfString(packed, i)
		case '/':
			end := endOfComment(packed, i)
			all = append(all, string(bytes.TrimRight(packed[i:min(end+1, len(packed))], "\r\n")))
			i = end
		}
	}
	return all
}

// checkRemoved: taking away what was added gives the file as it was, if it had
// a servers object with something in it, or an empty one.
func checkRemoved(t *testing.T, c Client, in, out []byte, entries map[string]Entry) {
	t.Helper()
	text := bytes.TrimPrefix(in, utf8BOM)
	if len(bytes.TrimSpace(text)) == 0 {
		return
	}
	servers := find(t, text, "/"+serversKey(c, text))
	if servers == nil {
		return
	}
	var names []string
	for name := range entries {
		if m, _ := (&doc{text: text}).member(servers.Value.(*hujson.Object), name); m != nil {
			return
		}
		names = append(names, name)
	}
	got, err := c.apply(out, change{remove: names, force: true})
	if err != nil {
		t.Fatal(err)
	}
	want := in
	if inside := servers.Value.(*hujson.Object).AfterExtra; len(servers.Value.(*hujson.Object).Members) == 0 && len(bytes.TrimSpace(inside)) == 0 {
		at := len(in) - len(text) + servers.StartOffset
		want = slices.Concat(in[:at], []byte("{}"), in[at+len(inside)+2:])
	}
	if !bytes.Equal(got, want) {
		t.Errorf("remove after add:\n%q\nwant\n%q\nfrom\n%q", got, want, out)
	}
}
