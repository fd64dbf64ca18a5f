// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// Words is the text of an error for a person: what other modules say in letters for
// programmers ("EOF", "i/o timeout") is put into words, wherever it stands in the
// sentence, and the sentence of a system, which on Windows has a period, is a clause.
func Words(err error) string {
	text := err.Error()
	var file *fs.PathError
	ofFile := errors.As(err, &file)
	for _, last := range lasts(err) {
		if raw, said := last.Error(), words(last, ofFile); said != raw && raw != "" {
			text = replaceClauses(text, raw, said)
		}
	}
	return text
}

// replaceClauses puts new for old where old is not a part of a word or a path.
func replaceClauses(text, old, new string) string {
	var out strings.Builder
	for at := 0; ; {
		i := strings.Index(text[at:], old)
		if i < 0 {
			return out.String() + text[at:]
		}
		start, end := at+i, at+i+len(old)
		out.WriteString(text[at:start])
		if beginsClause(text[:start]) && endsClause(text[end:]) {
			out.WriteString(new)
		} else {
			out.WriteString(old)
		}
		at = end
	}
}

func beginsClause(before string) bool {
	return before == "" || strings.ContainsAny(before[len(before)-1:], " (\n\t\"")
}

func endsClause(after string) bool {
	r, _ := utf8.DecodeRuneInString(after)
	return after == "" || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(`/\-_`, r)
}

// InWords is an error with the text that [Words] has of it.
func InWords(err error) error {
	if err == nil || Words(err) == err.Error() {
		return err
	}
	return &wordedError{err}
}

type wordedError struct{ error }

func (e *wordedError) Error() string { return Words(e.error) }
func (e *wordedError) Unwrap() error { return e.error }

// lasts are the errors at the ends of the chain: those that are around nothing.
func lasts(err error) (all []error) {
	if _, ok := err.(*net.DNSError); ok {
		return []error{err} // whose cause is not in its text
	}
	for _, cause := range causes(err) {
		if cause != nil {
			all = append(all, lasts(cause)...)
		}
	}
	if all == nil {
		all = []error{err}
	}
	return all
}

// words is what such an error says.
func words(err error, ofFile bool) string {
	var timeout interface{ Timeout() bool }
	_, ofSystem := err.(syscall.Errno)
	dns, ofDNS := err.(*net.DNSError)
	switch {
	case ofDNS && dns.IsTimeout:
		return "lookup " + dns.Name + ": the name servers did not answer"
	case err == io.EOF && ofFile, err == io.ErrUnexpectedEOF && ofFile:
		return "it ends too early"
	case err == io.EOF, err == io.ErrUnexpectedEOF, err == net.ErrClosed, err == io.ErrClosedPipe:
		return "the connection was closed"
	case err == context.Canceled:
		return "it was given up"
	case !ofSystem && errors.As(err, &timeout) && timeout.Timeout():
		return "no answer came in time"
	}
	return Clause(err.Error())
}

// Clause is a sentence without its period, as systems end theirs.
func Clause(text string) string {
	if strings.HasSuffix(text, "..") {
		return text
	}
	return strings.TrimSuffix(text, ".")
}
