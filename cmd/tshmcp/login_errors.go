// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/terminal"
)

// explainLocalLogin phrases what can go wrong with a login besides the
// browser's part: passwords, codes, passkeys and headless approvals.
func explainLocalLogin(err error) (string, []string, int) {
	for _, kind := range []func(error) (string, []string){
		explainRefusal, explainPasskey, explainInput, explainConnector,
	} {
		if text, hints := kind(err); text != "" {
			return text, hints, exitError
		}
	}
	return "", nil, 0
}

// refusalHints say what to do about each reason; %s is the user, or the web
// address of the cluster.
var refusalHints = map[login.Reason]string{
	login.WrongPassword: "the password is wrong, or there is no such user: --user=NAME names another one; after too many failures the right password is refused too, for 20 minutes",
	login.WrongCode:     "the code is wrong or was used before: each works once, wait up to 30 s for the next one and run the command again",
	login.WrongPasskey:  "the passkey was not accepted: run the command again",
	login.NoDevice:      "the cluster wants a second factor, and you have none: add one in your account settings at URL",
	login.LockedOut:     "after too many failures a user is locked for 20 minutes: wait, or ask your Teleport administrator",
	login.LockedByAdmin: teleport.LockHint,
	login.RateLimited:   "too many logins came from this network address: wait a moment and run the command again",
	login.LocalDisabled: "the cluster has no users of its own: name one of its connectors with --auth=NAME",
	login.Declined:      "it was denied in the web UI: run the command again, and if you were not asked, tell your Teleport administrator",
	login.NotApproved:   "you may not log in so: sign in another way with --auth=NAME, or ask your Teleport administrator",
}

func explainRefusal(err error) (string, []string) {
	var (
		refused *login.RefusedError
		limited *teleport.APIError
	)
	switch {
	case errors.As(err, &refused):
		of := whose(err)
		return of.Cluster + " refused the login of " + oneLine(of.User) + ": " + refused.Message,
			[]string{strings.ReplaceAll(refusalHints[refused.Reason], "URL", of.url())}
	case errors.Is(err, login.ErrNotApproved):
		return "nobody approved the login within 3 minutes",
			[]string{"run the command again and open its link at once, where you are signed in to the cluster's web UI"}
	case errors.As(err, &limited) && limited.Status == http.StatusTooManyRequests:
		return err.Error(), []string{refusalHints[login.RateLimited]}
	}
	return "", nil
}

// whose returns what is known of a failed login.
func whose(err error) *signInError {
	of := &signInError{}
	errors.As(err, &of)
	return &signInError{
		User: cmp.Or(of.User, "you"), Cluster: cmp.Or(oneLine(of.Cluster), "the cluster"),
		Version: cmp.Or(oneLine(of.Version), "an older version"), Proxy: of.Proxy,
	}
}

func (e *signInError) url() string { return "https://" + strings.TrimSuffix(e.Proxy, ":443") }

func explainPasskey(err error) (string, []string) {
	var (
		passkey      *login.PasskeyError
		passwordless *passwordlessError
	)
	switch {
	case errors.As(err, &passkey):
		of := whose(err)
		return oneLine(passkey.User) + " must confirm with a passkey or security key, and " + of.Cluster + " does not offer to do that in the browser",
			[]string{
				"that takes Teleport 18.8 or newer with allow_browser_authentication, the cluster runs " + of.Version,
				"or add an authenticator app in your account settings at " + of.url() + ", or sign in with --auth=NAME",
			}
	case errors.As(err, &passwordless):
		return err.Error(), []string{"--auth=local asks for the password, and takes your passkey in the browser"}
	}
	return "", nil
}

func explainInput(err error) (string, []string) {
	var (
		nobody *terminal.NoneError
		ended  *inputEndedError
	)
	switch {
	case errors.As(err, &nobody):
		return "there is no terminal to ask for the password on", []string{"--password-stdin reads it from stdin, a one-time code from the next line"}
	case errors.As(err, &ended) && ended.Prompt != login.AskPassword:
		return err.Error(), []string{"give it on the line after the password"}
	}
	return "", nil
}

func explainConnector(err error) (string, []string) {
	var (
		refused  *teleport.APIError
		callback *login.CallbackError
		blurred  *login.BlurredError
		served   *login.NotServedError
		headless *headlessOffError
		unknown  *connectorTypeError
	)
	switch {
	case errors.As(err, &blurred):
		return err.Error(), []string{
			"the cluster may have changed or removed the connector, or not allow such a login: the reason is in the log of its auth service, ask your Teleport administrator",
			"or sign in another way with --auth=NAME",
		}
	case errors.As(err, &callback):
		return err.Error(), []string{"127.0.0.1 and localhost are always allowed, other addresses by the connector's client_redirect_settings: ask your Teleport administrator"}
	case errors.As(err, &served), errors.As(err, &headless), errors.As(err, &unknown):
		return err.Error(), []string{"sign in another way with --auth=NAME, or ask your Teleport administrator"}
	case errors.As(err, &refused) && strings.Contains(refused.Message, "invalid connector name"):
		return err.Error(), []string{"--auth takes a connector of the cluster, local or headless; without it the cluster's default is used"}
	}
	return "", nil
}
