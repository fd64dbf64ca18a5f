// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/appway"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/bridge"
)

// Explain phrases an error as a terminal would: what happened, what to do next,
// and the exit code of a program that ends because of it.
type Explain func(error) (text string, hints []string, code int)

// describe phrases a failure for the MCP client's user, who sees no stderr:
// with what to do next, where that is known. Else the bridge's own words stand.
func (explain Explain) describe(app string, err error) bridge.ErrorText {
	var failed *bridge.Error
	if !errors.As(err, &failed) {
		return bridge.ErrorText{}
	}
	if text := answered(app, failed); text != "" {
		return bridge.ErrorText{Message: "tshmcp: " + text}
	}
	cause := causeOf(failed)
	if cause == nil {
		return bridge.ErrorText{}
	}
	if refusal, ok := cause.(*bridge.Error); ok && failed.Executed == bridge.NotExecuted {
		if text := reopened(app, failed, refusal); text != "" {
			return bridge.ErrorText{Message: "tshmcp: " + text}
		}
	}
	text, hints, code := explain(withoutURL(cause))
	var refused *appway.RefusedError
	if len(hints) == 0 && !errors.As(cause, &refused) {
		return bridge.ErrorText{}
	}
	if refused != nil && failed.HTTPStatus != 0 {
		text += fmt.Sprintf(" (%s, HTTP %d)", failed.Method, failed.HTTPStatus)
	}
	message := "tshmcp: " + text
	for _, hint := range hints {
		message += "; " + apart(hint)
	}
	out := bridge.ErrorText{Message: message}
	switch {
	case needsFactor(cause):
		out.Data = map[string]any{"kind": "mfa_required", "retryable": true}
	case code == access.ExitNotLoggedIn:
		out.Data = map[string]any{"kind": "login_required", "retryable": true}
	}
	return out
}

// apart parts the flags of a command from their values. Claude Code hides from what
// it shows of an error whatever is one of the arguments in the entry, and
// --proxy=ADDR is one: the command would have no address. What only stands for a file is
// no argument.
func apart(hint string) string {
	return strings.NewReplacer(" --ca-file=FILE", " --ca-file=FILE", " --identity=DIR", " --identity=DIR",
		" --proxy=", " --proxy ", " --cluster=", " --cluster ", " --identity=", " --identity ", " --ca-file=", " --ca-file ").Replace(hint)
}

// needsFactor tells whether a second factor is missing that the user may still give.
func needsFactor(err error) bool {
	var pending *signin.PendingError
	return access.NeedsFactor(err) != nil || errors.As(err, &pending) && pending.App != nil
}

// withoutURL drops the method and URL that net/http puts before an error: they
// are the same for every request here.
func withoutURL(err error) error {
	var failed *url.Error
	if errors.As(err, &failed) {
		return failed.Err
	}
	return err
}
