// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge"
)

// askWhether is the remedy for what an app's server does not serve.
const askWhether = "ask your administrator whether it is up"

// answered phrases an HTTP answer from behind Teleport that is no answer to the
// request: which app, what was asked, what to do. It is "" for all others, which say
// enough by themselves. Who made it is not known.
func answered(app string, e *bridge.Error) string {
	switch {
	case e.Err != nil || e.HTTPStatus == 0:
		return ""
	case e.Kind == bridge.KindRedirect:
		return redirected(app, e)
	case e.Kind != bridge.KindHTTPStatus && e.RetryAfter == "":
		return ""
	case e.HTTPStatus < 500 && e.HTTPStatus != http.StatusNotFound && e.HTTPStatus != http.StatusGone:
		return ""
	}
	text := fmt.Sprintf("the MCP server %s did not serve %s: %s; %s", app, asked(e), status(e), askWhether)
	if e.HTTPStatus < 500 {
		text += ", and at which path it serves MCP"
	}
	if e.Executed != bridge.NotExecuted {
		text += "; the request may have been executed"
	}
	return text
}

// redirected says where a redirect leads that is not followed.
func redirected(app string, e *bridge.Error) string {
	text := fmt.Sprintf("the MCP server %s answered %s with a redirect (%s)", app, asked(e), status(e))
	if e.Location != "" {
		text += " to " + e.Location
	}
	text += ", which is not followed; " + e.Note
	if strings.HasPrefix(e.Location, "/") {
		return text + "; ask your administrator at which path it serves MCP; --path=PATH takes that of an ordinary HTTP app"
	}
	return text + "; ask your administrator whether the app has the address of the MCP server"
}

func status(e *bridge.Error) string {
	return strings.TrimSpace(fmt.Sprintf("HTTP %d %s", e.HTTPStatus, http.StatusText(e.HTTPStatus)))
}

// asked is the method in both protocols.
func asked(e *bridge.Error) string {
	if e.Method == "" || e.Asked == "" {
		return e.Method + e.Asked
	}
	return e.Method + " (" + e.Asked + ")"
}

// reopened phrases a lost session for which no other one could be opened since the
// handshake was answered as answered phrases it. The request itself was not executed.
func reopened(app string, lost, refusal *bridge.Error) string {
	inner := *refusal
	inner.Executed = bridge.NotExecuted
	text := answered(app, &inner)
	if text == "" {
		return ""
	}
	return (&bridge.Error{Kind: lost.Kind, Note: lost.Note}).Error() + ": " + text
}
