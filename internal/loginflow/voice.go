// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// Voice is the [Teller] of a person who reads a stream.
type Voice struct {
	plain.Voice
	NoBrowser  bool // none shall be opened
	Listen     bool // the browser is awaited at an address that was asked for
	Unattended bool // as in Flow
	Attended   bool // somebody is there to press Enter
}

// Link is part of Teller, as what follows is.
func (v *Voice) Link(purpose, link string, openErr error) {
	switch {
	case v.NoBrowser:
		v.Line("Open this link to %s:\n\n  %s\n", purpose, link)
	case openErr != nil:
		v.Line("No browser was opened: %v.\n%s\n\n  %s\n", openErr, v.where(), link)
	default:
		v.Line("Opening the browser to %s. If it does not open, use this link:\n\n  %s\n", purpose, link)
	}
	if !v.Unattended {
		v.Line("Waiting for you to %s. Press Ctrl-C to cancel.", purpose)
	}
}

// where says which browsers the link is for.
func (v *Voice) where() string {
	if v.Listen {
		return "Open this link in a browser:"
	}
	return "Open this link in a browser on this machine (over SSH: forward its port with ssh -L):"
}

func (v *Voice) Approval(user, link string) {
	v.Line("Approve this login of %s within 3 minutes, in a browser on any computer:\n\n  %s\n\nWaiting for your approval. Press Ctrl-C to cancel.", user, link)
}

// Message puts a mark before each line, so that none of them looks like one of ours.
// A person at the terminal has to press Enter; nobody else is asked to.
func (v *Voice) Message(ctx context.Context, text string) error {
	for line := range strings.SplitSeq(text, "\n") {
		v.Line("| %s", line)
	}
	v.Line("")
	if !v.Attended || v.Unattended {
		return nil
	}
	tty, leave, err := terminal.Open()
	if err != nil {
		return nil // nobody there after all
	}
	defer leave()
	if _, err = tty.Ask(ctx, "Press Enter to continue. "); errors.Is(err, io.EOF) {
		return errNotRead
	}
	return err
}
