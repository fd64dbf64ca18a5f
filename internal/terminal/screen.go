// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package terminal

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

// Screen is where a person is shown questions and answers them.
type Screen struct {
	In     io.Reader
	Out    io.Writer
	GOOS   string
	Getenv func(string) string
}

// Item is one line of a menu.
type Item struct {
	Label   string
	Note    string
	Aside   bool   // the note is no part of what a person looks for
	Kept    string // what is so already, while it is marked; "" for what is new
	Dropped string // what comes of taking the mark away; "" for what is new
	Chosen  bool
	Partly  bool // some of it is marked, and stays as it is
}

// Attended reports whether somebody sits in front who can be asked.
func (s Screen) Attended() bool {
	in, isIn := s.In.(*os.File)
	out, isOut := s.Out.(*os.File)
	ci := !slices.Contains([]string{"", "0", "false"}, strings.ToLower(s.Getenv("CI")))
	return isIn && isOut && !ci && stdio.IsTerminal(in) && stdio.IsTerminal(out)
}

// Colours reports whether the terminal shows them, and the person wants them.
// An old console of Windows would print their codes.
func (s Screen) Colours() bool {
	modern := s.GOOS != "windows" || s.Getenv("WT_SESSION")+s.Getenv("TERM") != ""
	return modern && s.Getenv("NO_COLOR") == "" && s.Getenv("TERM") != "dumb"
}

// Choose asks which of the items are meant and returns them with their marks. Some
// are marked, or no longer marked that were. Errors: [ErrLeft], or that of ctx.
func (s Screen) Choose(ctx context.Context, title string, items []Item) ([]Item, error) {
	m := newMenu(title, items)
	on, ok := s.console()
	if !ok {
		return s.chooseByNumber(ctx, m)
	}
	defer on.close()
	m.colours = s.Colours()
	m, err := run(ctx, on, m)
	switch {
	case err != nil:
		return nil, err
	case m.done:
		return m.items, nil
	}
	return nil, ErrLeft
}

// Confirm shows a diff and asks for a yes. One that is longer than the window is
// shown by itself, to be scrolled. Errors: [ErrLeft] for everything but a yes, or
// that of ctx.
func (s Screen) Confirm(ctx context.Context, diff, question string) error {
	question = plain.Line(question)
	on, ok := s.console()
	if !ok {
		fmt.Fprintf(s.Out, "%s%s (y/n) ", Diff(diff, s.Colours()), question)
		line, err := s.typed(ctx)
		if err == nil && !strings.EqualFold(line, "y") && !strings.EqualFold(line, "yes") {
			err = ErrLeft
		}
		return err
	}
	defer on.close()
	c := confirmation{question: question, colours: s.Colours(), diff: diff}
	width, height := stdio.Size(on.out)
	if height == 0 || len(c.resized(width, height).lines) <= height-3 {
		if err := on.write(ctx, Diff(diff, c.colours)); err != nil {
			return err
		}
		c.diff = ""
	}
	c, err := run(ctx, on, c)
	if err == nil && !c.yes {
		err = ErrLeft
	}
	return err
}

// plain reports whether questions go line by line: for terminals that
// can do nothing else, and for people whose screen reader reads lines.
func (s Screen) plain() bool {
	name := s.Getenv("TERM")
	return name == "dumb" || name == "" && s.GOOS != "windows" || s.Getenv("ACCESSIBLE") != ""
}
