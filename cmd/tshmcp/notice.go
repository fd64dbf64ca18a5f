// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
)

// loginNotice tells on stderr, which MCP clients keep in their log, that a
// login is needed, and the command for it. Each thing is said once until there
// is a certificate again, however many requests it fails. The protocol has no
// better place: a notifications/message may only be sent by a server whose
// initialize result declares logging, which comes after the answer that is
// waited for here and is the app's to declare, not the bridge's.
type loginNotice struct {
	w      io.Writer
	signIn *relogin // nil where --login says never

	mu   sync.Mutex
	said map[string]bool
}

// tell takes what became of looking for a certificate. It reports whether that
// was a matter of logging in.
func (n *loginNotice) tell(err error) bool {
	var missing *notLoggedInError
	var pending *loginPendingError
	switch {
	case err == nil:
		n.mu.Lock()
		defer n.mu.Unlock()
		n.said = nil
		return false
	case errors.As(err, &pending): // it was said when the wait began
		return true
	case !errors.As(err, &missing):
		return false
	}
	n.say("tshmcp: login needed: " + n.phrase(err, missing))
	return true
}

// phrase is the failure with why no browser will be opened for it, if so.
func (n *loginNotice) phrase(err error, missing *notLoggedInError) string {
	text := oneLine(err.Error())
	command := "run: " + missing.command()
	var refused *noReloginError
	switch {
	case errors.As(err, &refused), n.signIn == nil, missing.Proxy == "":
		return text + "; " + command
	}
	if why := n.signIn.whyNot(missing.Proxy); why != "" {
		return text + " (" + why + "); " + command
	}
	return text + "; sign in in the browser, which opens when a request waits, or " + command
}

func (n *loginNotice) say(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.said[line] {
		return
	}
	if n.said == nil {
		n.said = map[string]bool{}
	}
	n.said[line] = true
	fmt.Fprintln(n.w, strings.TrimSpace(line))
}
