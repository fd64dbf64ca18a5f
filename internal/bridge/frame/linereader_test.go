// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func readLines(r io.Reader, limit int) (lines []string, tooLong []int64, err error) {
	l := NewLineReader(r, limit)
	for {
		ln, err := l.Next()
		if err != nil {
			return lines, tooLong, err
		}
		if ln.TooLong != nil {
			tooLong = append(tooLong, ln.TooLong.Size)
			continue
		}
		lines = append(lines, string(ln.Data))
	}
}

func TestLineReader(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
		tooLong  int
	}{
		{"lines", "a\nb\n", []string{"a", "b"}, 0},
		{"no final newline", "a\nb", []string{"a", "b"}, 0},
		{"CRLF", "a\r\nb\r\n", []string{"a", "b"}, 0},
		{"lone CR stays", "a\rb\n", []string{"a\rb"}, 0},
		{"blank lines", "\n \r\n\t\na\n\n", []string{"a"}, 0},
		{"byte order mark", "\xef\xbb\xbfa\n\xef\xbb\xbfb\n", []string{"a", "\xef\xbb\xbfb"}, 0},
		{"only a byte order mark", "\xef\xbb\xbf\na\n", []string{"a"}, 0},
		{"unicode line ends", "a\u2028b\u0085c\n", []string{"a\u2028b\u0085c"}, 0},
		{"spaces stay", " a \n", []string{" a "}, 0},
		{"at the limit", strings.Repeat("x", 100) + "\r\n", []string{strings.Repeat("x", 100)}, 0},
		{"over the limit", "a\n" + strings.Repeat("x", 101) + "\nb\n", []string{"a", "b"}, 1},
		{"over the buffer", strings.Repeat("x", 3*readBuffer) + "\nb\n", []string{"b"}, 1},
		{"over the limit at the end", strings.Repeat("x", 200), nil, 1},
		{"empty", "", nil, 0},
	}
	for _, tt := range tests {
		for name, r := range map[string]io.Reader{
			"whole": strings.NewReader(tt.in), "bytes": iotest.OneByteReader(strings.NewReader(tt.in)), "data with EOF": iotest.DataErrReader(strings.NewReader(tt.in)),
		} {
			t.Run(tt.name+"/"+name, func(t *testing.T) {
				got, tooLong, err := readLines(r, 100)
				if strings.Join(got, "|") != strings.Join(tt.want, "|") || len(got) != len(tt.want) || len(tooLong) != tt.tooLong || !errors.Is(err, io.EOF) {
					t.Errorf("got %q, %d too long, %v", got, len(tooLong), err)
				}
			})
		}
	}
}

func TestLineReaderKeepsLongLines(t *testing.T) {
	long := strings.Repeat("0123456789", 50_000)
	got, _, _ := readLines(strings.NewReader("a\n"+long+"\nb"), 1<<20)
	if len(got) != 3 || got[1] != long || got[2] != "b" {
		t.Errorf("got %d lines", len(got))
	}
}

func TestLineReaderReportsErrors(t *testing.T) {
	broken := errors.New("broken")
	r := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken))
	got, _, err := readLines(r, 100)
	if !errors.Is(err, broken) || len(got) != 2 {
		t.Errorf("got %q, %v", got, err)
	}
}

// typed is a terminal: it goes on after each end, and never tells more than one
// line at a time.
type typed struct {
	lines []string
	ends  int
}

func (r *typed) Read(p []byte) (int, error) {
	if len(r.lines) == 0 {
		r.ends++
		return 0, io.EOF
	}
	n := copy(p, r.lines[0])
	r.lines = r.lines[1:]
	return n, nil
}

// The end of input is asked for once, with and without something before it.
func TestLineReaderEndsOnce(t *testing.T) {
	for name, lines := range map[string][]string{
		"nothing": nil, "a line": {"a\n"}, "no line end": {"a\n", "bc"}, "less than a mark": {"\xef"}, "a mark": {"\xef\xbb\xbf"},
	} {
		r := &typed{lines: lines}
		l := NewLineReader(r, 100)
		var err error
		for range 10 {
			if _, e := l.Next(); e != nil {
				err = e
			}
		}
		if !errors.Is(err, io.EOF) || r.ends != 1 {
			t.Errorf("%s: %v after %d ends", name, err, r.ends)
		}
	}
}

func FuzzLineReader(f *testing.F) {
	f.Add([]byte("a\r\n\n\xef\xbb\xbfb\nc"), 5)
	f.Add([]byte("\xef\xbb\xbf{}\n"), 1)
	f.Fuzz(func(t *testing.T, in []byte, limit int) {
		limit = max(1, min(limit, 1<<16))
		want := strings.Split(strings.TrimPrefix(string(in), "\xef\xbb\xbf"), "\n")
		var keep []string
		long := 0
		for _, l := range want {
			switch l = strings.TrimSuffix(l, "\r"); {
			case len(strings.TrimRight(l, "\r")) > limit:
				long++
			case len(bytes.TrimSpace([]byte(l))) > 0:
				keep = append(keep, l)
			}
		}
		for _, r := range []io.Reader{bytes.NewReader(in), iotest.HalfReader(bytes.NewReader(in))} {
			got, tooLong, _ := readLines(r, limit)
			if strings.Join(got, "\n") != strings.Join(keep, "\n") || len(tooLong) != long {
				t.Fatalf("got %q and %d too long, want %q and %d", got, len(tooLong), keep, long)
			}
		}
	})
}
