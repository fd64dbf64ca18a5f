// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/tshmcp/tshmcp/internal/access"
)

// loginNotice tells on stderr, which MCP clients keep in their log, that a
// login is needed, and the command for it: one line until there is a
// certificate again, however many requests fail, and another one if a browser
// was to open and then did not help. The protocol has no better place: a
// notifications/message may only be sent by a server whose initialize result
// declares logging, which comes after the answer that is waited for here and is
// the app's to declare, not the bridge's.
type loginNotice struct {
	w      io.Writer
	signIn *relogin // nil where --login says never

	mu    sync.Mutex
	began bool // that a login is needed was said
	ended bool // that no browser will help was said
}

// tell takes what became of looking for a certificate. It reports whether that
// was a matter of logging in.
func (n *loginNotice) tell(err error) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	var missing *access.NotLoggedInError
	var pending *loginPendingError
	switch {
	case err == nil:
		n.began, n.ended = false, false
		return false
	case errors.As(err, &pending): // it was said when the wait began
		return true
	case !errors.As(err, &missing):
		return false
	}
	why, final := n.why(err, missing.Proxy)
	if n.ended || n.began && !final {
		return true
	}
	n.began, n.ended = true, final
	action := "run: " + missing.Command()
	if !final {
		action = "sign in in the browser, which opens when a request waits, or " + action
	}
	fmt.Fprintf(n.w, "tshmcp: login needed: %s%s; %s\n", oneLine(err.Error()), why, action)
	return true
}

// why says, in parentheses, what keeps the browser closed if err does not, and
// whether anything does.
func (n *loginNotice) why(err error, proxy string) (text string, closed bool) {
	var refused *noReloginError
	if errors.As(err, &refused) || n.signIn == nil || proxy == "" {
		return "", true
	}
	if why := n.signIn.whyNot(proxy); why != "" {
		return " (" + why + ")", true
	}
	return "", false
}
