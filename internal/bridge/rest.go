// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import "time"

// rest tells once when nothing has been asked for a while: what many requests have
// left behind stays where it is in a process that does nothing, because nothing makes
// the runtime look.
type rest struct {
	after time.Duration
	begun func()
	timer *time.Timer // nil while something is open
}

// note is told how many requests are open, after each change.
func (r *rest) note(open int) {
	switch {
	case r.begun == nil:
	case open == 0 && r.timer == nil:
		r.timer = time.AfterFunc(r.after, r.begun)
	case open > 0 && r.timer != nil:
		r.timer.Stop()
		r.timer = nil
	}
}

// stop is for the end of the bridge.
func (r *rest) stop() {
	r.begun = nil
	if r.timer != nil {
		r.timer.Stop()
	}
}
