// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
)

// How a Keeper tries again.
var keeperPauses = []time.Duration{time.Second, 2 * time.Second, 5 * time.Second, 15 * time.Second, time.Minute}

const (
	// keeperTries is how often one thing is tried. Each try waits for other writers
	// by itself, as long as the store does.
	keeperTries = 15
	// keeperEnd is how long what is not stored yet may take at the end.
	keeperEnd = time.Second
)

// Keeper stores what can be used without being stored, such as the certificate of
// an app, beside everything else: another process may hold the store, or a keyring
// may wait for its password. It goes on trying for a while. It is safe for
// concurrent use.
type Keeper struct {
	log     *slog.Logger
	life    context.Context // until Close
	end     context.CancelFunc
	writing context.Context // some time longer
	abort   context.CancelFunc
	wake    chan struct{}
	done    chan struct{}

	mu   sync.Mutex
	kept map[string]*keeping // by what it is; the last one counts
}

// keeping is one thing that is not stored yet.
type keeping struct {
	save  func(context.Context) error
	tries int
}

// NewKeeper returns a Keeper, which must be closed.
func NewKeeper(log *slog.Logger) *Keeper {
	k := &Keeper{log: log, wake: make(chan struct{}, 1), done: make(chan struct{}), kept: map[string]*keeping{}}
	k.life, k.end = context.WithCancel(context.Background())
	k.writing, k.abort = context.WithCancel(context.Background())
	go k.run()
	return k
}

// Close tries once more to store what is not stored, for a moment, and ends.
func (k *Keeper) Close() {
	k.end()
	late := time.AfterFunc(keeperEnd, k.abort)
	<-k.done
	late.Stop()
	k.abort()
}

// keep stores something soon, in the place of what was to be stored of the same.
func (k *Keeper) keep(what string, save func(context.Context) error) {
	k.mu.Lock()
	k.kept[what] = &keeping{save: save}
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

func (k *Keeper) run() {
	defer close(k.done)
	for round := 0; ; round++ {
		var again <-chan time.Time
		if k.saveAll() {
			again = time.After(keeperPauses[min(round, len(keeperPauses)-1)])
		} else {
			round = -1
		}
		select {
		case <-again:
		case <-k.wake:
		case <-k.life.Done():
			k.saveAll()
			return
		}
	}
}

// saveAll tries to store everything, and tells whether anything is left.
func (k *Keeper) saveAll() (left bool) {
	k.mu.Lock()
	all := maps.Clone(k.kept)
	k.mu.Unlock()
	for _, what := range slices.Sorted(maps.Keys(all)) {
		k.try(what, all[what])
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.kept) > 0
}

// try tries to store one thing.
func (k *Keeper) try(what string, one *keeping) {
	err := one.save(k.writing)
	one.tries++
	again := mayBeStoredLater(err) && one.tries < keeperTries && k.life.Err() == nil
	switch {
	case err == nil, errors.Is(err, creds.ErrSuperseded), errors.Is(err, creds.ErrNotFound): // its login is gone
	case !again:
		k.log.Warn(what+" could not be stored; the next start has to ask for it again", "err", err)
	case one.tries == 1:
		k.log.Info(what+" is not stored yet", "err", err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if !again && k.kept[what] == one {
		delete(k.kept, what)
	}
}

// mayBeStoredLater tells of an error whether it passes.
func mayBeStoredLater(err error) bool {
	var keyring *creds.KeyringError
	return errors.Is(err, creds.ErrBusy) || errors.As(err, &keyring) && keyring.Timeout
}
