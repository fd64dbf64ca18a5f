// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package terminal asks a person at a terminal: lines, secrets, menus and yes or
// no. Streams and the environment are handed in; it prints nowhere else.
package terminal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

// maxTyped bounds a line that a person types.
const maxTyped = 4096

// NoneError means that there is nobody to ask.
type NoneError struct{ Err error }

func (e *NoneError) Error() string           { return "there is no terminal to ask on" }
func (e *NoneError) Unwrap() error           { return e.Err }
func (e *NoneError) ErrorCode() errcode.Code { return errcode.NoTerminal }

// ErrLeft means that a person who was asked left instead.
var ErrLeft = errors.New("left without an answer")

// Terminal is where a person is asked: the one that controls this process,
// whatever its stdin, stdout and stderr are. [Open] opens it.
type Terminal struct {
	In  *os.File
	Out io.Writer
}

// Ask shows the prompt and returns the line that is typed.
func (t *Terminal) Ask(ctx context.Context, prompt string) (string, error) {
	plain.Voice{W: Speaker(t.Out)}.Prompt(prompt)
	line, err := ReadLine(ctx, t.In)
	if err != nil {
		fmt.Fprintln(t.Out)
	}
	return line, err
}

// AskSecret is [Terminal.Ask] without showing what is typed. The terminal is as
// before when it returns, which it does when ctx ends, for example by Ctrl-C.
func (t *Terminal) AskSecret(ctx context.Context, prompt string) (string, error) {
	show, err := hideInput(t.In)
	if err != nil {
		return "", &NoneError{Err: err}
	}
	defer func() {
		show()
		fmt.Fprintln(t.Out) // that of the person was not shown either
	}()
	plain.Voice{W: Speaker(t.Out)}.Prompt(prompt)
	return ReadLine(ctx, t.In)
}

// ReadLine reads up to the end of the line, without it, or of the input.
// Nothing behind it is read. A read that waits for somebody to type cannot be
// interrupted on every system: when ctx ends, its goroutine stays behind until
// something is typed or the process ends, which is what follows.
func ReadLine(ctx context.Context, in io.Reader) (string, error) {
	type result struct {
		line string
		err  error
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	in = stdio.NewInput(in) // others may share it, and make it non-blocking
	typed := make(chan result, 1)
	go func() {
		line, err := scanLine(in)
		typed <- result{line, err}
	}()
	select {
	case r := <-typed:
		return r.line, r.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func scanLine(in io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); ; {
		n, err := in.Read(b)
		switch {
		case n == 1 && b[0] == '\n', errors.Is(err, io.EOF) && len(line) > 0:
			return strings.TrimSuffix(string(line), "\r"), nil
		case n == 1 && len(line) == maxTyped:
			return "", errcode.New(errcode.Usage, "the line is too long")
		case n == 1:
			line = append(line, b[0])
		case err != nil:
			return "", err
		}
	}
}
