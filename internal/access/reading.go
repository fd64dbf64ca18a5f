// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// setClock is what to do first where a clock is the cause.
const setClock = "set this machine's clock right, and try again"

// Reading is by which clock something is called expired.
type Reading struct {
	Skew   time.Duration // how far the cluster's clock is ahead of this machine's, as far as it is known
	Guess  time.Duration // the same by the word of somebody unverified; 0: the cluster itself said it last, or nobody did
	Unsure bool          // nobody has told the cluster's time
}

// String follows a time; it is empty where the clocks agree.
func (r Reading) String() string {
	switch {
	case r.Guess != 0: // which is newer
		return ": " + teleport.Skewed(r.Guess) + ", as far as an unverified proxy can be trusted"
	case r.Skew != 0:
		return " by the cluster's clock: " + teleport.Skewed(r.Skew)
	case r.Unsure:
		return " by this machine's clock"
	}
	return ""
}

// reading is by which clock the cluster's certificates are judged.
func reading(c *Cluster) Reading {
	guess, guessed := c.clock.Guessed()
	return Reading{Skew: c.clock.Skew(), Guess: guess, Unsure: !guessed && !c.clock.Measured()}
}
