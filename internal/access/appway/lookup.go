// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
)

const (
	// whyTime bounds the question why an app was refused.
	whyTime = 5 * time.Second
	// lookups is how many such questions are asked within lookupTime, if the
	// answer is always the same; more requests than that are told the last one.
	lookups    = 10
	lookupTime = 2 * time.Second
)

// lookup asks what stands between the user and the app.
type lookup struct{ *links }

// finding is what one look-up found to stand between the user and the app.
type finding struct {
	began   time.Time
	gen     int // of the identity that asked
	why     error
	version string // of the cluster, if nothing stands in the way and it told
}

var toReason = route[finding]{lookBegun, lookEnded, func(s *state) **flight[finding] { return &s.asking }, whyTime}

// why returns what stands between the user and the app now, or why that could not
// be found out; nil if nothing does. A request that began at since is content with
// what was looked for later than that. Whoever asks meanwhile waits for the same.
func (k *lookup) why(ctx context.Context, since time.Time) error { return k.result(ctx, since).why }

// result is why with all that was found, as the user of now.
func (k *lookup) result(ctx context.Context, since time.Time) finding {
	for {
		gen := k.watch()
		if f, ok := k.known(since); ok {
			return f
		}
		f, err := share(ctx, k.machine, toReason, func(ctx context.Context) (finding, error) { return k.look(ctx, gen) })
		if err != nil {
			f = finding{why: err}
		}
		if k.watch() == gen || ctx.Err() != nil {
			return f
		}
		// It was begun as another user.
	}
}

// known is the last finding if it is good enough, or if it was found too often.
func (k *lookup) known(since time.Time) (f finding, ok bool) {
	now := k.cfg.Now()
	k.move(nothingMoves, func(s *state) {
		f = s.found
		busy := len(s.asked) == lookups && now.Sub(s.asked[0]) < lookupTime
		ok = busy || !f.began.IsZero() && f.began.After(since)
	})
	return f, ok
}

func (k *lookup) look(ctx context.Context, gen int) (finding, error) {
	f := finding{began: k.cfg.Now(), gen: gen}
	f.version, f.why = k.obstacle(ctx)
	if err := ctx.Err(); errors.Is(err, context.Canceled) {
		return f, err // nobody waits for it
	}
	k.move(looked, func(s *state) {
		if gen != s.gen {
			return
		}
		if fmt.Sprint(f.why) != fmt.Sprint(s.found.why) {
			s.asked = nil
		}
		s.found = f
		s.asked = append(s.asked, f.began)
		s.asked = s.asked[max(0, len(s.asked)-lookups):]
	})
	return f, nil
}

func (k *lookup) obstacle(ctx context.Context) (version string, why error) {
	c, err := k.open()
	if err != nil {
		return "", err
	}
	return access.Obstacle(ctx, c, k.cfg.App)
}
