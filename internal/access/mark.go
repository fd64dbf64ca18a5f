// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/filewatch"
	"github.com/tshmcp/tshmcp/internal/identfile"
)

// slowLook is the pause between looks when the system tells of no change.
const slowLook = 5 * time.Minute

// Mark tells one identity from another, wherever it comes from. The zero Mark is
// no news: what was known before still holds.
type Mark struct {
	known bool
	from  Origin
	user  string // empty: nobody is logged in
	key   any    // what tells one identity of the user from another
	until time.Time
	// assumed is the certificate of an access request that counts; "": none does.
	assumed  string
	requests string // that it is of: with a new login the same go on with another one
}

// Replaces tells whether what was made as was, and is valid until end, is not to
// be used any more now that m is what is found. A login of tshmcp's own that is
// shorter than that takes nothing away from the same user: a headless one gets
// certificates that outlive it.
func (m Mark) Replaces(was Mark, end time.Time) bool {
	if !m.known || !was.known {
		return false
	}
	again := m
	again.until = was.until
	return again != was || !m.until.Equal(was.until) && m.until.After(end)
}

// SameUser tells whether m is, or may be, an identity of the user that was is of,
// renewed or not, whatever is assumed with it.
func (m Mark) SameUser(was Mark) bool {
	return !m.known || !was.known || m.user == was.user && m.user != ""
}

// OtherAccess tells whether the same user has assumed something else than was.
func (m Mark) OtherAccess(was Mark) bool {
	return m.known && was.known && m.user == was.user && m.requests != was.requests
}

// Or is m, or was if m is no news.
func (m Mark) Or(was Mark) Mark {
	if m.known {
		return m
	}
	return was
}

// Watched returns who is found at s for an app, with the proxy at an address or, if that is
// empty, at that of s, at the moment it is asked. It reads what is no secret, and only if
// that has changed: no key, unless tsh has another certificate than before.
func (o *Clusters) Watched(s Source, app string) func(proxy string) Mark {
	tsh := &tshWatch{home: s.TSH}
	return func(proxy string) Mark {
		if s.Identity != "" {
			return o.fileMark(s)
		}
		proxy = cmp.Or(proxy, s.Addr)
		p, err := o.login.Get(o.Store, proxy)
		switch {
		case errors.Is(err, creds.ErrNotFound):
			return tsh.mark(proxy)
		case err != nil:
			return Mark{}
		}
		m := Mark{known: true, user: p.Username, until: p.Expires}
		if a := p.AssumedFor(creds.App{Leaf: s.leafBelow(p.Cluster), Name: app}, o.Now().Add(p.ClockSkew)); a != nil {
			m.assumed, m.requests = a.Cert, strings.Join(a.Requests, " ")
		}
		return m
	}
}

// Follow calls look at once and whenever the func that [Clusters.Watched] returns may find
// somebody else at s, or something else assumed, until ctx ends. It sleeps in between.
// proxy is the address by which that is asked, or empty.
func (o *Clusters) Follow(ctx context.Context, s Source, proxy func() string, look func()) {
	at := func() Source { return s.At(cmp.Or(proxy(), s.Addr)) }
	filewatch.Follow(ctx, func() time.Duration { return o.untilOver(at()) }, func() []string { return o.files(at()) }, look)
}

// untilOver is the time until something ends that is assumed, which no file tells, and
// at most slowLook.
func (o *Clusters) untilOver(s Source) time.Duration {
	pause := slowLook
	if p, err := o.login.Get(o.Store, s.Addr); err == nil && s.Identity == "" {
		for _, a := range p.Assumed {
			if left := a.Expires.Sub(o.Now().Add(p.ClockSkew)); left > 0 {
				pause = min(pause, left)
			}
		}
	}
	return pause
}

// files are those that Watched reads: tsh's only as long as there is no login of tshmcp.
func (o *Clusters) files(s Source) []string {
	if s.Identity != "" {
		return []string{s.Identity}
	}
	files := o.Store.ProfileFiles(s.Addr)
	if _, err := o.login.Get(o.Store, s.Addr); errors.Is(err, creds.ErrNotFound) && s.TSH.Dir != "" {
		files = append(files, s.TSH.Files(s.Addr)...)
	}
	return files
}

// fileMark is of an identity file. One that is gone or damaged is no news.
func (o *Clusters) fileMark(s Source) Mark {
	id, err := o.file.Load(s.Identity, o.Now())
	if err != nil {
		return Mark{}
	}
	return Mark{known: true, from: FromFile, user: id.Username(), key: id}
}

// tshWatch is of a login of tsh, which ends with its files. It is safe for
// concurrent use.
type tshWatch struct {
	home identfile.TSH
	mu   sync.Mutex
	last Mark
}

func (w *tshWatch) mark(proxy string) Mark {
	w.mu.Lock()
	defer w.mu.Unlock()
	m := w.read(proxy)
	w.last = m.Or(w.last)
	return m
}

// read is no news while tsh writes the files of the same user.
func (w *tshWatch) read(proxy string) Mark {
	if w.home.Dir == "" {
		return Mark{known: true}
	}
	profile, err := tshProfile(w.home, proxy)
	if err != nil {
		return gone(err)
	}
	m := Mark{known: true, from: FromTSH, user: profile.Username}
	serial, err := w.home.Serial(profile)
	if err == nil {
		if m.key = serial; m == w.last {
			return m
		}
		_, err = w.home.Identity(profile)
	}
	if err != nil && (errors.Is(err, identfile.ErrNotFound) || m.user == w.last.user) {
		return gone(err)
	}
	return m
}

// gone is that nobody is logged in, if err says so.
func gone(err error) Mark { return Mark{known: errors.Is(err, identfile.ErrNotFound)} }
