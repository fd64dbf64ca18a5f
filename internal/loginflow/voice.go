// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Voice is the [Teller] of a person who reads a stream.
type Voice struct {
	Out        io.Writer
	NoBrowser  bool // none shall be opened
	Listen     bool // the browser is awaited at an address that was asked for
	Unattended bool // as in Flow
	// Enter waits for the person to press Enter; nil: nobody is there to do so.
	Enter func(ctx context.Context, prompt string) error
}

// Warn is part of Teller, as what follows is.
func (v *Voice) Warn(format string, a ...any) {
	plain.Fprintf(v.Out, "tshmcp: warning: "+format+"\n", a...)
}

func (v *Voice) Say(format string, a ...any) { plain.Fprintf(v.Out, "tshmcp: "+format+"\n", a...) }

func (v *Voice) Link(purpose, link string, openErr error) {
	switch {
	case v.NoBrowser:
		plain.Fprintf(v.Out, "Open this link to %s:\n\n  %s\n\n", purpose, link)
	case openErr != nil:
		plain.Fprintf(v.Out, "No browser was opened: %v.\n%s\n\n  %s\n\n", openErr, v.where(), link)
	default:
		plain.Fprintf(v.Out, "Opening the browser to %s. If it does not open, use this link:\n\n  %s\n\n", purpose, link)
	}
	if !v.Unattended {
		plain.Fprintf(v.Out, "Waiting for you to %s. Press Ctrl-C to cancel.\n", purpose)
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
	plain.Fprintf(v.Out, "Approve this login of %s within 3 minutes, in a browser on any computer:\n\n  %s\n\nWaiting for your approval. Press Ctrl-C to cancel.\n", user, link)
}

// Message puts a mark before each line, so that none of them looks like one of ours.
// A person at the terminal has to press Enter; nobody else is asked to.
func (v *Voice) Message(ctx context.Context, text string) error {
	for line := range strings.SplitSeq(text, "\n") {
		plain.Fprintf(v.Out, "| %s\n", line)
	}
	plain.Fprintf(v.Out, "\n")
	if v.Enter == nil || v.Unattended {
		return nil
	}
	return v.Enter(ctx, "Press Enter to go on. ")
}
