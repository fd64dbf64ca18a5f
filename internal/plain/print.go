// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plain

import (
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// Sprintf is fmt.Sprintf with arguments that stay on the line: each text among
// them, also that of an error, is as [Line] has it. The format is the caller's.
func Sprintf(format string, args ...any) string {
	lines := make([]any, len(args))
	for i, arg := range args {
		lines[i] = line(arg)
	}
	return fmt.Sprintf(format, lines...)
}

func line(arg any) any {
	switch arg := arg.(type) {
	case nil:
		return arg
	case error:
		return Error(arg)
	case fmt.Stringer:
		return Line(arg.String())
	}
	if v := reflect.ValueOf(arg); v.Kind() == reflect.String {
		return Line(v.String())
	}
	return arg
}

// Error is the text of an error in words, as [Line] has it. Between those that were joined
// is a semicolon.
func Error(err error) string {
	var lines []string
	for _, one := range Apart(err) {
		lines = append(lines, Line(errcode.Words(one)))
	}
	return strings.Join(lines, "; ")
}

// Apart are the errors that errors.Join has put together, or the one that is none of
// these.
func Apart(err error) (all []error) {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var texts []string
	for _, e := range joined.Unwrap() {
		texts, all = append(texts, e.Error()), append(all, Apart(e)...)
	}
	if strings.Join(texts, "\n") != err.Error() {
		return []error{err}
	}
	return all
}

// Fprintf writes what [Sprintf] returns.
func Fprintf(w io.Writer, format string, args ...any) error {
	_, err := io.WriteString(w, Sprintf(format, args...))
	return err
}

// Writer is a stream that people read: what is written is as [Text] has it,
// whoever writes. Each Write has whole characters.
type Writer struct {
	Window
	Measure func() int // the window's width at the time; nil: it stays as it is
	to      io.Writer
}

// NewWriter writes to w.
func NewWriter(w io.Writer) *Writer { return &Writer{to: w} }

// Through is the same stream, which is written by way of another.
func (w *Writer) Through(to io.Writer) *Writer {
	return &Writer{Window: w.Window, Measure: w.Measure, to: to}
}

// Write is io.Writer's.
func (w *Writer) Write(p []byte) (int, error) {
	if _, err := io.WriteString(w.to, Text(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Unbounded is the same stream, where nothing has to fit into its window.
func Unbounded(w io.Writer) io.Writer {
	if w, ok := w.(*Writer); ok {
		return &Writer{to: w.to, Window: Window{Terminal: w.Terminal, Colours: w.Colours}}
	}
	return w
}

// WindowOf is what a stream is shown in; the zero one if that is no terminal.
func WindowOf(w io.Writer) Window {
	if w, ok := w.(*Writer); ok {
		window := w.Window
		if w.Measure != nil {
			window.Width = w.Measure()
		}
		return window
	}
	return Window{}
}

// WrapFor is [Wrap] for the window of a stream.
func WrapFor(w io.Writer, text string) string { return Wrap(text, WindowOf(w).Width) }

// Raw is the stream behind a [Writer], for what is no text for people or has been
// looked after; any other stream is returned as it is.
func Raw(w io.Writer) io.Writer {
	if w, ok := w.(*Writer); ok {
		return w.to
	}
	return w
}
