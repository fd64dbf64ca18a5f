// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
)

const (
	readBuffer = 64 << 10
	// keepBuffer is the largest frame whose buffer is worth holding for reuse.
	keepBuffer = 64 << 10
)

// lineReader splits a byte stream into lines at 0x0A and nowhere else: U+2028
// and NEL are legal inside strings (transport.md A20, A21).
type lineReader struct {
	r     *bufio.Reader
	limit int // longest line in bytes, without its end
	begun bool
}

func newLineReader(r io.Reader, limit int) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, readBuffer), limit: limit}
}

// line is one line without its end. Of a line over the limit only the outline
// is known.
type line struct {
	data    []byte
	tooLong *idScanner // nil for a line within the limit
}

// next returns the next line that is not blank. The last line needs no line
// end; io.EOF comes after it. The data belongs to the caller.
func (l *lineReader) next() (line, error) {
	if !l.begun {
		l.begun = true
		l.skipMark()
	}
	for {
		ln, err := l.read()
		if ln.tooLong != nil || len(bytes.TrimSpace(ln.data)) > 0 {
			return ln, nil
		}
		if err != nil {
			return line{}, err
		}
	}
}

// skipMark drops a byte order mark at the start of the stream. No message is
// shorter than it, so nothing waits for the bytes that are looked at.
func (l *lineReader) skipMark() {
	const mark = "\xef\xbb\xbf"
	if start, _ := l.r.Peek(len(mark)); string(start) == mark {
		_, _ = l.r.Discard(len(mark))
	}
}

func (l *lineReader) read() (line, error) {
	var ln line
	for {
		part, err := l.r.ReadSlice('\n')
		ln.add(part, l.limit)
		if !errors.Is(err, bufio.ErrBufferFull) {
			ln.data = bytes.TrimSuffix(bytes.TrimSuffix(ln.data, []byte("\n")), []byte("\r"))
			return ln, err
		}
	}
}

// add appends a part of the line. Once the line is too long, what was kept of
// it goes through the scanner and everything that follows only there. The line
// end (at most 2 bytes) does not count.
func (ln *line) add(part []byte, limit int) {
	if ln.tooLong == nil && len(ln.data)+len(bytes.TrimRight(part, "\r\n")) > limit {
		ln.tooLong = new(idScanner)
		_, _ = ln.tooLong.Write(ln.data)
		ln.data = nil
	}
	if ln.tooLong != nil {
		_, _ = ln.tooLong.Write(part)
		return
	}
	ln.data = appendDoubling(ln.data, part)
}

// appendDoubling is append that doubles a large buffer, so that a message of
// megabytes is not copied over and over while it grows.
func appendDoubling(dst, part []byte) []byte {
	if need := len(dst) + len(part) + 1; need > cap(dst) && cap(dst) >= readBuffer {
		dst = slices.Grow(dst, max(cap(dst), need)-len(dst)+cap(dst))
	}
	return append(dst, part...)
}

// lineWriter writes frames to the client: one Write per line, one at a time
// (transport.md A19). The turn is a channel and no mutex, so that a
// client that stopped reading holds up only the goroutine inside Write.
type lineWriter struct {
	w      io.Writer
	turn   chan struct{}
	failed chan struct{} // closed after the first failed Write
	err    error         // valid once failed is closed
}

func newLineWriter(w io.Writer) *lineWriter {
	return &lineWriter{w: w, turn: make(chan struct{}, 1), failed: make(chan struct{})}
}

// errOutput wraps the error of the writer the client reads from.
var errOutput = errors.New("write to the client")

// write writes one frame and a line end. It takes the frame's spare capacity
// for the line end. After an error the output may hold half a line, so nothing
// more is written.
func (l *lineWriter) write(ctx context.Context, frame []byte) error {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-l.failed:
		return l.err
	case <-ctx.Done():
		return ctx.Err()
	}
	if l.err != nil {
		return l.err
	}
	if _, err := l.w.Write(append(frame, '\n')); err != nil {
		l.err = errors.Join(errOutput, err)
		close(l.failed)
	}
	return l.err
}
