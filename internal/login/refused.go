// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Reason is why a cluster refused a local or headless login.
type Reason int

// The reasons, as far as clusters tell them apart: an unknown user looks like a
// wrong password, and a code that was used before like a wrong one.
const (
	WrongPassword Reason = iota + 1
	WrongCode            // the one-time code, or it was used before
	WrongPasskey
	NoDevice      // a second factor is needed and the user has none
	LockedOut     // too many failures; only the last step of a login tells
	LockedByAdmin // a lock of an administrator, with the reason in the text
	RateLimited   // too many requests from this address
	LocalDisabled // the cluster has no local users; only the last step of a login tells
	Declined      // headless: whoever was asked said no
	NotApproved   // headless: refused for another reason
)

// RefusedError tells that the cluster refused a local or headless login.
type RefusedError struct {
	Reason  Reason
	Message string // the server's text, cleaned as in DeniedError
	Err     error  // the *teleport.APIError
}

func (e *RefusedError) Error() string { return "the cluster refused the login: " + e.Message }

func (e *RefusedError) Unwrap() error { return e.Err }

// PasskeyError tells that the cluster wants a passkey and does not offer to
// take it in the browser.
type PasskeyError struct{ User string }

func (e *PasskeyError) Error() string {
	return fmt.Sprintf("%s must confirm with a passkey or security key, and the cluster does not offer to do that in the browser", e.User)
}

// ErrNotApproved tells that nobody approved a headless login in time.
var ErrNotApproved = errors.New("the login was not approved in time")

var errNoAssertion = errors.New("the cluster's answer is unusable: it holds no proof of the passkey")

// reasonTexts are parts of the texts by which servers tell a reason; the first
// that is found counts. The one about the time of a lockout is that of older
// releases, all others were recorded.
var reasonTexts = []struct {
	text   string
	reason Reason
}{
	{"missing second factor", NoDevice},
	{"too many incorrect attempts", LockedOut},
	{"failed login attempts, locked until", LockedOut},
	{"local auth disabled", LocalDisabled},
	{"invalid username or password", WrongPassword},
	{"headless authentication denied", Declined},
}

func reasonOf(message string) (Reason, bool) {
	if teleport.IsLock(message) {
		return LockedByAdmin, true
	}
	lower := strings.ToLower(message)
	for _, known := range reasonTexts {
		if strings.Contains(lower, known.text) {
			return known.reason, true
		}
	}
	return 0, false
}

// refused makes the error for a failed request of a login; doubt is what a
// refusal means that gives no reason of its own.
func refused(err error, doubt Reason) error {
	var answer *teleport.APIError
	if !errors.As(err, &answer) {
		return err
	}
	message := clean(answer.Message)
	if policy := teleport.PolicyOf(message); policy != nil {
		return policy
	}
	e := &RefusedError{Reason: doubt, Message: message, Err: err}
	if message == "" {
		e.Message = http.StatusText(answer.Status)
	}
	if answer.Status == http.StatusTooManyRequests {
		e.Reason = RateLimited
		return e
	}
	if answer.Status != http.StatusForbidden {
		return err
	}
	if reason, told := reasonOf(message); told {
		e.Reason = reason
	}
	return e
}
