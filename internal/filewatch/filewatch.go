// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package filewatch tells when files may have changed, for a process that sleeps until
// then: the system wakes it. The system is asked anew after each change, so that nothing
// has to be known of what it said before: a file that is replaced, a folder that comes,
// goes, or is another one now, a symlink that leads elsewhere, are all the same to it.
package filewatch

import (
	"context"
	"maps"
	"time"
)

// pause follows a change: what comes in one go is one look.
const pause = time.Second

// Follow calls look as soon as the files, or folders, are watched, after each change
// of them, and when slow has passed without one: other machines' changes of a network
// file system are not told of, and a system may be out of watches. It asks for slow
// after each look, and before it for the paths, which need not be there. It returns
// when ctx ends.
func Follow(ctx context.Context, slow func() time.Duration, paths func() []string, look func()) {
	follow(ctx, slow, func() watch { return begin(paths) }, look)
}

// A watch is for one change.
type watch interface {
	wait(ctx context.Context) // until something changes, or ctx ends
	close()
}

func follow(ctx context.Context, slow func() time.Duration, begin func() watch, look func()) {
	for ctx.Err() == nil {
		w := begin()
		look()
		once(ctx, slow(), w)
		rest(ctx, pause)
	}
}

// once waits for one change.
func once(ctx context.Context, slow time.Duration, w watch) {
	defer w.close()
	ctx, cancel := context.WithTimeout(ctx, slow)
	defer cancel()
	w.wait(ctx)
}

// begin watches what it can. What the system refuses, as folders that this user may not
// read and whatever is above its limits, is left to the slow look.
func begin(paths func() []string) watch {
	w, err := open()
	if err != nil {
		return unwatched{}
	}
	all := places(paths())
	for path, what := range all {
		_ = w.add(path, what)
	}
	if !maps.Equal(all, places(paths())) { // something was changed before it was watched
		w.close()
		return changed{}
	}
	return w
}

// unwatched is where nothing can be watched.
type unwatched struct{}

func (unwatched) wait(ctx context.Context) { <-ctx.Done() }
func (unwatched) close()                   {}

// changed has changed already.
type changed struct{}

func (changed) wait(context.Context) {}
func (changed) close()               {}

// rest waits for a while, or for the end of ctx.
func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// until has wake called when ctx ends, until the returned function was called: nothing
// of it is under way then.
func until(ctx context.Context, wake func()) (stop func()) {
	done := make(chan struct{})
	takeBack := context.AfterFunc(ctx, func() { wake(); close(done) })
	return func() {
		if !takeBack() {
			<-done
		}
	}
}
