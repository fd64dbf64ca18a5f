// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Record is a line of the log.
type Record struct {
	Time  time.Time      `json:"time"`
	Level string         `json:"level"` // DEBUG, INFO, WARN or ERROR
	PID   int            `json:"pid"`   // of the bridge
	App   string         `json:"app"`
	Text  string         `json:"text"`
	Code  errcode.Code   `json:"code,omitempty"` // of a failure
	Attrs map[string]any `json:"attrs,omitempty"`
}

// harmless are the attributes that go into the log. The rest may quote anybody.
var harmless = []string{"method", "id", "took", "kind", "executed", "status", "after", "size", "until", "from", "way", "reached", "rpc_code", "repeated", "in", "version"}

// The bounds of a line.
const (
	maxText = 300
	maxAttr = 100
)

// Handler is a slog.Handler that writes what is harmless of each record.
type Handler struct {
	to    io.Writer
	app   string
	attrs []slog.Attr
}

// NewHandler writes lines about an app to w, each in one Write.
func NewHandler(w io.Writer, app string) *Handler { return &Handler{to: w, app: app} }

// Enabled is slog.Handler's: all of it is of interest afterwards.
func (h *Handler) Enabled(context.Context, slog.Level) bool { return true }

// WithAttrs is slog.Handler's.
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Handler{h.to, h.app, slices.Concat(h.attrs, attrs)}
}

// WithGroup is slog.Handler's. Groups are not known here.
func (h *Handler) WithGroup(string) slog.Handler { return h }

// Handle is slog.Handler's.
func (h *Handler) Handle(_ context.Context, r slog.Record) error {
	out := Record{
		Time: r.Time.UTC().Truncate(time.Millisecond), Level: r.Level.String(), PID: os.Getpid(),
		App: plain.Cut(plain.Line(h.app), maxAttr), Text: plain.Cut(plain.Line(r.Message), maxText),
	}
	for _, a := range h.attrs {
		out.add(a)
	}
	r.Attrs(func(a slog.Attr) bool {
		out.add(a)
		return true
	})
	line, err := json.Marshal(out)
	if err == nil {
		_, err = h.to.Write(append(line, '\n'))
	}
	return err
}

// add takes an attribute, if it is harmless. Of an error it is the code.
func (r *Record) add(a slog.Attr) {
	value := a.Value.Resolve()
	if err, ok := value.Any().(error); ok {
		if r.Code == "" {
			r.Code = errcode.Of(err)
		}
		return
	}
	if !slices.Contains(harmless, a.Key) {
		return
	}
	if r.Attrs == nil {
		r.Attrs = map[string]any{}
	}
	switch value.Kind() {
	case slog.KindInt64, slog.KindUint64, slog.KindBool:
		r.Attrs[a.Key] = value.Any()
	case slog.KindDuration:
		r.Attrs[a.Key] = value.Duration().Round(time.Millisecond).String()
	default:
		r.Attrs[a.Key] = plain.Cut(plain.Line(value.String()), maxAttr)
	}
}

// line is the text with the attributes.
func (r Record) line() string {
	line := r.Text
	for _, key := range slices.Sorted(maps.Keys(r.Attrs)) {
		line += fmt.Sprintf(" %s=%v", key, r.Attrs[key])
	}
	return line
}
