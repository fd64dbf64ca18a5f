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
	for changed := true; ctx.Err() == nil; {
		if w, h := stdio.Size(c.out); w != width || h != height {
			width, height = w, h
			m = m.resized(w, h)
			changed, c.shown.outdated = true, true
		}
		if changed {
			if err := c.write(c.shown.next(m.view(), height)); err != nil {
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
				if err := c.suspend(ctx); err != nil {
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

func (c *console) write(codes string) error {
	_, err := stdio.NewOutput(c.out).Write([]byte(codes))
	var failed *stdio.Error
	if errors.As(err, &failed) {
		failed.Stream = "the terminal"
	}
	return err
}

// close leaves the terminal as it was, with the cursor below what is shown.
func (c *console) close() {
	_ = c.write(c.shown.end()) // if that fails nobody sees it
	c.back()
}

// suspend stops the process until its shell continues it.
func (c *console) suspend(ctx context.Context) (err error) {
	c.close()
	stop(ctx)
	c.back, err = raw(c.in, c.out)
	if err != nil {
		c.back = func() {}
		return &stdio.Error{Stream: "the terminal", Err: err}
	}
	return nil
}
