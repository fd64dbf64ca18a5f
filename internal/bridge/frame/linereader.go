// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"slices"
)

const readBuffer = 64 << 10

// LineReader splits a byte stream into lines at 0x0A and nowhere else: U+2028
// and NEL are legal inside strings (transport.md A20, A21).
type LineReader struct {
	r     *bufio.Reader
	limit int // longest line in bytes, without its end
	begun bool
	err   error // how the stream ended: a terminal that is asked again goes on
}

// NewLineReader reads lines of at most limit bytes, without their ends.
func NewLineReader(r io.Reader, limit int) *LineReader {
	return &LineReader{r: bufio.NewReaderSize(r, readBuffer), limit: limit}
}

// Line is one line without its end. Of a line over the limit only the outline
// is known.
type Line struct {
	Data    []byte   // belongs to the receiver
	TooLong *Scanner // nil for a line within the limit
}

// Next returns the next line that is not blank. The last line needs no line
// end; io.EOF comes after it. The data belongs to the caller.
func (l *LineReader) Next() (Line, error) {
	for l.err == nil {
		ln := l.read()
		if ln.TooLong != nil || len(bytes.TrimSpace(ln.Data)) > 0 {
			return ln, nil
		}
	}
	return Line{}, l.err
}

// read reads a line and notes the end of the stream, without a look beyond
// either: what is typed comes line by line, and its end only once.
func (l *LineReader) read() (ln Line) {
	for {
		part, err := l.r.ReadSlice('\n')
		if !l.begun { // the buffer holds more than a mark
			l.begun, part = true, bytes.TrimPrefix(part, mark)
		}
		ln.add(part, l.limit)
		if !errors.Is(err, bufio.ErrBufferFull) {
			ln.Data = bytes.TrimSuffix(bytes.TrimSuffix(ln.Data, []byte("\n")), []byte("\r"))
			l.err = err
			return ln
		}
	}
}

// add appends a part of the line. Once the line is too long, what was kept of
// it goes through the scanner and everything that follows only there. The line
// end (at most 2 bytes) does not count.
func (ln *Line) add(part []byte, limit int) {
	if ln.TooLong == nil && len(ln.Data)+len(bytes.TrimRight(part, "\r\n")) > limit {
		ln.TooLong = new(Scanner)
		_, _ = ln.TooLong.Write(ln.Data)
		ln.Data = nil
	}
	if ln.TooLong != nil {
		_, _ = ln.TooLong.Write(part)
		return
	}
	ln.Data = appendDoubling(ln.Data, part)
}

// appendDoubling is append that doubles a large buffer, so that a message of
// megabytes is not copied over and over while it grows.
func appendDoubling(dst, part []byte) []byte {
	if need := len(dst) + len(part) + 1; need > cap(dst) && cap(dst) >= readBuffer {
		dst = slices.Grow(dst, max(cap(dst), need)-len(dst)+cap(dst))
	}
	return append(dst, part...)
}
