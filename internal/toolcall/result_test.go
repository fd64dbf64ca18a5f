// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"slices"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/plain"
)

func TestResultOf(t *testing.T) {
	for doc, want := range map[string][]string{
		`{"content":[{"type":"text","text":"a\n"},{"type":"text","text":""},{"type":"text","text":"b"}]}`:           {"a\n", "", "b"},
		`{"content":[{"type":"resource_link","uri":"file:///x\n","name":"x\u001b"}]}`:                               {"x : file:///x "},
		`{"content":[{"type":"resource","resource":{"uri":"x","text":"embedded"}}]}`:                                {"embedded"},
		`{"content":[{"type":"hologram","text":"of a new kind","more":1}]}`:                                         {"of a new kind"},
		`{"content":[{"type":"image","data":"eA==","mimeType":"image/png"}],"structuredContent":{"a":1}}`:           nil,
		`{"content":[7,null,"x",{"type":7,"text":"odd"}]}`:                                                          {"odd"},
		`{"structuredContent":{"a":[1]}}`:                                                                           {"{\n  \"a\": [\n    1\n  ]\n}"},
		`{"contents":[{"uri":"x","text":"a"},7,{"uri":"y","blob":"eA=="}]}`:                                         {"a"},
		`{"messages":[{"role":"user\u001b[2J","content":{"type":"text","text":"a"}},{"content":[1]},{"role":"x"}]}`: {"user: a"},
		`{"content":null}`: nil,
		`{}`:               nil,
	} {
		r := resultOf([]byte(doc))
		if r == nil {
			t.Errorf("%s: no result", doc)
		} else if !slices.Equal(r.text(), want) || string(r.Raw) != doc || r.Content == nil {
			t.Errorf("%s: %q", doc, r.text())
		}
	}
	for _, doc := range []string{"", "null-", `{"content":{}}`, `{"resultType":"input_required","inputRequests":{}}`, `[]`} {
		raw := []byte(doc)
		if doc == "" {
			raw = nil
		}
		if r := resultOf(raw); r != nil {
			t.Errorf("%q: %+v", doc, r)
		}
	}
}

// What is said of a part that is not shown stays on its line, and short.
func TestNote(t *testing.T) {
	for _, c := range []Content{
		{Type: "image\x1b[2J", MIMEType: strings.Repeat("m\n", 1<<20), URI: strings.Repeat("u\r", 1<<20), Data: "eA=="},
		{Type: "image", File: "/tmp/x"}, {}, {Data: "e"},
	} {
		if note := c.note(); plain.Line(note) != note || len(note) > 2000 {
			t.Errorf("%.200q", note)
		}
	}
	if note := (&Content{Type: "image", MIMEType: "image/png", Data: "YWI="}).note(); note != "not shown: image (image/png), 2 bytes; --out=DIR writes it to a file" {
		t.Errorf("%q", note)
	}
	for want, c := range map[string]Content{
		"not shown: hologram; this version does not know it, --raw shows all of it":              {Type: "hologram"},
		"not shown: a part without a type; this version does not know it, --raw shows all of it": {},
		"not shown: image (image/png); it is not base64, --raw shows all of it":                  {Type: "image", MIMEType: "image/png", Data: "***"},
		"not shown: image, 1 bytes; --format=json has it":                                        {Type: "image", Role: "user", Data: "eA=="},
		"not shown: x; this version does not know it, --format=json has what is known of it":     {Type: "x", Role: "user"},
		"not shown: image, 0 bytes; --out=DIR writes it to a file":                               {Type: "image"},
		"not shown: resource file:///x, 1 bytes; --out=DIR writes it to a file":                  {Type: "resource", URI: "file:///x", Data: "eA=="},
	} {
		if note := c.note(); note != want {
			t.Errorf("%q, want %q", note, want)
		}
	}
}
