// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package stdio

import (
	"context"
	"io"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// The bounds of what a Counter writes in one window of time.
const (
	window     = 30 * time.Second
	maxAlike   = 100  // lines of one message that differ in their values
	maxWritten = 1000 // lines at all
)

// Counter is a slog.Handler that writes a line once. What repeats it is counted,
// and so are lines that say the same of ever other values: somebody else can make
// both as many as he likes. The number follows half a minute after the first.
type Counter struct {
	next   slog.Handler
	shared *counts
	prefix string // of the keys: what WithAttrs and WithGroup added
}

// counts is what the handlers of one log share.
type counts struct {
	mu      sync.Mutex
	lines   map[string]*repeat // that were written in this window, by all they say
	alike   map[string]*repeat // by level and message
	order   []*repeat
	written int
	timer   *time.Timer // runs while there is a window
}

// repeat is a line, or a message, and how often it was not written.
type repeat struct {
	next   slog.Handler
	record slog.Record // the last of them
	lines  int         // of a message: how many were written
	count  int
}

// NewLog is a log of lines to w that counts, of warnings or with debug of
// everything; flush writes what was counted.
func NewLog(w io.Writer, debug bool) (log *slog.Logger, flush func()) {
	level := slog.LevelWarn
	if debug {
		level = slog.LevelDebug
	}
	c := newCounter(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: inWords}))
	return slog.New(c), c.flush
}

// newCounter counts for next.
func newCounter(next slog.Handler) *Counter {
	return &Counter{next: next, shared: &counts{lines: map[string]*repeat{}, alike: map[string]*repeat{}}}
}

// Enabled is slog.Handler's.
func (c *Counter) Enabled(ctx context.Context, level slog.Level) bool {
	return c.next.Enabled(ctx, level)
}

// WithAttrs is slog.Handler's.
func (c *Counter) WithAttrs(attrs []slog.Attr) slog.Handler {
	var key strings.Builder
	for _, a := range attrs {
		key.WriteString(a.String() + "\x00")
	}
	return &Counter{next: c.next.WithAttrs(attrs), shared: c.shared, prefix: c.prefix + key.String()}
}

// WithGroup is slog.Handler's.
func (c *Counter) WithGroup(name string) slog.Handler {
	return &Counter{next: c.next.WithGroup(name), shared: c.shared, prefix: c.prefix + name + "\x00"}
}

// Handle is slog.Handler's.
func (c *Counter) Handle(ctx context.Context, r slog.Record) error {
	if !c.shared.isNew(c, r) {
		return nil
	}
	return c.next.Handle(ctx, r)
}

// flush writes how often lines were repeated, and begins anew.
func (c *Counter) flush() { c.shared.flush() }

// isNew says whether a line is to be written, and counts it if not.
func (s *counts) isNew(c *Counter, r slog.Record) bool {
	message := c.prefix + r.Level.String() + "\x00" + r.Message
	line := lineKey(message, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if same := s.lines[line]; same != nil {
		same.repeated(c.next, r)
		return false
	}
	alike := s.of(message)
	if alike.lines >= maxAlike || s.written >= maxWritten {
		alike.repeated(c.next, r)
		return false
	}
	alike.lines++
	s.written++
	first := &repeat{}
	s.lines[line] = first
	s.order = append(s.order, first)
	if s.timer == nil {
		s.timer = time.AfterFunc(window, s.flush)
	}
	return true
}

// of is what is counted of a message; from some number on they are all one.
func (s *counts) of(message string) *repeat {
	if len(s.alike) >= maxWritten {
		message = ""
	}
	alike := s.alike[message]
	if alike == nil {
		alike = &repeat{}
		s.alike[message] = alike
		s.order = append(s.order, alike)
	}
	return alike
}

// longestKey is how much of a line is compared.
const longestKey = 512

func lineKey(message string, r slog.Record) string {
	var key strings.Builder
	key.WriteString(message)
	r.Attrs(func(a slog.Attr) bool {
		text := a.String()
		key.WriteString("\x00" + text[:min(len(text), longestKey)])
		return true
	})
	return key.String()
}

func (r *repeat) repeated(next slog.Handler, record slog.Record) {
	r.count++
	r.next, r.record = next, record
}

func (s *counts) flush() {
	s.mu.Lock()
	order := s.order
	s.order, s.written = nil, 0
	clear(s.lines)
	clear(s.alike)
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	s.mu.Unlock()
	for _, r := range order {
		if r.count == 0 {
			continue
		}
		record := r.record.Clone()
		record.AddAttrs(slog.Int("repeated", r.count))
		_ = r.next.Handle(context.Background(), record)
	}
}

// inWords puts errors into words.
func inWords(_ []string, a slog.Attr) slog.Attr {
	if err, ok := a.Value.Any().(error); ok {
		a.Value = slog.StringValue(errcode.Words(err))
	}
	return a
}
