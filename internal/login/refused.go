// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
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
	Of      Attempt
	Err     error // the *teleport.APIError
}

func (e *RefusedError) Error() string {
	return e.Of.cluster() + " refused the login of " + clean(cmp.Or(e.Of.User, "you")) + ": " + e.Message
}

func (e *RefusedError) Unwrap() error { return e.Err }

func (e *RefusedError) Hints() []string {
	return []string{strings.ReplaceAll(refusalHints[e.Reason], "URL", e.Of.url())}
}
func (e *RefusedError) ExitCode() int           { return exitError }
func (e *RefusedError) ErrorCode() errcode.Code { return refusalCodes[e.Reason] }

// refusalHints say what to do about each reason; URL is the web address of the
// cluster.
var refusalHints = map[Reason]string{
	WrongPassword: "the password is wrong, or there is no such user: --user=NAME names another one; after too many failures the right password is refused too, for 20 minutes",
	WrongCode:     "the code is wrong or was used before; each works once: wait up to 30 s for the next one and run the command again",
	WrongPasskey:  "the passkey was not accepted: run the command again",
	NoDevice:      "the cluster wants a second factor, and you have none: add one in your account settings at URL",
	LockedOut:     "after too many failures a user is locked for 20 minutes: wait, or ask your Teleport administrator",
	LockedByAdmin: teleport.LockHint,
	RateLimited:   "too many sign-ins came from this network address: wait a moment and run the command again",
	LocalDisabled: "the cluster has no users of its own: name one of its connectors with --auth=NAME",
	Declined:      "it was denied in the web UI: run the command again, and if you were not asked, tell your Teleport administrator",
	NotApproved:   "you may not sign in this way: " + otherWay,
}

var refusalCodes = map[Reason]errcode.Code{
	WrongPassword: errcode.PasswordWrong,
	WrongCode:     errcode.SecondFactorWrong,
	WrongPasskey:  errcode.SecondFactorWrong,
	NoDevice:      errcode.SecondFactorNone,
	LockedOut:     errcode.LockedOut,
	LockedByAdmin: errcode.Locked,
	RateLimited:   errcode.RateLimited,
	LocalDisabled: errcode.LoginKindOff,
	Declined:      errcode.HeadlessDenied,
	NotApproved:   errcode.HeadlessDenied,
}

// Attempt is what a login knows of itself that the cluster's answers do not
// tell. Any of it may be empty.
type Attempt struct {
	User, Cluster string
	Version       string // of the cluster's Teleport
	Proxy         string // host:port
}

func (a Attempt) cluster() string { return cmp.Or(clean(a.Cluster), "the cluster") }

func (a Attempt) url() string { return "https://" + teleport.WebHost(a.Proxy) }

// LimitedError tells that the cluster takes no more logins for now: too many
// came from one network address.
type LimitedError struct{ Err error }

func (e *LimitedError) Error() string           { return e.Err.Error() }
func (e *LimitedError) Unwrap() error           { return e.Err }
func (e *LimitedError) Hints() []string         { return []string{refusalHints[RateLimited]} }
func (e *LimitedError) ExitCode() int           { return exitError }
func (e *LimitedError) ErrorCode() errcode.Code { return errcode.RateLimited }

// Limited is a *LimitedError around err if the cluster says so in it, else err.
func Limited(err error) error {
	var answer *teleport.APIError
	if errors.As(err, &answer) && answer.Status == http.StatusTooManyRequests {
		return &LimitedError{Err: err}
	}
	return err
}

// PasskeyError tells that the cluster wants a passkey and does not offer to
// take it in the browser.
type PasskeyError struct{ Of Attempt }

func (e *PasskeyError) Error() string {
	return fmt.Sprintf("%s must confirm with a passkey or security key, and %s does not offer to do that in the browser",
		clean(cmp.Or(e.Of.User, "you")), e.Of.cluster())
}

func (e *PasskeyError) Hints() []string {
	return []string{
		"that takes Teleport 18.8 or newer with allow_browser_authentication, the cluster runs " + cmp.Or(clean(e.Of.Version), "an older version"),
		"or add an authenticator app in your account settings at " + e.Of.url() + ", or sign in with --auth=NAME",
	}
}
func (e *PasskeyError) ExitCode() int           { return exitError }
func (e *PasskeyError) ErrorCode() errcode.Code { return errcode.PasskeyUnsupported }

// ErrNotApproved tells that nobody approved a headless login in time.
var ErrNotApproved = errcode.Hinted(errcode.SignInTimeout,
	"nobody approved the sign-in within 3 minutes",
	"run the command again and open its link at once, where you are signed in to the cluster's web UI")

var errNoAssertion = errcode.New(errcode.ProxyAnswer, "the cluster's answer is unusable: it holds no proof of the passkey")

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
func (a Attempt) refused(err error, doubt Reason) error {
	var answer *teleport.APIError
	if !errors.As(err, &answer) {
		return err
	}
	message := clean(answer.Message)
	if policy := teleport.PolicyOf(message); policy != nil {
		return policy
	}
	e := &RefusedError{Reason: doubt, Message: message, Of: a, Err: err}
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
