// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"errors"
	"fmt"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
)

// tell takes what became of looking for a link, and reports whether that was a
// matter of logging in. It says in the log that a login is needed, and the command
// for it: one line until there is a certificate again, however many requests fail,
// and another one if a browser was to open and then did not help. The protocol has
// no better place: a notifications/message may only be sent by a server whose
// initialize result declares logging, which comes after the answer that is waited
// for here and is the app's to declare, not the bridge's.
func (g *logins) tell(err error) bool {
	var pending *signin.PendingError
	switch {
	case err == nil:
		g.move(noticeGiven, func(s *state) { s.told, s.closed = false, false })
		return false
	case errors.As(err, &pending): // it was said when the wait began
		return true
	}
	n, ok := noticeOf(err)
	if !ok {
		return false
	}
	why, closed := g.whyClosed(err, n.proxy)
	silent := false
	g.move(noticeGiven, func(s *state) {
		if silent = s.closed || s.told && !closed; !silent {
			s.told, s.closed = true, closed
		}
	})
	if silent || g.cfg.Tell == nil {
		return true
	}
	action := "run: " + n.command
	if !closed {
		action = n.browser + " in the browser, which opens when a request waits, or " + action
	}
	g.cfg.Tell(fmt.Sprintf("%v%s; %s", err, why, action))
	return true
}

// notice is what is missing, and how it is got.
type notice struct{ browser, proxy, command string }

// noticeOf is that of an error which is about a login, or about a second factor that
// one could get.
func noticeOf(err error) (notice, bool) {
	var login *access.NotLoggedInError
	if errors.As(err, &login) {
		return notice{"sign in", login.Proxy, login.Command()}, true
	}
	if factor := access.NeedsFactor(err); factor != nil && factor.From == "" {
		return notice{"confirm", factor.Proxy, factor.Command()}, true
	}
	return notice{}, false
}

// whyClosed says, in parentheses, what keeps the browser closed if err does not,
// and whether anything does.
func (g *logins) whyClosed(err error, proxy string) (text string, closed bool) {
	var (
		refused     *signin.ClosedError
		unconfirmed *signin.UnconfirmedError
	)
	if errors.As(err, &refused) || errors.As(err, &unconfirmed) || !g.renews(proxy) {
		return "", true
	}
	if why := g.cfg.Gate.WhyNot(proxy); why != "" {
		return " (" + why + ")", true
	}
	return "", false
}
