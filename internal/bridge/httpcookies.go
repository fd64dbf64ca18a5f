// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"
	"time"
)

// cookies are kept in memory, for load balancers that stick by them (transport.md
// 2.1, 3.5). A server may set as many as it likes; the newest stay.
type cookies struct {
	jar *cookiejar.Jar

	mu    sync.Mutex
	known *fifo[cookie]
}

// cookie is what it takes to delete one.
type cookie struct {
	url                *url.URL
	name, path, domain string
}

func newCookies() *cookies {
	jar, _ := cookiejar.New(nil) // never fails without options
	return &cookies{jar: jar, known: newFIFO[cookie](maxCookies, maxCookieBytes)}
}

// SetCookies is http.CookieJar's.
func (c *cookies) SetCookies(u *url.URL, all []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, set := range all {
		if len(set.Name)+len(set.Value)+len(set.Path)+len(set.Domain) > maxCookieBytes/2 {
			continue
		}
		key := set.Name + ";" + set.Path + ";" + set.Domain
		c.jar.SetCookies(u, []*http.Cookie{set})
		if set.MaxAge < 0 || !set.Expires.IsZero() && set.Expires.Before(time.Now()) {
			c.known.drop(key)
			continue
		}
		for _, old := range c.known.put(key, cookie{u, set.Name, set.Path, set.Domain}, len(set.Value)) {
			c.jar.SetCookies(old.url, []*http.Cookie{{Name: old.name, Path: old.path, Domain: old.domain, MaxAge: -1}})
		}
	}
}

// Cookies is http.CookieJar's.
func (c *cookies) Cookies(u *url.URL) []*http.Cookie { return c.jar.Cookies(u) }
