// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// tomlLine is one line of a file in which few names are defined again and again.
func tomlLine(r *rand.Rand) string {
	path := func() string {
		parts := make([]string, 1+r.IntN(3))
		for i := range parts {
			parts[i] = []string{"a", "b", `"c"`}[r.IntN(3)]
		}
		return strings.Join(parts, ".")
	}
	values := []string{"1", `"x"`, "{}", "{ a = 1, b.c = 2 }", "{ a = 1, a = 2 }", "[]", "[{ a = 1 }, { a = 1, a.b = 2 }]", "1979-05-27", "1979-02-30", "99999999999999999999", "0x_1", "inf", "[\n  1, # one\n  2,\n]", `"""x
[a]
"""`}
	switch value := values[0]; r.IntN(10) {
	case 0, 1, 2, 3:
		return "[" + path() + "]"
	case 4:
		return "[[" + path() + "]]"
	case 5:
		value = values[r.IntN(len(values))]
		fallthrough
	default:
		return path() + " = " + value
	}
}

// TestTOMLByTheLibrary: what is defined twice, or as two different things, and what is
// no value, is what the library says.
func TestTOMLByTheLibrary(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	good, bad := 0, 0
	for range 60_000 {
		lines := make([]string, 1+r.IntN(6))
		for i := range lines {
			lines[i] = tomlLine(r)
		}
		text := strings.Join(lines, "\n") + "\n"
		var all map[string]any
		want := toml.Unmarshal([]byte(text), &all)
		_, err := parseTOML([]byte(text))
		if (err == nil) != (want == nil) {
			t.Fatalf("%s\nerror %v, of the library %v", text, err, want)
		}
		if err == nil {
			good++
		} else {
			bad++
		}
	}
	if good < 5_000 || bad < 5_000 {
		t.Errorf("%d good files, %d bad ones", good, bad)
	}
}

// TestTOMLPlaces: an error of a value, however many stand before it, is told where it is.
func TestTOMLPlaces(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, "[t%d]\na = [\n  1,\n]\n", i)
	}
	for _, line := range []string{"b = 1979-02-30", "b = { x = 1, x = 2 }", "a = 2", "[t5]", "[t5.a]"} {
		_, err := parseTOML([]byte(b.String() + line + "\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "line 4001, ") {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// BenchmarkTinyTables shows the growth: eight times the tables take eight times as long.
func BenchmarkTinyTables(b *testing.B) {
	for _, n := range []int{2500, 20_000} {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, "[mcp_servers.s%d]\ncommand = \"x\"\n\n", i)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(text.Len()))
			for b.Loop() {
				if _, err := parseTOML([]byte(text.String())); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
