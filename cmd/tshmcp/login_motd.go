// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"

	"golang.org/x/term"

	"github.com/tshmcp/tshmcp/internal/terminal"
)

// motd shows the cluster's message of the day on stderr. A person at the
// terminal has to press Enter; nobody else is asked to.
func (o *loginOptions) motd(ctx context.Context, t *loginTarget) error {
	if !t.ping.Auth.HasMOTD {
		return nil
	}
	text, err := t.proxy.MOTD(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return err
		}
		o.warn("the message of the day could not be read: %v", err)
		return nil
	}
	if text == "" {
		return nil
	}
	fmt.Fprintf(o.stderr, "%s\n\n", text)
	if stdin, ok := o.stdin.(*os.File); !ok || !o.attended || !term.IsTerminal(int(stdin.Fd())) {
		return nil
	}
	tty, leave, err := terminal.Open()
	if err != nil {
		return nil // nobody there after all
	}
	defer leave()
	_, err = tty.Ask(ctx, "Press Enter to go on. ")
	return err
}
