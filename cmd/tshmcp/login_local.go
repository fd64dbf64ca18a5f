// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

var (
	errEmptyPassword = errors.New("no password was given")
	errNoUser        = &usageError{Err: errors.New("which user? give the name with --user")}
)

// local signs in a user whom the cluster itself knows: with a password, and
// with a one-time code or, in the browser, a passkey.
func (o *loginOptions) local(t *loginTarget) signIn {
	return func(ctx context.Context) (*teleport.Identity, error) {
		if !o.attended {
			return nil, &noReloginError{Missing: &access.NotLoggedInError{Proxy: t.proxy.Addr}, Why: "the cluster asks for a password"}
		}
		person, leave, err := o.person()
		if err != nil {
			return nil, err
		}
		defer leave()
		user, err := person.user(ctx, o.user, t.userBefore)
		if err != nil {
			return nil, err
		}
		ceremony := &login.Local{
			Proxy: t.proxy, Cluster: t.ping.ClusterName, User: user, TTL: t.profile.TTL,
			Ask: func(ctx context.Context, prompt login.Prompt) (string, error) {
				return person.answer(ctx, prompt, user)
			},
			Listen: o.bindAddr, Callback: o.callback, Open: o.opener(), Show: o.showAs("confirm with your passkey"),
			Log: o.logger(o.debug),
		}
		id, err := ceremony.Run(ctx)
		if err != nil {
			return nil, t.as(user, err)
		}
		return id, nil
	}
}

// person answers what a login asks: somebody at the terminal, or the lines of
// stdin for scripts.
type person struct {
	terminal *terminal.Terminal
	lines    io.Reader // --password-stdin; nil: the terminal
	account  string    // name of the user of this machine
}

func (o *loginOptions) person() (*person, func() error, error) {
	if o.passwordStdin {
		return &person{lines: o.stdin, account: o.account}, func() error { return nil }, nil
	}
	terminal, leave, err := terminal.Open()
	if err != nil {
		return nil, nil, err
	}
	return &person{terminal: terminal, account: o.account}, leave, nil
}

// user is the name that was given, else what the person says. What is offered,
// and taken where nobody is asked, is the user of the login before, else that of
// this machine.
func (p *person) user(ctx context.Context, given, before string) (string, error) {
	name := cmp.Or(given, before, p.account)
	if given == "" && p.lines == nil {
		typed, err := p.terminal.Ask(ctx, fmt.Sprintf("Teleport user [%s]: ", oneLine(name)))
		if err != nil {
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
		login.AskPassword:      "Teleport password of " + oneLine(user) + ": ",
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
	case errors.Is(err, io.EOF):
		return "", &inputEndedError{Prompt: prompt}
	case err != nil:
		return "", err
	case prompt != login.AskPassword:
		return strings.ReplaceAll(strings.TrimSpace(line), " ", ""), nil // apps show codes in two groups
	case line == "":
		return "", errEmptyPassword
	}
	return line, nil
}

// inputEndedError means that the input ended before everything was answered.
type inputEndedError struct{ Prompt login.Prompt }

func (e *inputEndedError) Error() string {
	if e.Prompt == login.AskPassword {
		return errEmptyPassword.Error()
	}
	return "the cluster asks for a one-time code, and none was given"
}
