// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// TestAnswersOfOthers: what answers in the place of a proxy, or stands before it, is
// told of in words for people, with what to do next.
func TestAnswersOfOthers(t *testing.T) {
	const page = "<html>secret</html>"
	for _, tc := range []struct {
		name     string
		status   int
		location string
		body     string
		code     errcode.Code
		says     string // of the error; "~" is the address
		hint     string
	}{
		{"a portal", 302, "https://user:hunter2@sso.test/in?token=hunter2#hunter2", page, errcode.ProxyError, "a redirect to https://sso.test/in, which is not followed (HTTP 302)", "open https://~ in a browser"},
		{"another path", 308, "/web", "", errcode.ProxyError, "a redirect to https://~/web, which is not followed (HTTP 308)", "open https://~"},
		{"control characters", 301, "https://sso.test/%1b[31m\u202e", "", errcode.ProxyError, "a redirect to https://sso.test/%1B%5B31m%E2%80%AE,", "give that as --proxy"},
		{"a program", 303, "javascript:alert(1)", "", errcode.ProxyError, "a redirect to javascript:alert(1),", "--proxy"},
		{"nowhere", 302, "", "", errcode.ProxyError, "/webapi/ping: Found (HTTP 302)", "--proxy"},
		{"no such page", 404, "", page, errcode.NotTeleport, "the answer is not that of a Teleport proxy: /webapi/ping: Not Found (HTTP 404)", "check --proxy"},
		{"nobody may", 403, "", page, errcode.NotTeleport, "Forbidden (HTTP 403)", "check --proxy"},
		{"too often", 429, "", "slow down", errcode.ProxyError, "/webapi/ping: Too Many Requests (HTTP 429)", ""},
		{"it is down", 503, "", page, errcode.ProxyError, "/webapi/ping: Service Unavailable (HTTP 503)", ""},
		{"Teleport's own", 404, "", `{"error":{"message":"no"}}`, errcode.ProxyError, "/webapi/ping: no (HTTP 404)", ""},
		{"another type", 200, "", `{"auth":"x"}`, errcode.NotTeleport, "the answer is not that of a Teleport proxy: its auth is a JSON string", "check --proxy"},
		{"a page", 200, "", page, errcode.NotTeleport, "the answer is not that of a Teleport proxy: it is not JSON", "check --proxy"},
		{"a part", 200, "", `{"auth":`, errcode.NotTeleport, "the answer is not that of a Teleport proxy: it is not JSON", "check --proxy"},
		{"nothing", 200, "", "", errcode.NotTeleport, "the answer is not that of a Teleport proxy: it is empty", "check --proxy"},
		{"a list", 200, "", `[1]`, errcode.NotTeleport, "the answer is not that of a Teleport proxy: it is a JSON array", "check --proxy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := webServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if tc.location != "" {
					w.Header().Set("Location", tc.location)
				}
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			})
			_, err := p.Ping(testContext(t), "")
			says, hint := strings.ReplaceAll(tc.says, "~", p.Addr), strings.ReplaceAll(tc.hint, "~", p.Addr)
			if err == nil || errcode.Of(err) != tc.code || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "Go ") {
				t.Errorf("%v [%s]; want %s [%s]", err, errcode.Of(err), says, tc.code)
			}
			var own interface{ Hints() []string }
			if found := errors.As(err, &own); found != (hint != "") || found && !strings.Contains(own.Hints()[0], hint) {
				t.Errorf("the hint is %v; want %q", own, hint)
			}
			var refused *APIError
			if tc.status != 200 && (!errors.As(err, &refused) || refused.Status != tc.status) {
				t.Errorf("%v is no *APIError with its status", err)
			}
		})
	}
}
