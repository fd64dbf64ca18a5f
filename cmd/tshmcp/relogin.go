// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

const (
	// reloginTime bounds one attempt, the wait for another process included.
	reloginTime = 4 * time.Minute
	// refusalPause is how long no bridge opens a tab after nobody signed in, or
	// somebody declined to.
	refusalPause = 15 * time.Minute
	// reloginPoll is how often a waiting request looks for a login made elsewhere.
	reloginPoll = 250 * time.Millisecond
)

// loginPendingError means that a sign-in is open in the browser.
type loginPendingError struct{ Proxy string }

func (e *loginPendingError) Error() string {
	return "waiting for you to sign in to " + e.Proxy + " in the browser"
}

func (e *loginPendingError) Hints() []string {
	return []string{"finish it there and try again, or run: tshmcp login --proxy=" + e.Proxy}
}
func (e *loginPendingError) ExitCode() int { return exitNotLoggedIn }

// noReloginError means that a bridge must not open the browser by itself.
type noReloginError struct {
	Missing *access.NotLoggedInError
	Why     string
}

func (e *noReloginError) Error() string { return e.Missing.Error() + " (" + e.Why + ")" }
func (e *noReloginError) Unwrap() error { return e.Missing }

// relogin signs the user in again from inside a running bridge: one tab for all
// bridges of a cluster, whatever process they are in, and only while a client's
// request waits for it.
type relogin struct {
	*global
	flags  proxyFlags
	caFile string          // --ca-file, kept with the login
	ctx    context.Context // of the bridge: an attempt outlives the request that started it

	mu      sync.Mutex
	attempt *attempt
	over    time.Time // the end of a login that the cluster takes for expired before that
	made    time.Time // when the last attempt ended well
	wait    sync.WaitGroup
}

// attempt is one sign-in that requests of this process wait for.
type attempt struct {
	done chan struct{}
	err  error
}

// signIn returns nil as soon as there is a valid login to the proxy, made here,
// by another bridge or in a terminal.
func (r *relogin) signIn(ctx context.Context, missing *access.NotLoggedInError) error {
	proxy := missing.Proxy
	if err := r.overrule(missing); err != nil {
		return err
	}
	a, err := r.join(proxy)
	if err != nil {
		return err
	}
	tick := time.NewTicker(reloginPoll)
	defer tick.Stop()
	for {
		select {
		case <-a.done:
			return a.err
		case <-tick.C:
			if r.loggedIn(proxy) {
				return nil
			}
		case <-ctx.Done():
			return &loginPendingError{Proxy: proxy}
		}
	}
}

// overrule notes a login that the cluster takes for expired although it is not by
// this machine's clock, so that it counts for none. If that happens to one that
// was made just now, another would have no better luck: no tab is opened again
// soon.
func (r *relogin) overrule(missing *access.NotLoggedInError) error {
	if !missing.Overruled {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	fresh := !r.made.IsZero() && r.now().Sub(r.made) < refusalPause && !r.over.Equal(missing.Expired)
	r.over = missing.Expired
	if !fresh {
		return nil
	}
	r.pause(missing.Proxy)
	return r.refusal(missing.Proxy, "that was the case with a login that was just made, and no browser is opened for 15 minutes after that")
}

// join returns the attempt that is under way, or starts one.
func (r *relogin) join(proxy string) (*attempt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.attempt != nil {
		select {
		case <-r.attempt.done:
		default:
			return r.attempt, nil
		}
	}
	if err := r.allowed(proxy); err != nil {
		return nil, err
	}
	a := &attempt{done: make(chan struct{})}
	r.attempt = a
	r.wait.Go(func() {
		defer close(a.done)
		a.err = r.attend(proxy)
	})
	return a, nil
}

// attend waits for its turn among the bridges of this cluster and signs in,
// unless another one did meanwhile. The lock frees itself when its holder dies;
// the next in line takes over.
func (r *relogin) attend(proxy string) error {
	ctx, cancel := context.WithTimeout(r.ctx, reloginTime)
	defer cancel()
	unlock, err := r.store().Lock(ctx, "login "+proxy)
	if err != nil {
		return &loginPendingError{Proxy: proxy}
	}
	defer unlock()
	if r.loggedIn(proxy) {
		return nil
	}
	if err := r.allowed(proxy); err != nil {
		return err
	}
	ctx, stop := r.untilLoggedIn(ctx, proxy)
	defer stop()
	flags := r.flags
	flags.proxy = proxy
	err = loginUnattended(ctx, r.global, flags, r.caFile)
	if r.loggedIn(proxy) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.made = r.now()
		return nil
	}
	return r.unfinished(proxy, err)
}

// untilLoggedIn ends the context once somebody has logged in elsewhere: the tab
// that is open here is not needed any more.
func (r *relogin) untilLoggedIn(ctx context.Context, proxy string) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(reloginPoll)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				if r.loggedIn(proxy) {
					cancel()
					return
				}
			}
		}
	})
	return ctx, func() { cancel(); done.Wait() }
}

func (r *relogin) loggedIn(proxy string) bool {
	p, err := r.store().Profile(proxy)
	r.mu.Lock()
	defer r.mu.Unlock()
	return err == nil && r.now().Add(certMargin).Before(p.Expires) && !p.Expires.Equal(r.over)
}

// allowed says why no browser must be opened now, or nil.
func (r *relogin) allowed(proxy string) error {
	if why := r.whyNot(proxy); why != "" {
		return r.refusal(proxy, why)
	}
	return nil
}

func (r *relogin) whyNot(proxy string) string {
	switch {
	case r.getenv("CI") != "":
		return "no browser is opened in CI"
	case r.refusedRecently(proxy):
		return "the last sign-in was not completed, and no browser is opened for 15 minutes after that"
	}
	return r.noBrowser()
}

func (r *relogin) refusal(proxy, why string) error {
	missing := &access.NotLoggedInError{Proxy: proxy}
	if p, err := r.store().Profile(proxy); err == nil {
		missing.Expired, missing.Overruled = p.Expires, r.now().Before(p.Expires)
	}
	return &noReloginError{Missing: missing, Why: why}
}

// refusalFile is touched when a sign-in was refused or ran out of time.
func (e *env) refusalFile(proxy string) string {
	return filepath.Join(e.stateDir(), "refused", access.FileName(proxy))
}

func (r *relogin) refusedRecently(proxy string) bool {
	info, err := plainfile.Check(r.refusalFile(proxy), plainfile.Own)
	return err == nil && r.now().Sub(info.ModTime()) < refusalPause
}

// unfinished keeps all bridges from opening a tab again soon when nobody signed
// in, and names the command for it. What failed for another reason may be tried
// again.
func (r *relogin) unfinished(proxy string, err error) error {
	var denied *login.DeniedError
	why := "nobody signed in before the time ran out"
	switch {
	case errors.As(err, &denied):
		why = "the sign-in was refused: " + oneLine(denied.Message)
	case !errors.Is(err, login.ErrTimeout):
		return err
	}
	r.pause(proxy)
	return r.refusal(proxy, why)
}

// pause keeps all bridges from opening a tab for a while.
func (r *relogin) pause(proxy string) {
	file := r.refusalFile(proxy)
	if os.MkdirAll(filepath.Dir(file), 0o700) == nil {
		_ = plainfile.Touch(file)
	}
}

// forgetRefusal is called by a login that a person has started.
func (e *env) forgetRefusal(proxy string) { _ = os.Remove(e.refusalFile(proxy)) }
