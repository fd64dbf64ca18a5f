// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// grounds are why a certificate is to be replaced by another one.
type grounds int

const (
	outdone   grounds = iota // another one is known to do better
	forgotten                // the proxy does not know it, by its own word
	refused                  // the same, by a word that an app can feign
	denied                   // the app service denies it, and nothing stands in the way
)

// Access that is really denied, and an app that is offline, shall not cost a
// certificate for every request, and neither shall an app that says in the
// proxy's words that the session is unknown. A proxy may forget as often as it
// likes.
var (
	// unusedPauses are how long one that is new and was never of use is kept,
	// after so many others of which the same was true.
	unusedPauses = []time.Duration{10 * time.Second, time.Minute, 5 * time.Minute}
	// replacements are how many are replaced where the proxy's word is not proven.
	replacements = rate{burst: 30, every: 10 * time.Second}
)

// deniedPause is the least pause after a denial: about the time after which the
// app service judges anew a session that is left alone (protocol.md 15.3).
const deniedPause = 30 * time.Second

// mayReplace tells whether the link in use may be given up, and counts it. If too
// many were, the link knows until when.
func (s *state) mayReplace(l *link, why grounds, now time.Time) bool {
	pause := unusedPauses[min(s.unused, len(unusedPauses)-1)]
	if why == denied {
		pause = max(pause, deniedPause)
	}
	switch {
	case why == outdone, why == forgotten && l.passed:
		return true
	case l.cert.HasFactor() && l.cluster.Now().Sub(access.IssuedAt(l.cert.Leaf)) < factorPause:
		return false
	case !l.passed && now.Sub(l.issued) < pause:
		return false
	}
	if l.held = s.replaced.take(replacements, now); !l.held.IsZero() {
		return false
	}
	if !l.passed && !l.issued.IsZero() {
		s.unused++
	}
	return true
}

// rate is so many at once, and one more each time that every has gone by.
type rate struct {
	burst int
	every time.Duration
}

// spent is what was taken of a rate. The zero value is nothing.
type spent struct {
	until time.Time // when all is there again
}

// take takes one, or returns when there is one.
func (p *spent) take(r rate, now time.Time) (next time.Time) {
	all := time.Duration(r.burst) * r.every
	left := min(max(0, p.until.Sub(now)), all) // also when the clock was set back
	p.until = now.Add(left)
	if over := left + r.every - all; over > 0 {
		return now.Add(over)
	}
	p.until = p.until.Add(r.every)
	return time.Time{}
}
