// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// headlessTTL is what the certificate of a headless login lives
	// (protocol.md 3.4).
	headlessTTL = time.Minute
	// headlessArrival is how long the page of a headless login waits for the
	// login itself: whoever has the link may be faster.
	headlessArrival = 5 * time.Second
)

// errHeadless is the answer for whatever goes wrong with a headless login: a
// denial and the end of the time too.
var errHeadless = errors.New("headless authentication failed")

// headlessLogin is one that waits for its approval elsewhere.
type headlessLogin struct {
	user    string
	decided chan struct{} // closed when approved is set
	decide  sync.Once
	allowed bool
}

type headlessRequest struct {
	User       string        `json:"user"`
	HeadlessID string        `json:"headless_id"`
	SSHPubKey  []byte        `json:"ssh_pub_key"`
	TLSPubKey  []byte        `json:"tls_pub_key"`
	TTL        time.Duration `json:"ttl"` // nanoseconds
}

// serveHeadlessLogin is a long poll: it answers when the login is approved.
func (c *Cluster) serveHeadlessLogin(w http.ResponseWriter, r *http.Request) {
	var req headlessRequest
	if err := readJSON(w, r, &req); err != nil {
		writeError(w, http.StatusBadRequest, err.Error())
		return
	}
	answer, err := c.headlessLogin(req, r)
	if err != nil {
		c.refuseLogin(w, err.Error(), err)
		return
	}
	c.hooks.countLogin()
	writeJSON(w, answer)
}

func (c *Cluster) headlessLogin(req headlessRequest, r *http.Request) (*loginAnswer, error) {
	user, ok := c.user(req.User)
	if !ok || c.cfg.LocalAuth.NoHeadless || len(req.SSHPubKey) == 0 || req.HeadlessID != headlessID(req.SSHPubKey) {
		return nil, errHeadless
	}
	login := &headlessLogin{user: user.Name, decided: make(chan struct{})}
	c.arrive(req.HeadlessID, login)
	defer c.forgetHeadless(req.HeadlessID)
	ctx, cancel := context.WithTimeout(r.Context(), c.cfg.LocalAuth.HeadlessTime)
	defer cancel()
	select {
	case <-login.decided:
	case <-ctx.Done():
		return nil, errHeadless
	}
	if !login.allowed {
		return nil, errHeadless
	}
	return c.answerLocal(user.Name, req.TLSPubKey, headlessTTL, r)
}

// headlessID is the UUID that names a login by its SSH key (protocol.md 3.4):
// version 5, with SHA-256 for SHA-1 and the nil namespace.
func headlessID(sshKey []byte) string {
	sum := sha256.Sum256(append(make([]byte, 16), sshKey...))
	id := sum[:16]
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

func (c *Cluster) arrive(id string, login *headlessLogin) {
	c.local.mu.Lock()
	defer c.local.mu.Unlock()
	c.local.headless[id] = login
	close(c.local.arrived)
	c.local.arrived = make(chan struct{})
}

func (c *Cluster) forgetHeadless(id string) {
	c.local.mu.Lock()
	defer c.local.mu.Unlock()
	delete(c.local.headless, id)
}

// findHeadless waits a little for the login of that id; nil: it did not come.
func (c *Cluster) findHeadless(ctx context.Context, id string) *headlessLogin {
	ctx, cancel := context.WithTimeout(ctx, headlessArrival)
	defer cancel()
	for {
		c.local.mu.Lock()
		login, arrived := c.local.headless[id], c.local.arrived
		c.local.mu.Unlock()
		if login != nil {
			return login
		}
		select {
		case <-arrived:
		case <-ctx.Done():
			return nil
		}
	}
}

// serveHeadless shows the page on which the user approves a headless login
// with the passkey of the browser.
func (c *Cluster) serveHeadless(w http.ResponseWriter, r *http.Request) {
	if c.findHeadless(r.Context(), r.PathValue("id")) == nil {
		http.Error(w, "This request is not known.", http.StatusNotFound)
		return
	}
	c.writeConfirmPage(w, "Approve a command on another computer", r.URL.Path)
}

func (c *Cluster) serveHeadlessAnswer(w http.ResponseWriter, r *http.Request) {
	login := c.findHeadless(r.Context(), r.PathValue("id"))
	approve := r.FormValue("action") == "sign-in"
	user, _ := c.user(r.FormValue("user"))
	if login == nil || approve && user.Name != login.user {
		http.Error(w, "This request is not known.", http.StatusNotFound)
		return
	}
	if approve && !user.Passkey {
		http.Error(w, "You need a passkey to approve this.", http.StatusForbidden)
		return
	}
	login.decide.Do(func() {
		login.allowed = approve
		close(login.decided)
	})
	servePage("You may close this window.")(w, r)
}
