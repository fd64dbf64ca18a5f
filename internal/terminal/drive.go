// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/tshmcp/tshmcp/internal/stdio"
	"github.com/tshmcp/tshmcp/internal/terminal/keys"
)

// tick is how long a look at the terminal waits for a key. So late at most is seen
// that the window has changed, or that ctx has ended.
const tick = 100 * time.Millisecond

// model is a question with what became of it so far.
type model[M any] interface {
	press(key keys.Key) M
	resized(width, height int) M // in cells; 0: not known
	view() view
	through() bool
}

// view is what is seen of a model.
type view struct {
	text  string // lines, none as wide as the window
	alone bool   // with nothing else in the window, and gone afterwards
}

// console is a terminal that hands over each key as it is pressed, until it is closed.
type console struct {
	in, out *os.File
	back    func() // makes the terminal what it was before
	shown   picture
}

// console makes one of the screen. Where that cannot be done, questions go line by line.
func (s Screen) console() (c *console, ok bool) {
	in, isIn := s.In.(*os.File)
	out, isOut := s.Out.(*os.File)
	if s.plain() || !isIn || !isOut {
		return nil, false
	}
	back, err := raw(in, out)
	return &console{in: in, out: out, back: back}, err == nil
}

// run shows the model until it is through. Errors: that of ctx, [ErrLeft] when the
// terminal is gone, or *stdio.Error.
func run[M model[M]](ctx context.Context, c *console, m M) (M, error) {
	m, err := answered(ctx, c, m)
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return m, err
}

func answered[M model[M]](ctx context.Context, c *console, m M) (M, error) {
	var decoder keys.Decoder
	width, height := -1, -1
	again, done := resumed()
	defer done()
	for changed := true; ctx.Err() == nil; {
		select {
		case <-again:
			if _, err := raw(c.in, c.out); err != nil { // what it was at first, back has
				return m, &stdio.Error{Stream: "the terminal", Err: err}
			}
			c.shown.lost, changed = true, true
		default:
		}
		if w, h := stdio.Size(c.out); w != width || h != height {
			width, height = w, h
			m = m.resized(w, h)
			changed, c.shown.outdated = true, true
		}
		if changed {
			if err := c.write(ctx, c.shown.next(m.view(), height)); err != nil {
				return m, err
			}
		}
		if m.through() {
			break
		}
		pressed, err := c.pressed(ctx, &decoder)
		if err != nil {
			return m, err
		}
		changed = len(pressed) > 0
		for _, key := range pressed {
			switch {
			case m.through():
			case key.Name != "ctrl+z":
				m = m.press(key)
			case suspendable():
				if err := c.suspend(ctx, again); err != nil {
					return m, err
				}
			}
		}
	}
	return m, nil
}

// pressed are the keys that come next, or after a tick none. No byte behind them is
// read: it is for what asks next, or for the shell.
func (c *console) pressed(ctx context.Context, decoder *keys.Decoder) (pressed []keys.Key, err error) {
	for ctx.Err() == nil && len(pressed) == 0 {
		typed, err := read(c.in)
		switch {
		case errors.Is(err, io.EOF):
			return nil, ErrLeft
		case err != nil:
			return nil, &stdio.Error{Stream: "the terminal", Err: err}
		case len(typed) == 0:
			return decoder.Pause(), nil
		}
		for _, b := range typed {
			pressed = append(pressed, decoder.Byte(b)...)
		}
	}
	return pressed, nil
}

// patient is how long a terminal that is not read, or was stopped, is waited for once
// the question has ended.
const patient = 500 * time.Millisecond

// write returns when ctx has ended, too: a terminal may take nothing for ever.
func (c *console) write(ctx context.Context, codes string) error {
	written := make(chan error, 1)
	go func() {
		_, err := stdio.NewOutput(c.out).Write([]byte(codes))
		written <- err
	}()
	var err error
	select {
	case err = <-written:
	case <-ctx.Done():
		return ctx.Err()
	}
	var failed *stdio.Error
	if errors.As(err, &failed) {
		failed.Stream = "the terminal"
	}
	return err
}

// close leaves the terminal as it was, with the cursor below what is shown.
func (c *console) close() {
	ctx, cancel := context.WithTimeout(context.Background(), patient)
	defer cancel()
	_ = c.write(ctx, c.shown.end()) // if that fails nobody sees it
	c.back()
}

// suspend stops the process until its shell continues it.
func (c *console) suspend(ctx context.Context, again <-chan os.Signal) (err error) {
	c.close()
	stop(ctx, again)
	c.back, err = raw(c.in, c.out)
	if err != nil {
		c.back = func() {}
		return &stdio.Error{Stream: "the terminal", Err: err}
	}
	return nil
}
