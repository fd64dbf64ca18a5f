// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"bufio"
	"bytes"
	"errors"
	"io"
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

// Next returns the next line that is not blank, without its end. The last line needs
// none; io.EOF comes after it.
func (l *LineReader) Next() (Text, error) {
	for l.err == nil {
		ln := l.read()
		if ln.TooLong != nil || len(bytes.TrimSpace(ln.Data)) > 0 {
			return ln, nil
		}
	}
	return Text{}, l.err
}

// read reads a line and notes the end of the stream, without a look beyond
// either: what is typed comes line by line, and its end only once.
func (l *LineReader) read() (ln Text) {
	for {
		part, err := l.r.ReadSlice('\n')
		if !l.begun { // the buffer holds more than a mark
			l.begun, part = true, bytes.TrimPrefix(part, mark)
		}
		ln.add(part, len(ln.Data)+len(bytes.TrimRight(part, "\r\n")) <= l.limit) // the line end does not count
		if !errors.Is(err, bufio.ErrBufferFull) {
			ln.Data = bytes.TrimSuffix(bytes.TrimSuffix(ln.Data, []byte("\n")), []byte("\r"))
			l.err = err
			return ln
		}
	}
}
