// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package plainfile

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// Within does something with what is at path that a dead file system, as one over a
// network, does not come back from: looking at it, opening it, listing it. It takes as
// long as [patience] at most, and is a *[SlowError] then. What hangs is left to itself,
// and costs a thread: as long as it does, nothing more is begun at that path, or below the
// highest folder above it that hangs, too.
func Within[T any](path string, work func() (T, error)) (T, error) {
	var none T
	if stuck.has(path) {
		return none, &SlowError{Path: path, Closed: true}
	}
	var value T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		value, err = work()
	}()
	if inTime(done, patience, path, func() {
		if opened, ok := any(value).(io.Closer); ok && err == nil {
			_ = opened.Close()
		}
	}) {
		return value, err
	}
	lookAbove(path)
	return none, &SlowError{Path: path, Closed: true}
}

// inTime waits for what is done at path. Where that takes longer, the path is stuck
// until it is done after all, and late is called then.
func inTime(done <-chan struct{}, limit time.Duration, path string, late func()) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
	}
	stuck.add(path)
	go func() {
		<-done
		stuck.remove(path)
		late()
	}()
	return false
}

// probeTime is how long a folder may take to be looked at that is above one that hangs.
const probeTime = 100 * time.Millisecond

// lookAbove finds the folders above path that do not answer either.
func lookAbove(path string) {
	path = filepath.Clean(path)
	for above := filepath.Dir(path); above != path && !answers(above); above = filepath.Dir(path) {
		path = above
	}
}

// lookAt is another one in tests.
var lookAt = os.Stat

// answers tells whether a folder can be looked at. One that cannot is stuck as long as
// that look hangs: it may only be slow.
func answers(path string) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = lookAt(path)
	}()
	return inTime(done, probeTime, path, func() {})
}

// stuck are the paths at which something hangs now.
var stuck paths

type paths struct {
	mu  sync.Mutex
	all map[string]int
}

func (p *paths) add(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil {
		p.all = map[string]int{}
	}
	p.all[filepath.Clean(path)]++
}

func (p *paths) remove(path string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	path = filepath.Clean(path)
	if p.all[path]--; p.all[path] == 0 {
		delete(p.all, path)
	}
}

// has tells whether something hangs at path, or above it.
func (p *paths) has(path string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	path = filepath.Clean(path)
	for one := range p.all {
		if path == one || strings.HasPrefix(path, one+string(filepath.Separator)) {
			return true
		}
	}
	return false
}
