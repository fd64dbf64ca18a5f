// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

// machine holds the state, and is the one thing that all parts of a Way share.
type machine struct {
	cfg  Config
	life context.Context // what is begun for several requests ends with it
	work sync.WaitGroup  // all of that

	mu sync.Mutex // never held while anything is waited for
	s  state      // changed by move alone
}

// state is everything that changes while a bridge runs. Only machine.move touches
// it, so that its rules hold between any two moves. Beside each other go on the way to
// a link (none, being found, in use), look-ups (idle, asking), and a sign-in and a
// second factor (idle, waiting for the person).
type state struct {
	proxy string      // of the cluster that was opened first: a bridge stays with it
	who   access.Mark // the identity that was found last
	gen   int         // counts identities: what was begun with an earlier one is not taken

	link    *link          // what requests go over; nil without a certificate
	finding *flight[*link] // under way for all requests that need a link

	refused  []string // serial numbers of the last certificates that were given up: they may still be in the store
	replaced spent    // of replacements
	unused   int      // how many were replaced that were never of use, since one was

	asking *flight[finding] // a look-up
	found  finding          // by the last one
	asked  []time.Time      // when the same was found, the last times

	advising *flight[string] // what can be requested

	signing *flight[struct{}]
	proving *flight[struct{}] // a second factor
	over    time.Time         // the end of a login that the cluster takes for expired before that

	raw bool // the app is a raw one, though its certificate does not tell

	told, closed bool // the log has it that a login is needed; that no browser will help
}

// event is what happened to the state.
type event string

const (
	opened       event = "opened"        // a cluster was opened for the first time
	otherUser    event = "other user"    // another identity is found, or none
	findBegun    event = "find begun"    //
	findEnded    event = "find ended"    //
	linked       event = "linked"        // a link was found
	renewed      event = "renewed"       // a link took the place of one that ends earlier
	givenUp      event = "given up"      // the link was refused
	dropped      event = "dropped"       // its proxy is not the one that the profile names
	passed       event = "passed"        // a request got through to the app
	denialNoted  event = "denial noted"  // the app service denied one, or does not any more
	probeBegun   event = "probe begun"   // whether the proxy refuses a certificate
	probeEnded   event = "probe ended"   //
	lookBegun    event = "look begun"    //
	lookEnded    event = "look ended"    //
	looked       event = "looked"        // a look-up has found something
	adviceBegun  event = "advice begun"  // what can be requested is being asked
	adviceEnded  event = "advice ended"  //
	signInBegun  event = "sign-in begun" //
	signInEnded  event = "sign-in ended" //
	proofBegun   event = "proof begun"   // the user is asked for a second factor
	proofEnded   event = "proof ended"   //
	proved       event = "proved"        // a link was got with one
	overruled    event = "overruled"     // the cluster takes a login for expired
	noticeGiven  event = "notice given"
	turnedRaw    event = "turned raw" // an app over HTTP is none
	nothingMoves event = "nothing"    // the state is only read
)

// move is one transition. f must not wait for anything.
func (m *machine) move(e event, f func(*state)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if violated == nil {
		f(&m.s)
		return
	}
	before := m.s
	f(&m.s)
	if broken := m.s.check(e, before); broken != "" {
		violated(e, broken)
	}
}

// inHand is the link that the next request would use, or nil.
func (m *machine) inHand() (l *link) {
	m.move(nothingMoves, func(s *state) { l = s.link })
	return l
}

// violated is told of a rule that an event has broken. Tests set it; without it
// the rules are not checked.
var violated func(e event, rule string)

// mayLink are the events after which another link is in use, mayDrop those after
// which there is none.
var (
	mayLink = []event{linked, renewed, proved}
	mayDrop = []event{otherUser, givenUp, dropped}
)

// check returns the rule that does not hold, if any.
func (s *state) check(e event, before state) string {
	switch l := s.link; {
	case before.proxy != "" && s.proxy != before.proxy:
		return "a running bridge went to another cluster"
	case s.gen != before.gen && e != otherUser, s.gen < before.gen:
		return "an identity was counted for no reason"
	case l != before.link && l != nil && !slices.Contains(mayLink, e):
		return "a link came from nowhere"
	case l != before.link && l == nil && !slices.Contains(mayDrop, e):
		return "a link was dropped for no reason"
	case l != nil && l.gen != s.gen:
		return "a link belongs to an earlier identity"
	case l != nil && l.cluster.Profile.Proxy != s.proxy:
		return "a link leads to another cluster"
	case l != nil && slices.Contains(s.refused, l.serial()):
		return "a link was refused and is in use"
	case len(s.refused) > refusals || len(s.asked) > lookups:
		return "what is remembered grows"
	case s.finding != nil && s.finding.waiting == 0, s.asking != nil && s.asking.waiting == 0:
		return "work that is about to be stopped can be joined"
	case !s.found.began.IsZero() && s.found.gen != s.gen:
		return "a finding belongs to an earlier identity"
	case s.closed && !s.told:
		return "the end of a notice without its beginning"
	}
	return ""
}
