// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// TestForms: what a form of either version of the protocol says of a value is shown, in
// the server's order, and what is typed means what it says.
func TestForms(t *testing.T) {
	many := make([]string, 50)
	for i := range many {
		many[i] = fmt.Sprintf("c%d", i)
	}
	list, _ := json.Marshal(many)
	for name, tt := range map[string]struct {
		properties string
		lines      []string
		shown      string // all that is asked, with a bar between
		want       string
	}{
		"the server's order": {`"z":{"type":"string"},"m":{"type":"string"},"a":{"type":"string"}`, []string{"1", "2", "3"},
			"z (optional): |m (optional): |a (optional): ", `{"a":"3","m":"2","z":"1"}`},
		"titles and descriptions": {`"n":{"type":"string","title":"Full name","description":"as in the passport"}`, []string{"Ada"},
			"Full name - as in the passport (optional): ", `{"n":"Ada"}`},
		"titles of values, the older way": {`"c":{"type":"string","enum":["r","g"],"enumNames":["Red","Green"]}`, []string{"green"},
			"c [r (Red), g (Green)] (optional): ", `{"c":"g"}`},
		"titles of values, the newer way": {`"c":{"type":"string","oneOf":[{"const":"r","title":"Red"},{"const":"g","title":"Green"}],"default":"g"}`, []string{""},
			"c [r (Red), g (Green)] (optional; default: g): ", `{"c":"g"}`},
		"a title that is another's value": {`"c":{"type":"string","oneOf":[{"const":"a","title":"b"},{"const":"b","title":"c"}]}`, []string{"b"},
			"c [a (b), b (c)] (optional): ", `{"c":"b"}`},
		"several of some": {`"c":{"type":"array","items":{"type":"string","enum":["r","g"]},"default":["r","g"]}`, []string{""},
			"c [r, g] (comma-separated; optional; default: r, g): ", `{"c":["r","g"]}`},
		"several of some with titles": {`"c":{"type":"array","maxItems":2,"items":{"anyOf":[{"const":"r","title":"Red"},{"const":"x","title":"Green, dark"}]}}`, []string{"Green, dark"},
			"c [r (Red), x (Green, dark)] (comma-separated; optional; at most 2 values):|> ", `{"c":["x"]}`},
		"yes or no":             {`"b":{"type":"boolean","default":true}`, []string{"n"}, "b (yes or no; optional; default: yes): ", `{"b":false}`},
		"yes by default":        {`"b":{"type":"boolean","default":true}`, []string{""}, "b (yes or no; optional; default: yes): ", `{"b":true}`},
		"a date, mistyped":      {`"d":{"type":"string","format":"date"}`, []string{"tomorrow", "2026-01-02"}, "d (optional; a date such as 2026-01-31): |d takes a date such as 2026-01-31|d (optional; a date such as 2026-01-31): ", `{"d":"2026-01-02"}`},
		"a number with a range": {`"n":{"type":"number","minimum":1,"maximum":2}`, []string{"1.5"}, "n (number; optional; 1 to 2): ", `{"n":1.5}`},
		"a default that is none": {`"s":{"type":"string","enum":["a"],"default":"zzz"},"n":{"type":"integer","maximum":3,"default":9}`, []string{"", ""},
			"s [a] (optional): |n (whole number; optional; at most 3): ", `{}`},
		"an empty default": {`"s":{"type":"string","default":""}`, []string{""}, `s (optional; default: ""): `, `{"s":""}`},
		"many values": {`"c":{"type":"string","enum":` + string(list) + `}`, []string{"c49"},
			"c [c0, c1, c2, c3, c4, and 45 more] (optional): ", `{"c":"c49"}`},
		"a question that is wide": {`"c":{"type":"string","description":"` + strings.Repeat("word ", 20) + `"}`, []string{"x"},
			"c - " + strings.TrimSpace(strings.Repeat("word ", 20)) + " (optional):|> ", `{"c":"x"}`},
	} {
		p := &person{lines: append([]string{"y"}, tt.lines...)}
		res, err := p.elicitor().Elicit(t.Context(), &mcp.ElicitParams{RequestedSchema: json.RawMessage(`{"type":"object","properties":{` + tt.properties + `}}`)})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var asked []string
		for _, line := range p.shown {
			if text, ok := strings.CutPrefix(line, "  "); ok && !strings.HasPrefix(text, "| ") {
				asked = append(asked, text)
			}
		}
		if got := strings.Join(asked, "|"); got != tt.shown {
			t.Errorf("%s: asks\n%q, want\n%q", name, got, tt.shown)
		}
		if content, _ := json.Marshal(res.Content); res.Action != "accept" || string(content) != tt.want {
			t.Errorf("%s: %s %s, want %s", name, res.Action, content, tt.want)
		}
	}
}
