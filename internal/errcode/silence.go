// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// SilentError tells that somebody who was waited for said nothing. Its text has
// who that is, what did not come and how long it was waited for, since the cause
// only says that the time is over.
type SilentError struct {
	Who   string // "teleport.example.com:443"
	What  string // "did not answer the TLS handshake"
	After time.Duration
	Next  string // what to do about it; empty: the error around it says so
	Err   error
}

// Silence is err, and where it tells that the time is over, or that the network gave
// up, a *[SilentError] around it. One that is in it already stays.
func Silence(err error, began time.Time, who, what, next string) error {
	var silent *SilentError
	if err == nil || errors.As(err, &silent) || !IsLate(err) {
		return err
	}
	return &SilentError{Who: who, What: what, After: time.Since(began), Next: next, Err: err}
}

// IsLate says whether something took too long.
func IsLate(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &timeout) && timeout.Timeout()
}

func (e *SilentError) Error() string {
	return fmt.Sprintf("%s %s within %s", e.Who, e.What, lasting(e.After))
}

// Unwrap returns the cause.
func (e *SilentError) Unwrap() error { return e.Err }

// Hints are for who did not answer.
func (e *SilentError) Hints() []string { return []string{e.Next} }

// ExitCode is 0 where another error has more to say.
func (e *SilentError) ExitCode() int {
	if e.Next == "" {
		return 0
	}
	return 1
}

// lasting is a time that was waited, for a person. On a busy machine it is over late.
func lasting(d time.Duration) string {
	switch seconds := int((d + 100*time.Millisecond) / time.Second); {
	case d < time.Second:
		return d.Round(time.Millisecond).String()
	case seconds == 1:
		return "1 second"
	default:
		return fmt.Sprintf("%d seconds", seconds)
	}
}
