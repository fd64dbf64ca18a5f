// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Tell says who is logged in now, and until when; without apps to come also how to
// sign in again, where nobody had to.
func (r *Result) Tell(to plain.Voice, apps bool) {
	p, logged := r.Profile, "Logged"
	if r.Valid {
		logged = "Already logged"
	}
	to.Line("%s in to %s as %s (roles: %s), valid until %s.", logged, p.Cluster, p.Username, strings.Join(p.Roles, ", "), access.LocalTime(p.Expires))
	if r.Valid && !apps {
		to.Hint("to sign in again, for example after your roles have changed, run: %s",
			plain.Command("tshmcp", "login", "--force", "--proxy="+p.Proxy))
	}
}

// Opener is the Open of a [Flow]: nil where no browser shall be opened, and else
// open, or where no browser would reach the person an error that says why. before,
// which may be nil, is called before the browser opens.
func Opener(open func(url string) error, none bool, why string, before func()) func(url string) error {
	switch {
	case none:
		return nil
	case why != "":
		return func(string) error { return errors.New(why) }
	case before == nil:
		return open
	}
	return func(url string) error {
		before()
		return open(url)
	}
}
