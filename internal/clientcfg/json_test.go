// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"errors"
	"strings"
	"testing"
)

func TestRender(t *testing.T) {
	e := Entry{Command: "/bin/tshmcp", Args: []string{"connect", "a"}}
	for id, want := range map[string]string{
		"":       "{\n  \"mcpServers\": {\n    \"a\": {\n      \"command\": \"/bin/tshmcp\",\n      \"args\": [\n        \"connect\",\n        \"a\"\n      ]\n    }\n  }\n}\n",
		"vscode": "{\n  \"servers\": {\n    \"a\": {\n      \"type\": \"stdio\",\n      \"command\": \"/bin/tshmcp\",\n      \"args\": [\n        \"connect\",\n        \"a\"\n      ]\n    }\n  }\n}\n",
	} {
		c, _ := Lookup(id)
		if got, err := c.render("a", e); err != nil || string(got) != want {
			t.Errorf("%q: %v\n%s", id, err, got)
		}
	}
}

// TestVerify tampers with texts as a mistake of the editor would.
func TestVerify(t *testing.T) {
	const before = `{"a": 1, "mcpServers": {"x": {}, "t": 1}, "z": 2} // end`
	e := edit{layout: mcpServers, change: change{set: map[string]Entry{"t": {}}, remove: []string{"r"}}}
	good := []string{before, `{"a": 1, "mcpServers": {"x": {}, "t": {"new": 2}}, "z": 2} // end`, `{"a": 1, "mcpServers": {"x": {}}, "z": 2} // end`}
	bad := []string{
		`{"a": 1, "mcpServers": {"x": {}, "t": 1}, "z": 2}`,
		` {"a": 1, "mcpServers": {"x": {}, "t": 1}, "z": 2} // end`,
		`{"a": 2, "mcpServers": {"x": {}, "t": 1}, "z": 2} // end`,
		`{"a": 1,  "mcpServers": {"x": {}, "t": 1}, "z": 2} // end`,
		`{"a": 1, "mcpServers": {"x": {}, "t": 1}, "z": 2, "y": 3} // end`,
		`{"a": 1, "mcpServers": {"x": {}, "t": 1}} // end`,
		`{"a": 1, "mcpServers": {"x": {"y": 1}, "t": 1}, "z": 2} // end`,
		`{"a": 1, "mcpServers": {"t": 1}, "z": 2} // end`,
		`{"a": 1, "mcpServers": {"x": {}, "y": {}, "t": 1}, "z": 2} // end`,
	}
	for i, text := range append(good, bad...) {
		d, err := parseJSON([]byte(before), "")
		if err != nil {
			t.Fatal(err)
		}
		after, err := parseJSON([]byte(text), "")
		if err != nil {
			t.Fatal(err)
		}
		verify, err := d.verifier(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := verify(after); (err == nil) != (i < len(good)) {
			t.Errorf("%s: %v", text, err)
		}
	}
	missing, _ := parseJSON([]byte(`{"a": 1}`), "")
	verify, err := missing.verifier(e)
	if err != nil {
		t.Fatal(err)
	}
	for text, ok := range map[string]bool{`{"a": 1, "mcpServers": {"t": {}}}`: true, `{"a": 2, "mcpServers": {"t": {}}}`: false, `{"mcpServers": {"t": {}}}`: false, `{"a": 1, "mcpServers": {"u": {}}}`: false} {
		after, _ := parseJSON([]byte(text), "")
		if err := verify(after); (err == nil) != ok {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestDeepFile(t *testing.T) {
	for depth, ok := range map[int]bool{maxDepth - 1: true, maxDepth: false, 1_000_000: false} {
		in := `{"a": "[[\"{", "b":` + strings.Repeat("[", depth) + strings.Repeat("]", depth) + "}"
		_, err := (Client{}).Edit([]byte(in), defaultEntries)
		var syntax *SyntaxError
		if ok && err != nil || !ok && !errors.As(err, &syntax) {
			t.Errorf("depth %d: %v", depth, err)
		}
	}
	// Brackets in strings and comments do not count.
	in := `{"a": "` + strings.Repeat(`[\"`, 2*maxDepth) + `" /*` + strings.Repeat("{", 2*maxDepth) + "*/ //" + strings.Repeat("[", 2*maxDepth) + "\n}"
	if _, err := (Client{}).Edit([]byte(in), defaultEntries); err != nil {
		t.Error(err)
	}
}

func TestSyntaxErrorPosition(t *testing.T) {
	for in, want := range map[string]string{
		"\ufeff{\n x}":            "line 2, column 2: invalid value",
		"{\r\n\t\"é\": 1,\r\n?}":  "line 3, column 1: invalid character '?' at start of value",
		"\xff\xfe{\x00":           "line 1, column 1: the file is UTF-16, not UTF-8",
		"{} //":                   "",
		"{} /*":                   "line 1, column 4: unexpected end of the file",
		"{\"a\": 1":               "line 1, column 8: unexpected end of the file",
		"{\"a\":\n \"b\\u12\"}":   "line 2, column 2: invalid string",
		"{\"a\":\n /* \" */ \"b}": "line 2, column 10: string without an end",
		"{\"a\": 01}":             "line 1, column 7: invalid value",
	} {
		_, err := (Client{}).Edit([]byte(in), defaultEntries)
		if got := errorText(err); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestOursByPath: an entry is ours by the path of the program, too.
func TestOursByPath(t *testing.T) {
	in := []byte(`{"mcpServers": {"a": {"command": "/opt/bridge"}}}`)
	remove := change{remove: []string{"a"}}
	var foreign *ForeignEntryError
	if _, err := (Client{}).editor().apply(t.Context(), in, remove); !errors.As(err, &foreign) || foreign.Command != "bridge" {
		t.Errorf("%v", err)
	}
	remove.self = []string{"/opt/bridge"}
	if out, err := (Client{}).editor().apply(t.Context(), in, remove); err != nil || string(out) != `{"mcpServers": {}}` {
		t.Errorf("%s, %v", out, err)
	}
}

// TestInputIsNotTouched: not even behind its end, where it has room.
func TestInputIsNotTouched(t *testing.T) {
	room := []byte(oldFile + "behind")
	in := room[:len(oldFile)]
	if _, err := (Client{}).Edit(in, defaultEntries); err != nil {
		t.Fatal(err)
	}
	if string(room) != oldFile+"behind" {
		t.Errorf("%q", room)
	}
}

// TestByteOrderMark: a client whose parser takes no mark gets no entry into a file that
// begins with one. Gemini, Amp and Cline do not read such a file, Qwen and Copilot do.
func TestByteOrderMark(t *testing.T) {
	for id, taken := range map[string]bool{
		"gemini-cli": false, "amp": false, "cline": false,
		"qwen-code": true, "copilot-cli": true, "claude-code": true, "opencode": true, "codex": true,
	} {
		c, _ := Lookup(id)
		for _, rest := range []string{"", "{}\n"} {
			if c.Format == TOML {
				rest = ""
			}
			out, err := c.Edit([]byte("\xef\xbb\xbf"+rest), entryFor("x"))
			var refused *SyntaxError
			if taken != (err == nil) || !taken && !errors.As(err, &refused) {
				t.Errorf("%s %q: %v\n%s", id, rest, err, out)
			}
			if _, err := c.Entries([]byte("\xef\xbb\xbf" + rest)); taken != (err == nil) {
				t.Errorf("%s %q: %v", id, rest, err)
			}
		}
	}
}

// TestNoServer: what is no server is told of.
func TestNoServer(t *testing.T) {
	c, _ := Lookup("qwen-code")
	all, err := c.Entries([]byte(`{"mcpServers": {"a": null, "b": 5, "c": ["x"], "d": "x", "e": {}}}`))
	if err != nil || len(all) != 5 {
		t.Fatalf("%+v %v", all, err)
	}
	for _, f := range all {
		if f.NoServer != (f.Name != "e") {
			t.Errorf("%s: %t", f.Name, f.NoServer)
		}
	}
}
