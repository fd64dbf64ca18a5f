// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestErrorsExplainThemselves is what each error says, what to do about it, and
// the exit code of the program.
func TestErrorsExplainThemselves(t *testing.T) {
	attempt := Attempt{User: "tina", Cluster: "acme", Version: "18.3.0", Proxy: "teleport.acme.example:443"}
	refusedFor := func(reason Reason, text string) error {
		return &RefusedError{Reason: reason, Message: text, Of: attempt, Err: &teleport.APIError{Status: 403}}
	}
	for _, test := range []struct {
		err        error
		text, hint string
	}{
		{refusedFor(LocalDisabled, "local auth disabled"),
			"acme refused the login of tina: local auth disabled", "the cluster has no users of its own: name one of its connectors with --auth=NAME"},
		{refusedFor(WrongPasskey, "invalid credentials"),
			"acme refused the login of tina: invalid credentials", "the passkey was not accepted: run the command again"},
		{refusedFor(NoDevice, "missing second factor"),
			"acme refused the login of tina: missing second factor", "the cluster wants a second factor, and you have none: add one in your account settings at https://teleport.acme.example"},
		{&RefusedError{Reason: NotApproved, Message: "no"},
			"the cluster refused the login of you: no", "you may not sign in this way: sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{&RefusedError{Reason: NotApproved, Message: "no", Of: Attempt{Cluster: "ac\x1bme\n", User: "t\nina"}},
			"ace refused the login of t ina: no", "you may not sign in this way: sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{refusedFor(LockedByAdmin, `lock targeting User:"tina" is in force: left`),
			`acme refused the login of tina: lock targeting User:"tina" is in force: left`, teleport.LockHint},
		{&DeniedError{Message: `lock targeting User:"tina" is in force: left`},
			`the sign-in was refused: lock targeting User:"tina" is in force: left`, teleport.LockHint},
		{&DeniedError{Message: "no"},
			"the sign-in was refused: no", "run the command again with another account, or ask your Teleport administrator"},
		{&DeniedError{}, "the sign-in was refused without a reason", "run the command again with another account, or ask your Teleport administrator"},
		{ErrNotApproved,
			"nobody approved the sign-in within 3 minutes", "run the command again and open its link at once, where you are signed in to the cluster's web UI"},
		{ErrTimeout, "nobody signed in in time", "run the command again; --browser=none prints the link"},
		{Limited(fmt.Errorf("start the login: %w", &teleport.APIError{Status: http.StatusTooManyRequests, Path: "/webapi/github/login/console", Message: "rate limit exceeded"})),
			"start the login: /webapi/github/login/console: rate limit exceeded (HTTP 429)", "too many sign-ins came from this network address: wait a moment and run the command again"},
		{&NotServedError{Type: "saml"},
			"the proxy offers no sign-in with saml: that needs a Teleport Enterprise cluster", "sign in another way with --auth=NAME, or ask your Teleport administrator"},
		{&CallbackError{Base: "http://x:1", Connector: "okta"},
			`the cluster's connector "okta" does not allow sign-ins that end at http://x:1`, "127.0.0.1 and localhost are always allowed, other addresses by the connector's client_redirect_settings: ask your Teleport administrator"},
		{&BlurredError{Connector: "okta"},
			`the cluster refused to start a sign-in with the connector "okta" and does not say why`,
			"the cluster may have changed or removed the connector, or not allow such a sign-in; the log of its auth service has the reason: ask your Teleport administrator\nor sign in another way with --auth=NAME"},
		{&PasskeyError{Of: attempt},
			"tina must confirm with a passkey or security key, and acme does not offer to do that in the browser",
			"that takes Teleport 18.8 or newer with allow_browser_authentication, the cluster runs 18.3.0\nor add an authenticator app in your account settings at https://teleport.acme.example, or sign in with --auth=NAME"},
	} {
		var own interface {
			Hints() []string
			ExitCode() int
		}
		if !errors.As(fmt.Errorf("around: %w", test.err), &own) || own.ExitCode() != 1 {
			t.Errorf("%v says nothing", test.err)
			continue
		}
		if hints := strings.Join(own.Hints(), "\n"); test.err.Error() != test.text || hints != test.hint {
			t.Errorf("got\n%s\n%s\nwant\n%s\n%s", test.err, hints, test.text, test.hint)
		}
	}
}

// TestEveryRefusalHasAHint holds refusalHints to the reasons that there are.
func TestEveryRefusalHasAHint(t *testing.T) {
	for reason := WrongPassword; reason <= NotApproved; reason++ {
		if refusalHints[reason] == "" {
			t.Errorf("reason %d has no hint", reason)
		}
	}
}
