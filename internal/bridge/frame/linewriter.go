// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package frame

import (
	"context"
	"errors"
	"io"
)

// LineWriter writes frames to the client: one Write per line, one at a time
// (transport.md A19). The turn is a channel and no mutex, so that a
// client that stopped reading holds up only the goroutine inside Write.
type LineWriter struct {
	w      io.Writer
	turn   chan struct{}
	failed chan struct{}
	err    error // valid once failed is closed
}

// NewLineWriter writes to w, from whatever goroutine.
func NewLineWriter(w io.Writer) *LineWriter {
	return &LineWriter{w: w, turn: make(chan struct{}, 1), failed: make(chan struct{})}
}

// errOutput wraps the error of the writer the client reads from.
var errOutput = errors.New("write to the client")

// Write writes one frame and a line end. It takes the frame's spare capacity
// for the line end. After an error the output may hold half a line, so nothing
// more is written.
func (l *LineWriter) Write(ctx context.Context, frame []byte) error {
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

// Failed returns a channel that is closed after the first failed Write.
func (l *LineWriter) Failed() <-chan struct{} { return l.failed }

// Err is the error of the Write that failed; it is valid once Failed is closed.
func (l *LineWriter) Err() error { return l.err }
