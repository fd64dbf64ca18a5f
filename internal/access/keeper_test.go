// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

var (
	errHeld   = &creds.BusyError{Path: "write.lock", PID: 7}
	errLocked = &creds.KeyringError{Op: "set", Timeout: true}
)

// TestKeeper is how often something is tried that ends as told, one after another,
// while the bridge lives for an hour.
func TestKeeper(t *testing.T) {
	for name, test := range map[string]struct {
		ends  []error // the last one repeats
		tries int
		log   string
	}{
		"at once":                {[]error{nil}, 1, ""},
		"held for a while":       {[]error{errHeld, errHeld, errHeld, nil}, 4, "is not stored yet"},
		"the keyring is silent":  {[]error{errLocked, nil}, 2, "is not stored yet"},
		"the keyring refuses":    {[]error{&creds.KeyringError{Op: "set", Err: errors.New("no")}}, 1, "could not be stored"},
		"the disk is full":       {[]error{errors.New("no space left")}, 1, "could not be stored"},
		"a newer login is there": {[]error{creds.ErrSuperseded}, 1, ""},
		"somebody logged out":    {[]error{creds.ErrNotFound}, 1, ""},
		"held for ever":          {[]error{errHeld}, keeperTries, "could not be stored"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var log bytes.Buffer
				k := NewKeeper(slog.New(slog.NewTextHandler(&log, nil)))
				tries := 0
				k.keep("it", func(context.Context) error {
					tries++
					return test.ends[min(tries, len(test.ends))-1]
				})
				time.Sleep(time.Hour)
				k.Close()
				if tries != test.tries {
					t.Errorf("tried %d times, want %d", tries, test.tries)
				}
				if said := log.String(); !strings.Contains(said, test.log) || (said == "") != (test.log == "") {
					t.Errorf("the log has %q", said)
				}
			})
		})
	}
}

// TestKeeperEnds: what waits is tried once more at the end, and what hangs is left
// soon; the last of one kind counts.
func TestKeeperEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := NewKeeper(slog.New(slog.DiscardHandler))
		var stored []string
		busy := true
		keep := func(what, value string) {
			k.keep(what, func(ctx context.Context) error {
				if busy {
					return errHeld
				}
				stored = append(stored, value)
				return nil
			})
			synctest.Wait()
		}
		keep("app", "old")
		keep("app", "new")
		keep("clock", "time")
		busy = false
		start := time.Now()
		k.Close()
		if got := strings.Join(stored, " "); got != "new time" || time.Since(start) != 0 {
			t.Errorf("stored is %q after %v", got, time.Since(start))
		}
		k = NewKeeper(slog.New(slog.DiscardHandler))
		k.keep("app", func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		})
		synctest.Wait()
		start = time.Now()
		k.Close()
		if took := time.Since(start); took != keeperEnd {
			t.Errorf("the end took %v", took)
		}
	})
}
