// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// lingerTime bounds how long an ended login waits for the browser to fetch
// the page that tells how it ended.
const lingerTime = 3 * time.Second

var errForgedError = errors.New("the error does not carry the secret of this login")

// ceremony is the state of one login between the callbacks and Run. All but
// the outcome is fixed before the first request is served.
type ceremony struct {
	secret   []byte   // 32 bytes; hex in the callback URL
	host     string   // where the listener is, 127.0.0.1:PORT
	base     string   // what browsers are told of it, http://127.0.0.1:PORT
	hosts    []string // names that requests may be sent to
	origins  []string // of pages that may send them
	linkPath string
	donePath string
	start    consoleAnswer
	read     func(plain []byte) outcome // takes what was sealed
	denied   func(text string) error    // is the error for the server's text
	app      string                     // whose use is confirmed; empty: it is a login
	cluster  string                     // on the pages; may be empty
	proxy    string                     // on the pages if nothing names the cluster
	log      *slog.Logger
	warn     func(format string, a ...any)
	claim    claim

	once    sync.Once
	out     outcome       // valid once settled is closed
	settled chan struct{} // closed when the login has ended
	told    func()        // closes toldTo
	toldTo  chan struct{} // closed when the browser got the page of the outcome
}

// outcome is how a ceremony ended: with an identity, with the proof that the
// user has the passkey, or with an error.
type outcome struct {
	identity  *teleport.Identity
	assertion json.RawMessage // as the proxy wants it back
	question  string          // that the person is still asked where the login was begun
	err       error
	browser   bool // a callback ended it, so that a browser waits for the page
}

func newCeremony(w *window, host string) *ceremony {
	toldTo := make(chan struct{})
	base := baseURL(w.callback, host)
	hosts := ownHosts(base, host)
	return &ceremony{
		secret:   randomBytes(32),
		host:     host,
		base:     base,
		hosts:    hosts,
		origins:  ownOrigins(base, hosts, w.proxy.Addr),
		denied:   deniedError,
		linkPath: "/" + rand.Text(),
		donePath: "/done/" + rand.Text(),
		cluster:  w.cluster,
		proxy:    w.proxy.Addr,
		log:      w.logger(),
		warn:     w.warner(),
		settled:  make(chan struct{}),
		told:     sync.OnceFunc(func() { close(toldTo) }),
		toldTo:   toldTo,
	}
}

func (c *ceremony) link() string { return c.base + c.linkPath }

// callbackURL has the one form that clusters accept (protocol.md 2.2).
func (c *ceremony) callbackURL() string {
	return c.base + "/callback?secret_key=" + hex.EncodeToString(c.secret)
}

// settle ends the login and tells whether it was this call that did: the first
// outcome stands.
func (c *ceremony) settle(out outcome) (first bool) {
	c.once.Do(func() {
		first = true
		c.out = out
		close(c.settled)
	})
	return first
}

// await returns the outcome of a callback, or the end of ctx.
func (c *ceremony) await(ctx context.Context) outcome {
	select {
	case <-c.settled:
	case <-ctx.Done():
		c.settle(outcome{err: waitError(ctx)}) // unless a callback came first
	}
	return c.out
}

// linger gives the browser the time to fetch the page of an ended login.
func (c *ceremony) linger(ctx context.Context) {
	limit := time.NewTimer(lingerTime)
	defer limit.Stop()
	select {
	case <-c.toldTo:
	case <-limit.C:
	case <-ctx.Done():
	}
}

// judge reads the form of a callback. Its error means that the callback was
// not made with the secret of this login and must not end it.
func (c *ceremony) judge(form url.Values) (outcome, error) {
	if form.Has("err") {
		if !c.knowsSecret(form.Get("secret_key")) {
			return outcome{}, errForgedError
		}
		return outcome{err: c.denied(form.Get("err")), browser: true}, nil
	}
	plain, err := openSealed(c.secret, form.Get("response"))
	if err != nil {
		return outcome{}, err
	}
	out := c.read(plain)
	out.browser = true
	return out, nil
}

func (c *ceremony) knowsSecret(text string) bool {
	return subtle.ConstantTimeCompare([]byte(text), []byte(hex.EncodeToString(c.secret))) == 1
}
