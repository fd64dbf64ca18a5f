// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestCutElements(t *testing.T) {
	doc := `{"a":[ 0 , 1 ,2,3 ],"b":1}`
	var at []Span
	list, _ := Find([]byte(doc), "a")
	EachElement(list.Of([]byte(doc)), func(v Span) bool {
		at = append(at, v.From(list.Start))
		return true
	})
	for want, drop := range map[string][]int{
		doc:                        {},
		`{"a":[ 1 ,2,3 ],"b":1}`:   {0},
		`{"a":[ 0 , 1 ,2 ],"b":1}`: {3},
		`{"a":[ 0 , 3 ],"b":1}`:    {2, 1},
		`{"a":[ 1 ],"b":1}`:        {0, 2, 3},
		`{"a":[  ],"b":1}`:         {3, 1, 2, 0},
		`{"a":[ 0 ],"b":1}`:        {1, 2, 3},
		`{"a":[ 2 ],"b":1}`:        {0, 1, 3},
		`{"a":[ 0 , 2 ],"b":1}`:    {1, 3},
	} {
		if got := string(CutElements([]byte(doc), at, drop)); got != want {
			t.Errorf("without %v: %s, want %s", drop, got, want)
		}
	}
}

// However many elements a list has, and however many of them go, it takes no time
// that grows faster.
func TestCutElementsIsLinear(t *testing.T) {
	const n = 300_000
	doc := []byte("[" + strings.Repeat("1,", n) + "1]")
	var at []Span
	var drop []int
	EachElement(doc, func(v Span) bool {
		at, drop = append(at, v), append(drop, len(at))
		return true
	})
	began := time.Now()
	if got := string(CutElements(doc, at, drop)); got != "[]" {
		t.Errorf("got %.100s", got)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}

// Cutting elements out must leave a valid text that encoding/json reads as the
// list without them, and every other byte where it was.
func FuzzCutElements(f *testing.F) {
	f.Add([]byte(`{"result":{"tools":[{"name":"a"} , {"name":"b"},3]},"x":[1]}`), uint(0b010))
	f.Add([]byte(`{"result":{"tools":[ ]}}`), uint(1))
	f.Fuzz(func(t *testing.T, doc []byte, mask uint) {
		if !json.Valid(doc) || !utf8.Valid(doc) {
			return
		}
		list, ok := Find(doc, "result", "tools")
		if !ok {
			return
		}
		var at []Span
		var drop []int
		var want []json.RawMessage
		EachElement(list.Of(doc), func(v Span) bool {
			v = v.From(list.Start)
			if at = append(at, v); mask>>(len(at)-1)&1 == 1 {
				drop = append(drop, len(at)-1)
			} else {
				want = append(want, v.Of(doc))
			}
			return true
		})
		out := CutElements(doc, at, drop)
		if !json.Valid(out) {
			t.Fatalf("%s became %s", doc, out)
		}
		var got []json.RawMessage
		cut, _ := Find(out, "result", "tools")
		EachElement(cut.Of(out), func(v Span) bool { got = append(got, v.Of(cut.Of(out))); return true })
		if len(got) != len(want) {
			t.Fatalf("%s without %v became %s", doc, drop, out)
		}
		for i := range want {
			if string(got[i]) != string(want[i]) {
				t.Fatalf("element %d of %s", i, out)
			}
		}
		if string(out[:cut.Start]) != string(doc[:list.Start]) || string(out[cut.End:]) != string(doc[list.End:]) {
			t.Fatalf("%s became %s", doc, out)
		}
	})
}
