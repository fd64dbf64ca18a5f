// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: how fast frames are found in what comes.

package frame

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// logText is what a log in JSON is as a part of a string: words of all lengths, with
// quotes and line ends that are escaped.
func logText(size int) string {
	words := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for text.Len() < size {
		text.WriteString(strings.Repeat("x", words.IntN(16)))
		text.WriteString([]string{" ", " ", ", ", "=", `\"`, `\n`}[words.IntN(6)])
	}
	return text.String()
}

func BenchmarkParseFrame(b *testing.B) {
	for _, size := range []int{100, 1 << 20} {
		doc := []byte(`{"method":"tools/call","params":{"name":"x","arguments":{"t":"` + logText(size) + `"}},"jsonrpc":"2.0","id":7}`)
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := Parse(doc); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSSE(b *testing.B) {
	for _, size := range []int{100, 1 << 20} {
		stream := []byte(strings.Repeat("id: 1\ndata: "+strings.Repeat("x", size)+"\n\n", 8))
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(stream)))
			b.ReportAllocs()
			for b.Loop() {
				var c Cursor
				r := NewEventReader(bytes.NewReader(stream), 2<<20, &c)
				for range 8 {
					if _, err := r.Next(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkLineReader(b *testing.B) {
	for _, size := range []int{100, 1 << 20} {
		text := []byte(strings.Repeat(strings.Repeat("x", size)+"\n", 8))
		b.Run(fmt.Sprintf("%dB", size), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				r := NewLineReader(bytes.NewReader(text), 2<<20)
				for range 8 {
					if _, err := r.Next(); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
