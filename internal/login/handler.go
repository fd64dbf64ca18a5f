// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"net/http"
	"slices"
	"strings"
)

const maxForm = 1 << 20 // bytes of a posted form, as much as Go's server takes in a query

// Reasons for which a request is refused; they are shown and logged, so they
// hold nothing of the request.
const (
	foreignHost   = "the request was sent to another host name"
	foreignOrigin = "the request comes from another site"
	unknownPath   = "there is nothing at this address"
	wrongMethod   = "the request method is not allowed here"
	badForm       = "the request cannot be read"
	alreadyEnded  = "this sign-in has already ended"
	alreadyOpened = "this sign-in was opened before, by another browser or another program"
	notYet        = "the page cannot be fetched ahead of time"
)

// ServeHTTP routes the requests to the listener.
//
// Whoever can reach the listener is held off by the secret, not by the checks
// of Host and Origin; those only keep other sites (DNS rebinding, scripts) from
// getting as far as that. The vendor's client answers its callback with
// "Access-Control-Allow-Origin: *" (protocol.md 2.4), and so does this
// one, because a page of the proxy may read the response of a POST. It is no
// contradiction to the Origin check: a foreign origin is refused before that
// header is set, and what passes could read only refusals and the page with the
// names of cluster and user, at a path that only the sender of the answer learns.
func (c *ceremony) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch path := r.URL.EscapedPath(); {
	case !c.isOwnHost(r.Host):
		c.refuse(w, http.StatusForbidden, foreignHost)
	case !c.isOwnOrigin(r.Header.Values("Origin")):
		c.refuse(w, http.StatusForbidden, foreignOrigin)
	case path == "/callback":
		c.serveCallback(w, r)
	case path == c.linkPath:
		c.get(w, r, c.serveLink)
	case path == c.donePath && c.hasEnded():
		c.get(w, r, c.serveDone)
	default:
		c.refuse(w, http.StatusNotFound, unknownPath)
	}
}

func (c *ceremony) get(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", "GET")
		c.refuse(w, http.StatusMethodNotAllowed, wrongMethod)
		return
	}
	serve(w, r)
}

// serveLink sends the browser to the identity provider (protocol.md 2.3), if it
// is the first that comes.
func (c *ceremony) serveLink(w http.ResponseWriter, r *http.Request) {
	if isPrefetch(r) {
		c.refuse(w, http.StatusServiceUnavailable, notYet)
		return
	}
	cookie, ok, again := c.claim.take(r, c.linkPath)
	if !ok {
		if !again {
			c.warn("%s", openedTwice)
		}
		c.log.Debug("refused a request to the login listener", "status", http.StatusConflict, "reason", alreadyOpened)
		writePage(w, http.StatusConflict, takenPage())
		return
	}
	if cookie != nil {
		http.SetCookie(w, cookie)
	}
	c.log.Debug("the login link was opened")
	if form := c.start.PostForm; len(form) > 0 {
		writeForm(w, form)
		return
	}
	redirect(w, http.StatusFound, c.start.RedirectURL)
}

// serveCallback takes the answer (protocol.md 2.4) and sends the browser
// on to a clean path, so that the answer stays neither in the address bar nor
// in the list behind the back button. What a browser may write down of the
// redirect all the same is sealed with a secret that is gone with this login.
func (c *ceremony) serveCallback(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "GET, OPTIONS, POST")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	switch r.Method {
	case http.MethodOptions:
		secure(w, "default-src 'none'", "no-referrer")
		return
	case http.MethodGet, http.MethodPost:
	default:
		c.refuse(w, http.StatusMethodNotAllowed, wrongMethod)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if r.ParseForm() != nil {
		c.refuse(w, http.StatusBadRequest, badForm)
		return
	}
	out, err := c.judge(r.Form)
	if err != nil {
		c.refuse(w, http.StatusForbidden, err.Error())
		return
	}
	if !c.settle(out) {
		c.refuse(w, http.StatusConflict, alreadyEnded)
		return
	}
	c.log.Debug("the login was answered", "ok", out.err == nil)
	redirect(w, http.StatusSeeOther, c.donePath)
}

// serveDone shows how the login ended, to whoever was sent here by the callback.
// The server may be closed as soon as the page is told of, so it is flushed
// before.
func (c *ceremony) serveDone(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Access-Control-Allow-Origin", "*") // a POST by fetch ends here
	w.Header().Set("Connection", "close")
	writePage(w, http.StatusOK, c.outcomePage())
	if http.NewResponseController(w).Flush() == nil {
		c.told()
	}
}

func (c *ceremony) refuse(w http.ResponseWriter, status int, reason string) {
	c.log.Debug("refused a request to the login listener", "status", status, "reason", reason)
	writePage(w, status, refusedPage(reason))
}

func (c *ceremony) hasEnded() bool {
	select {
	case <-c.settled:
		return true
	default:
		return false
	}
}

func (c *ceremony) isOwnHost(host string) bool {
	return slices.ContainsFunc(c.hosts, func(own string) bool { return strings.EqualFold(host, own) })
}

func (c *ceremony) isOwnOrigin(origins []string) bool {
	return !slices.ContainsFunc(origins, func(origin string) bool {
		return !slices.ContainsFunc(c.origins, func(own string) bool { return strings.EqualFold(origin, own) })
	})
}
