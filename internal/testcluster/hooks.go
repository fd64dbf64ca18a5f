// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"context"
	"strings"
	"sync"
	"time"
)

// hooks are the switches by which a test makes logins and the auth service
// misbehave. Those of the apps are in faults.
type hooks struct {
	mu        sync.Mutex
	denial    string
	blurred   bool
	held      chan struct{} // closed when logins are released; nil: not held
	logins    int
	pageLimit int
	certTTL   time.Duration
}

// LoginCount returns the number of logins that ended with a certificate.
func (h *hooks) LoginCount() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.logins
}

// HoldLogin makes every login wait at the proxy's callback, after the identity
// provider, until release is called; the browser sees a page that does not
// load. A local login waits in its last request. Release may be called more than
// once.
func (h *hooks) HoldLogin() (release func()) {
	held := make(chan struct{})
	h.mu.Lock()
	h.held = held
	h.mu.Unlock()
	var once sync.Once
	return func() {
		once.Do(func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			if h.held == held {
				h.held = nil
			}
			close(held)
		})
	}
}

// DenyLogin makes the proxy refuse every login with this message, after the
// identity provider has said yes, or everything that a local user has shown was
// right; "" lets them pass again.
func (h *hooks) DenyLogin(message string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.denial = message
}

// BlurLogins makes the proxy refuse to begin a login through the browser, with
// the text that tells nothing: as for a connector that was removed meanwhile.
func (h *hooks) BlurLogins(on bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.blurred = on
}

// SetPageLimit makes the auth service answer ResourceExhausted, as for a
// message above 4 MiB, when a page of more than n resources is asked for; 0
// takes the limit away.
func (h *hooks) SetPageLimit(n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.pageLimit = n
}

// SetCertTTL makes every certificate issued from now on end d after it is
// made, however long the client and the roles allow; 0 takes the limit away.
// Certificates end at whole seconds.
func (h *hooks) SetCertTTL(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.certTTL = d
}

func (h *hooks) blurs() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.blurred
}

// denies is why every login is refused now, with this private key policy; empty if
// it is not.
func (h *hooks) denies(keyPolicy string) string {
	if strings.HasPrefix(keyPolicy, "hardware_key") {
		return "private key policy not met: " + keyPolicy
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.denial
}

// wait waits while logins are held.
func (h *hooks) wait(ctx context.Context) error {
	h.mu.Lock()
	held := h.held
	h.mu.Unlock()
	if held == nil {
		return ctx.Err()
	}
	select {
	case <-held:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *hooks) countLogin() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.logins++
}

func (h *hooks) tooLarge(page int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.pageLimit > 0 && page > h.pageLimit
}

// capExpiry applies SetCertTTL to the end of a certificate.
func (h *hooks) capExpiry(expires time.Time) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if end := time.Now().Add(h.certTTL); h.certTTL != 0 && end.Before(expires) {
		return end
	}
	return expires
}
