// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync"
)

// claimCookie is the name of the cookie that the browser gets which opens the
// link first. It is sent to the link's path alone.
const claimCookie = "tshmcp_sign_in"

// claim is who may open the link. A launcher gets it in its arguments, which
// other users of the machine can read: so the link is good for one browser, the
// first, and whoever comes later is refused and told of.
type claim struct {
	mu      sync.Mutex
	secret  string // in the first browser's cookie; empty until there is one
	refused bool   // somebody else came
}

// take lets the first browser in, and that one again when it reloads. The cookie
// is nil if it has it. again tells that somebody else was refused before.
func (c *claim) take(r *http.Request, path string) (cookie *http.Cookie, ok, again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.secret == "" {
		c.secret = rand.Text()
		return &http.Cookie{Name: claimCookie, Value: c.secret, Path: path, HttpOnly: true, SameSite: http.SameSiteLaxMode}, true, false
	}
	for _, has := range r.CookiesNamed(claimCookie) {
		if subtle.ConstantTimeCompare([]byte(has.Value), []byte(c.secret)) == 1 {
			return nil, true, false
		}
	}
	again, c.refused = c.refused, true
	return nil, false, again
}

// contested tells whether somebody was refused.
func (c *claim) contested() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.refused
}

// isPrefetch reports whether a browser asks ahead of the person, who may never
// follow.
func isPrefetch(r *http.Request) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose", "X-Moz"} {
		if strings.Contains(strings.ToLower(r.Header.Get(name)), "prefetch") {
			return true
		}
	}
	return false
}
