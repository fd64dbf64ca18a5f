// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"net/url"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
)

// A command says a failure in the words of its cause where that explains itself.
func TestFailedError(t *testing.T) {
	missing := &access.NotLoggedInError{Proxy: "p:443"}
	ofRequest := &url.Error{Op: "Post", URL: "https://localhost/", Err: missing}
	for name, tt := range map[string]struct {
		err  *bridge.Error
		want string
	}{
		"a login":           {&bridge.Error{Err: ofRequest}, "not logged in to p:443"},
		"in a lost session": {&bridge.Error{Err: &bridge.Error{Err: missing}}, "not logged in to p:443"},
		"another cause":     {&bridge.Error{Kind: bridge.KindUnreachable, Err: errors.New("no route")}, "the MCP server notes: the server cannot be reached: no route"},
		"no cause":          {&bridge.Error{Kind: bridge.KindTimeout}, "the MCP server notes: the request timed out; it may still be running"},
		"an HTTP answer":    {&bridge.Error{Kind: bridge.KindHTTPStatus, HTTPStatus: 502, Method: "POST", Executed: bridge.NotExecuted}, "the MCP server notes did not serve POST: HTTP 502 Bad Gateway; ask your administrator whether it is up"},
	} {
		err := error(&FailedError{App: "notes", Err: tt.err})
		if err.Error() != tt.want {
			t.Errorf("%s: %q, want %q", name, err, tt.want)
		}
		if got := new(access.NotLoggedInError); errors.As(tt.err, &got) != errors.As(err, &got) {
			t.Errorf("%s: the cause is lost", name)
		}
	}
}
