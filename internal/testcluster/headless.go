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

	"github.com/tshmcp/tshmcp/internal/testcluster/grpcserve"
	"github.com/tshmcp/tshmcp/internal/testcluster/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

const (
	// headlessTTL is what the certificate of a headless login lives
	// (protocol.md 3.4).
	headlessTTL = time.Minute
	// headlessArrival is how long the page of a headless login waits for the
	// login itself: whoever has the link may be faster.
	headlessArrival = 5 * time.Second
)

// Refusals of a headless login. That of the end of its time is not in the
// recordings.
var (
	errHeadlessID     = badRequest("missing headless authentication id for headless login")
	errHeadlessSSHKey = badRequest("headless authentication resource must have non-empty SSH public key")
	errHeadlessName   = badRequest("headless authentication authentication resource name must be derived from public key")
	errHeadlessDenied = errors.New("headless authentication denied")
	errHeadlessTime   = errors.New("headless authentication failed")
)

// headlessLogin is one that waits for its approval elsewhere.
type headlessLogin struct {
	user    string
	decided chan struct{} // closed when approved is set
	decide  sync.Once
	allowed bool
}

// headlessLogins are those that wait for their approval, by their ids.
type headlessLogins struct {
	mu      sync.Mutex
	byID    map[string]*headlessLogin
	arrived chan struct{} // closed and replaced when one arrives
}

func newHeadlessLogins() *headlessLogins {
	return &headlessLogins{byID: map[string]*headlessLogin{}, arrived: make(chan struct{})}
}

// headlessAPI is the way of headless logins through the web API: the login itself,
// and the page on which it is approved.
type headlessAPI struct {
	*site
	waiting *headlessLogins
}

// settle approves or denies, once.
func (l *headlessLogin) settle(approve bool) {
	l.decide.Do(func() {
		l.allowed = approve
		close(l.decided)
	})
}

type headlessRequest struct {
	User       string `json:"user"`
	HeadlessID string `json:"headless_id"`
	loginKeys
	TTL time.Duration `json:"ttl"` // nanoseconds
}

// check finds what is wrong with a request before anybody waits.
func (req headlessRequest) check() error {
	switch {
	case req.loginKeys.none():
		return errNoKey
	case req.User == "":
		return errNoUser
	case req.HeadlessID == "":
		return errHeadlessID
	case len(req.SSH) == 0:
		return errHeadlessSSHKey
	case req.HeadlessID != headlessID(req.SSH):
		return errHeadlessName
	}
	return nil
}

// serveLogin is a long poll: it answers when the login is approved or
// denied, or its time is over. That goes for users too that there are not, and
// where headless logins are off.
func (h *headlessAPI) serveLogin(w http.ResponseWriter, r *http.Request) {
	var req headlessRequest
	err := readJSON(w, r, &req)
	if err == nil {
		err = req.check()
	}
	if err != nil {
		writeRefusal(w, err)
		return
	}
	answer, err := h.login(req, r)
	if err != nil {
		h.cfg.Log.Warn("login refused", "error", err)
		writeRefusal(w, err)
		return
	}
	h.hooks.countLogin()
	writeJSON(w, answer)
}

func (h *headlessAPI) login(req headlessRequest, r *http.Request) (*loginAnswer, error) {
	login := &headlessLogin{user: req.User, decided: make(chan struct{})}
	if _, known := h.user(req.User); known && !h.cfg.LocalAuth.NoHeadless {
		h.waiting.arrive(req.HeadlessID, login)
		defer h.waiting.forget(req.HeadlessID)
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.cfg.LocalAuth.HeadlessTime)
	defer cancel()
	select {
	case <-login.decided:
	case <-ctx.Done():
		return nil, errHeadlessTime
	}
	if !login.allowed {
		return nil, errHeadlessDenied
	}
	if denial := h.hooks.denies(h.cfg.KeyPolicy); denial != "" {
		return nil, errors.New(denial)
	}
	return h.answerLocal(req.User, req.loginKeys, headlessTTL, r)
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

// arrive adds a login; forget takes it away.
func (h *headlessLogins) arrive(id string, login *headlessLogin) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.byID[id] = login
	close(h.arrived)
	h.arrived = make(chan struct{})
}

func (h *headlessLogins) forget(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.byID, id)
}

// get returns the login of that id, nil if there is none.
func (h *headlessLogins) get(id string) *headlessLogin {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.byID[id]
}

// await waits a little for the login of that id; nil: it did not come.
func (h *headlessLogins) await(ctx context.Context, id string) *headlessLogin {
	ctx, cancel := context.WithTimeout(ctx, headlessArrival)
	defer cancel()
	for {
		h.mu.Lock()
		login, arrived := h.byID[id], h.arrived
		h.mu.Unlock()
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

// servePage shows the page on which the user approves a headless login
// with the passkey of the browser.
func (h *headlessAPI) servePage(w http.ResponseWriter, r *http.Request) {
	if h.waiting.await(r.Context(), r.PathValue("id")) == nil {
		http.Error(w, "This request is not known.", http.StatusNotFound)
		return
	}
	writeConfirmPage(w, h.cfg, confirmPage{Title: "Approve a command on another computer", Action: r.URL.Path})
}

func (h *headlessAPI) serveAnswer(w http.ResponseWriter, r *http.Request) {
	login := h.waiting.await(r.Context(), r.PathValue("id"))
	approve := r.FormValue("action") == "sign-in"
	user, _ := h.user(r.FormValue("user"))
	if login == nil || approve && user.Name != login.user {
		http.Error(w, "This request is not known.", http.StatusNotFound)
		return
	}
	if approve && !user.Passkey {
		http.Error(w, "You need a passkey to approve this.", http.StatusForbidden)
		return
	}
	login.settle(approve)
	servePage("You may close this window.")(w, r)
}

// UpdateHeadlessAuthenticationState decides about a headless login of the caller.
// A denial needs nothing else; an approval needs WebAuthn, which is modelled in
// the browser only.
func (s *authService) UpdateHeadlessAuthenticationState(ctx context.Context, req *wirepb.HeadlessDecision) (*wire.Empty, error) {
	user := client(ctx).identity.Username
	login := s.auth.headless.get(req.GetId())
	switch {
	case login == nil || login.user != user:
		return nil, grpcserve.Errorf(grpcserve.NotFound, "key \"/headless_authentication/users/%s/%s\" is not found", user, req.GetId())
	case req.GetState() != wirepb.HeadlessState_HEADLESS_STATE_DENIED:
		return nil, grpcserve.Error(grpcserve.Unimplemented, "approvals are made in the browser")
	}
	login.settle(false)
	return &wire.Empty{}, nil
}
