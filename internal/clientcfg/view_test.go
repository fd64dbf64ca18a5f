// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: what is known of a client's file, written down once more.

package clientcfg

import (
	"bytes"
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
	"github.com/tailscale/hujson"
	"go.yaml.in/yaml/v4"
)

// view is what is known of a client's file, written down once more
// for the tests, and how to look at the decoded file with it.
type view struct {
	key                []string
	program, args, env string
	joined             bool
	kept               []string // fields that are written only if they are missing
}

func viewOf(c Client, in []byte) view {
	v := view{key: []string{"mcpServers"}}
	switch c.ID {
	case "vscode", "vscode-insiders", "visual-studio", "copilot-jetbrains":
		v.key = []string{"servers"}
	case "copilot-cli":
		v.kept = []string{"tools"}
	case "zed":
		v.key, v.kept = []string{"context_servers"}, []string{"source"}
	case "crush":
		v.key, v.kept = []string{"mcp"}, []string{"timeout"}
	case "amp":
		v.key = []string{"amp.mcpServers"}
	case "opencode":
		v = view{key: []string{"mcp"}, env: "environment", joined: true, kept: []string{"enabled", "timeout"}}
		if mcp, ok := parts(c, in)["mcp"].(map[string]any); ok {
			if servers, ok := mcp["servers"].(map[string]any); ok && !isScalar(servers["command"]) && !isScalar(servers["url"]) {
				v.key, v.kept = []string{"mcp", "servers"}, []string{"timeout"}
			}
		}
	case "codex":
		v.key, v.kept = []string{"mcp_servers"}, []string{"startup_timeout_sec"}
	case "goose":
		v = view{key: []string{"extensions"}, program: "cmd", env: "envs", kept: []string{"enabled", "timeout", "description", "name"}}
	case "":
		v = viewOfAnyFile(c, in)
	}
	v.program, v.args, v.env = cmp.Or(v.program, "command"), cmp.Or(v.args, "args"), cmp.Or(v.env, "env")
	return v
}

// viewOfAnyFile is the rule of the documentation: the shape that is there. What
// has none is refused.
func viewOfAnyFile(c Client, in []byte) view {
	file := parts(c, in)
	at := func(file map[string]any, key string) map[string]any {
		servers, _ := file[key].(map[string]any)
		if isScalar(servers["command"]) || isScalar(servers["url"]) {
			return nil
		}
		return servers
	}
	mcp, _ := file["mcp"].(map[string]any)
	switch {
	case c.Format == TOML:
		return viewOf(Client{ID: "codex"}, in)
	case c.Format == YAML && at(file, "extensions") != nil && allTyped(at(file, "extensions")):
		return viewOf(Client{ID: "goose"}, in)
	case len(c.layouts) < 2 || c.Format == YAML || at(file, "mcpServers") != nil:
	case at(file, "context_servers") != nil:
		return viewOf(Client{ID: "zed"}, in)
	case at(file, "amp.mcpServers") != nil:
		return viewOf(Client{ID: "amp"}, in)
	case allTyped(at(mcp, "servers"), "local", "remote"):
		return viewOf(Client{ID: "opencode"}, in)
	case allTyped(at(file, "mcp"), "local", "remote"): // also one with the name "servers"
		return viewOf(Client{ID: "opencode"}, []byte("{}"))
	case allTyped(at(file, "mcp"), "stdio", "http", "sse"):
		return viewOf(Client{ID: "crush"}, in)
	case at(file, "servers") != nil:
		return view{key: []string{"servers"}}
	}
	return view{key: []string{"mcpServers"}}
}

// allTyped reports whether there are servers, all of one of the types, if any are
// named.
func allTyped(servers map[string]any, types ...string) bool {
	for _, s := range servers {
		server, ok := s.(map[string]any)
		typ, _ := server["type"].(string)
		if !ok || len(types) > 0 && !slices.Contains(types, typ) {
			return false
		}
	}
	return len(servers) > 0
}

func isScalar(v any) bool {
	_, object := v.(map[string]any)
	return v != nil && !object
}

// parts decodes a file if it can.
func parts(c Client, in []byte) map[string]any {
	v, _ := tryDecode(c.editor().format, in)
	return v
}

func tryDecode(f Format, text []byte) (v map[string]any, err error) {
	switch f {
	case TOML:
		err = toml.Unmarshal(text, &v)
	case YAML:
		var file yaml.Node
		if err = yaml.Unmarshal(text, &v); err == nil && v != nil {
			err = yaml.Unmarshal(text, &file)
			v, _ = asWritten(file.Content[0]).(map[string]any)
		}
	default:
		var standard []byte
		if standard, err = hujson.Standardize(append(bytes.Clone(text), '\n')); err == nil {
			d := json.NewDecoder(bytes.NewReader(standard))
			d.UseNumber()
			err = d.Decode(&v)
		}
	}
	return v, err
}

// asWritten is a value with the keys as they are written, numbers and all.
func asWritten(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		all := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			all[n.Content[i].Value] = asWritten(n.Content[i+1])
		}
		return all
	case yaml.SequenceNode:
		all := []any{}
		for _, c := range n.Content {
			all = append(all, asWritten(c))
		}
		return all
	case yaml.AliasNode:
		return "*" + n.Value
	}
	var v any
	if n.Decode(&v) != nil {
		return n.Value
	}
	return v
}

func decodeAs(t *testing.T, f Format, text []byte) map[string]any {
	t.Helper()
	v, err := tryDecode(f, text)
	if err != nil {
		t.Fatalf("does not decode: %v\n%q", err, text)
	}
	if v == nil {
		v = map[string]any{}
	}
	return v
}

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	return decodeAs(t, JSONC, text)
}

func (v view) pointer() string {
	return "/" + strings.Join(v.key, "/")
}

// holder returns what holds the servers, nil if it is not there.
func (v view) holder(file map[string]any) any {
	var at any = file
	for _, key := range v.key {
		m, _ := at.(map[string]any)
		at = m[key]
	}
	return at
}

func (v view) there(file map[string]any) bool { return v.holder(file) != nil }

// entries returns the servers by their names, also those of a list.
func (v view) entries(file map[string]any) map[string]map[string]any {
	all := map[string]map[string]any{}
	switch servers := v.holder(file).(type) {
	case map[string]any:
		for name, e := range servers {
			if all[name], _ = e.(map[string]any); all[name] == nil {
				all[name] = map[string]any{"": e}
			}
		}
	case []any:
		for _, item := range servers {
			e, _ := item.(map[string]any)
			if name, ok := e["name"].(string); ok {
				all[name] = e
			}
		}
	}
	return all
}

// drop takes entries out, and what held them if nothing is left.
func (v view) drop(file map[string]any, names []string) {
	at := file
	for _, key := range v.key[:len(v.key)-1] {
		at, _ = at[key].(map[string]any)
	}
	last := v.key[len(v.key)-1]
	switch servers := at[last].(type) {
	case map[string]any:
		for _, name := range names {
			delete(servers, name)
		}
		if len(servers) == 0 {
			delete(at, last)
		}
	case []any:
		left := slices.DeleteFunc(servers, func(item any) bool {
			e, _ := item.(map[string]any)
			name, ok := e["name"].(string)
			return ok && slices.Contains(names, name)
		})
		if at[last] = left; len(left) == 0 {
			delete(at, last)
		}
	case nil:
		delete(at, last)
	}
}

// check compares an entry with what was to be written.
func (v view) check(t *testing.T, entry map[string]any, want Entry) {
	t.Helper()
	words := append([]string{want.Command}, want.Args...)
	var got []any
	if v.joined {
		got, _ = entry[v.program].([]any)
	} else {
		got, _ = entry[v.args].([]any)
		got = append([]any{entry[v.program]}, got...)
	}
	if len(got) != len(words) {
		t.Fatalf("command and args %q, want %q", got, words)
	}
	for i := range got {
		if got[i] != words[i] {
			t.Errorf("command and args %q, want %q", got, words)
		}
	}
	env, _ := entry[v.env].(map[string]any)
	for name, value := range want.Env {
		if env[name] != value {
			t.Errorf("env %s is %q, want %q", name, env[name], value)
		}
	}
	live, _ := entry["env_vars"].([]any)
	for _, name := range want.EnvVars {
		if !slices.Contains(live, any(name)) {
			t.Errorf("env_vars %q lacks %s", live, name)
		}
	}
	for _, name := range v.kept {
		if entry[name] == nil && name != "name" {
			t.Errorf("%s is missing", name)
		}
	}
}

// checkKept: fields of our entry that are not ours to write stay.
func (v view) checkKept(t *testing.T, old, now map[string]any) {
	t.Helper()
	command, _ := old[v.program].(string)
	if all, ok := old[v.program].([]any); ok && len(all) > 0 {
		command, _ = all[0].(string)
	}
	if !isTshmcp(command) {
		return
	}
	for name, value := range old {
		switch name {
		case v.program, v.args, v.env, "type", "env_vars":
		default:
			if value != nil && !reflect.DeepEqual(now[name], value) {
				t.Errorf("%s was %v, is %v", name, value, now[name])
			}
		}
	}
}
