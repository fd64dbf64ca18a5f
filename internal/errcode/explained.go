// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import "errors"

// Explained is an error that says itself what to do next, and with which code the
// program ends because of it; 0 where its cause has more to say.
type Explained interface {
	error
	Hints() []string
	ExitCode() int
}

// Explain returns the outermost error that has something to say; nil if none has.
// It looks where [errors.As] looks, in the same order. Unlike that it goes on where
// the exit code is 0.
func Explain(err error) Explained {
	if own, ok := err.(Explained); ok && own.ExitCode() != 0 {
		return own
	}
	for _, cause := range causes(err) {
		if own := Explain(cause); own != nil {
			return own
		}
	}
	return nil
}

// causes are what an error is around.
func causes(err error) []error {
	switch err := err.(type) {
	case interface{ Unwrap() error }:
		return []error{err.Unwrap()}
	case interface{ Unwrap() []error }:
		return err.Unwrap()
	}
	return nil
}

// hintedError is one that is always the same.
type hintedError struct {
	plainError
	hints []string
}

func (e *hintedError) Hints() []string { return e.hints }
func (e *hintedError) ExitCode() int   { return 1 }

// Hinted is [New] for an error that is always the same, with what to do about it.
// The program ends with exit code 1 because of it.
func Hinted(code Code, text string, hints ...string) Explained {
	return &hintedError{plainError{errors.New(text), code}, hints}
}
