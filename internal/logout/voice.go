// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package logout

import (
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Voice is the [Teller] of a person who reads a stream.
type Voice struct{ plain.Voice }

// NotLoggedIn is part of Teller, as what follows is.
func (v Voice) NotLoggedIn(proxy string, known []string) {
	if proxy == "" || len(known) == 0 {
		v.Line("Not logged in.")
		return
	}
	v.Line("Not logged in to %s.", strings.TrimSuffix(proxy, ":443")) // which nobody may have typed
	v.Hint("there are logins to %s; --all ends all of them", strings.Join(known, ", "))
}

func (v Voice) LoggedOut(cluster string) { v.Line("Logged out of %s.", cluster) }

func (v Voice) Default(p *creds.Profile) {
	v.Line("The default is now %s (%s) as %s.", p.Cluster, p.Proxy, p.Username)
}

func (v Voice) TSHLeft(proxy string) {
	v.Hint("the tsh login to %s remains and is used instead; tsh logout ends it, --no-tsh ignores it", proxy)
}

func (v Voice) NotEnded(s *access.Sessions, err error) {
	v.Warn("the app sessions at %s were not ended and last until %s: %v", s.Cluster, access.LocalTime(s.Until), err)
}
