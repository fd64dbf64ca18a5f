// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: how the browser is opened, or is not.

package login

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

func TestOpenFails(t *testing.T) {
	broken := errors.New("no display")
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Open = func(string) error { return broken } })
	r.visit(r.goodURL())
	if _, err := r.end(); err != nil {
		t.Errorf("the login failed with its browser: %v", err)
	}
	if len(r.shown) != 1 || !errors.Is(r.shown[0], broken) {
		t.Errorf("shown %v, want once with the error of Open", r.shown)
	}
}

func TestNoBrowser(t *testing.T) {
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Open = nil })
	r.visit(r.goodURL())
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
	if len(r.shown) != 1 || !errors.Is(r.shown[0], ErrNoBrowser) {
		t.Errorf("shown %v, want once with ErrNoBrowser", r.shown)
	}
}

// TestNobodyLooks is a login with neither Open nor Show.
func TestNobodyLooks(t *testing.T) {
	f := newFakeProxy(t)
	sso := &SSO{Proxy: f.proxy(), Timeout: time.Millisecond}
	sso.Connector.Type = "github"
	if _, err := sso.Run(t.Context()); !errors.Is(err, ErrTimeout) {
		t.Errorf("error %v, want ErrTimeout", err)
	}
}

// TestOpenThatStays is a browser launcher in the foreground: the login is
// answered while Open still runs.
func TestOpenThatStays(t *testing.T) {
	f := newFakeProxy(t)
	user := &run{fakeProxy: f, t: t}
	release, gone := make(chan struct{}), make(chan struct{})
	before := time.Now()
	r := start(t, f, func(s *SSO) {
		s.Open = func(url string) error {
			defer close(gone)
			user.send("GET", url, "")
			user.visit(user.goodURL())
			<-release
			return errors.New("too late")
		}
	})
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
	if took := time.Since(before); took >= openWait {
		t.Errorf("the answered login ended only after %v", took)
	}
	close(release)
	<-gone
	if len(r.shown) != 1 || r.shown[0] != nil {
		t.Errorf("shown %v, want once without an error", r.shown)
	}
}

// bubble runs invite and await as Run does, on a clock of their own.
func bubble(t *testing.T, w *window, f func(ctx context.Context, w *window, c *ceremony)) {
	synctest.Test(t, func(t *testing.T) {
		w.proxy = &teleport.Proxy{Addr: "proxy.example:443"}
		c := newCeremony(w, "127.0.0.1:9")
		ctx, cancel := context.WithTimeoutCause(t.Context(), w.patience(), ErrTimeout)
		defer cancel()
		f(ctx, w, c)
	})
}

func TestDefaultTimeout(t *testing.T) {
	bubble(t, &window{}, func(ctx context.Context, w *window, c *ceremony) {
		began := time.Now()
		w.invite(ctx, c)
		out := c.await(ctx)
		if !errors.Is(out.err, ErrTimeout) || out.browser {
			t.Errorf("outcome %+v", out)
		}
		if took := time.Since(began); took != 3*time.Minute {
			t.Errorf("the wait took %v, want 3 min", took)
		}
	})
}

func TestOpenIsBusy(t *testing.T) {
	var shown []error
	w := &window{show: func(_ string, err error) { shown = append(shown, err) }}
	bubble(t, w, func(ctx context.Context, w *window, c *ceremony) {
		free := make(chan struct{})
		w.open = func(string) error { <-free; return errors.New("too late") }
		began := time.Now()
		w.invite(ctx, c)
		if took := time.Since(began); took != openWait {
			t.Errorf("the link was shown after %v, want %v", took, openWait)
		}
		close(free)
		synctest.Wait()
	})
	if len(shown) != 1 || shown[0] != nil {
		t.Errorf("shown %v, want once without an error", shown)
	}
}

func TestLingerIsBounded(t *testing.T) {
	bubble(t, &window{}, func(ctx context.Context, _ *window, c *ceremony) {
		began := time.Now()
		c.linger(ctx)
		if took := time.Since(began); took != lingerTime {
			t.Errorf("lingered %v, want %v", took, lingerTime)
		}
		c.told()
		c.told() // a page that is fetched twice
		c.linger(ctx)
		if took := time.Since(began); took != lingerTime {
			t.Error("lingered although the page was fetched")
		}
	})
}

// TestFirstOutcomeStands races the timeout with a callback.
func TestFirstOutcomeStands(t *testing.T) {
	bubble(t, &window{}, func(ctx context.Context, _ *window, c *ceremony) {
		if !c.settle(outcome{err: &DeniedError{}, browser: true}) || c.settle(outcome{}) {
			t.Error("settle does not tell who was first")
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if out := c.await(ended); !out.browser {
			t.Errorf("outcome %+v, want the one of the callback", out)
		}
	})
}
