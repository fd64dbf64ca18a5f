// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// person answers what a login asks: somebody at the terminal, or the lines that
// were handed in.
type person struct {
	terminal Terminal
	lines    io.Reader // nil: the terminal
	account  string    // name of the user of this machine
}

func (f *Flow) person() (*person, func() error, error) {
	if f.Lines != nil {
		return &person{lines: f.Lines, account: f.Account}, func() error { return nil }, nil
	}
	screen, leave, err := f.Terminal()
	var nobody *terminal.NoneError
	if errors.As(err, &nobody) {
		err = &NobodyError{Err: err}
	}
	if err != nil {
		return nil, nil, err
	}
	return &person{terminal: screen, account: f.Account}, leave, nil
}

// user is the name that was given, else what the person says. What is offered,
// and taken where nobody is asked, is the user of the login before, else that of
// this machine.
func (p *person) user(ctx context.Context, given, before string) (string, error) {
	name := cmp.Or(given, before, p.account)
	if given == "" && p.lines == nil {
		typed, err := p.terminal.Ask(ctx, fmt.Sprintf("Teleport user [%s]: ", plain.Line(name)))
		switch {
		case errors.Is(err, io.EOF):
			return "", errNoUser
		case err != nil:
			return "", err
		}
		name = cmp.Or(strings.TrimSpace(typed), name)
	}
	if name == "" {
		return "", errNoUser
	}
	return name, nil
}

// answer is login.Local's Ask.
func (p *person) answer(ctx context.Context, prompt login.Prompt, user string) (string, error) {
	text := map[login.Prompt]string{
		login.AskPassword:      "Teleport password of " + plain.Line(user) + ": ",
		login.AskCode:          "One-time code: ",
		login.AskCodeOrBrowser: "One-time code, or Enter to use your passkey in the browser: ",
	}[prompt]
	var line string
	var err error
	if p.lines != nil {
		line, err = terminal.ReadLine(ctx, p.lines)
	} else {
		line, err = p.terminal.AskSecret(ctx, text)
	}
	switch {
	case errors.Is(err, io.EOF) && prompt == login.AskCodeOrBrowser:
		return "", nil
	case errors.Is(err, io.EOF) && prompt == login.AskPassword:
		return "", errNoPassword
	case errors.Is(err, io.EOF):
		return "", errNoCode
	case err != nil:
		return "", err
	case prompt != login.AskPassword:
		return strings.ReplaceAll(strings.TrimSpace(line), " ", ""), nil // apps show codes in two groups
	case line == "":
		return "", errNoPassword
	}
	return line, nil
}
