// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
)

// recordedError is an error answer that a real cluster gave.
type recordedError struct {
	name     string // of the entry, with the step if it has several answers
	status   int
	header   http.Header
	body     string
	upstream int // how often the app was asked; -1 is not known
}

// recordedErrors reads all answers of 400 and more out of a recording.
func recordedErrors(t *testing.T, file string) []recordedError {
	t.Helper()
	type answer struct {
		Step    string
		Status  int
		Headers map[string]any
		Body    json.RawMessage
		Layout  string `json:"body_layout"`
	}
	var entries []struct {
		Name     string
		Upstream *struct{ Calls int }
		Response *answer
		Then     []answer
	}
	data, err := os.ReadFile("../../testdata/recordings/" + file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	var all []recordedError
	for _, e := range entries {
		answers := e.Then
		if e.Response != nil {
			answers = append([]answer{*e.Response}, answers...)
		}
		for _, a := range answers {
			if a.Status < 400 {
				continue
			}
			r := recordedError{name: e.Name, status: a.Status, header: http.Header{}, body: recordedBody(t, a.Body, a.Layout), upstream: -1}
			if a.Step != "" {
				r.name += ": " + a.Step
			}
			if e.Upstream != nil && len(answers) == 1 {
				r.upstream = e.Upstream.Calls
			}
			for name, value := range a.Headers {
				r.header.Set(name, strings.TrimSpace(value.(string)))
			}
			all = append(all, r)
		}
	}
	return all
}

func recordedBody(t *testing.T, raw json.RawMessage, layout string) string {
	t.Helper()
	var text string
	var out bytes.Buffer
	switch {
	case len(raw) == 0:
		return ""
	case json.Unmarshal(raw, &text) == nil:
		return text
	case layout == "indented by 4":
		if err := json.Indent(&out, raw, "", "    "); err != nil {
			t.Fatal(err)
		}
	default:
		if err := json.Compact(&out, raw); err != nil {
			t.Fatal(err)
		}
	}
	return out.String()
}

// TestWhoAnsweredRecorded judges every error answer that was recorded. Where an
// entry is in no table, the app answered it, and says so itself.
func TestWhoAnsweredRecorded(t *testing.T) {
	const readLimit = "the read limit is reached"
	session := Answer{Origin: FromProxy, Refusal: SessionUnknown}
	hidden := Answer{Origin: FromAppService, Refusal: AccessDenied}
	denied := Answer{Origin: FromAppService, Refusal: AccessDenied, Proven: true}
	locked := Answer{Origin: FromAppService, Refusal: AccessDenied, Reason: "access denied", Proven: true}
	unexplained := Answer{Refusal: Unexplained}
	refused := Answer{Origin: FromAppService, Refusal: AppUnreachable, Proven: true}
	request := Answer{Origin: FromAppService, Refusal: RequestRefused, Proven: true}
	unusable := Answer{Origin: FromAppService, Refusal: AnswerUnusable, Proven: true}
	for file, want := range map[string]map[string]Answer{
		"app-http.json": {
			"upstream-down": refused, "deadapp": refused,
			"upstream-hangs-up": unexplained, "upstream-hangs-up-post": unexplained, "upstream-garbage": unexplained,
			"hidden": hidden, "hidden-static": hidden, "hidden-accept-json": hidden, "session-mfa": hidden,
			"unknown-app": session, "wrong-public-addr": session, "user-cert": session,
			"session-deleted-kept-alive": session, "session-deleted-new-connection": session, "after-logout-path": session,
			"app-deleted: after about 1 s": hidden, "app-deleted: after about 3 s": unexplained,
			"app-deleted: after about 6 s": unexplained, "app-deleted: after about 12 s": unexplained, "app-deleted-new-cert": session,
			"expired-kept-alive: 2 s after the end, same connection":              session,
			"stream-disconnect-expired-cert: the next request of the same client": unexplained,
			"stream-lock: the next request of the same client":                    session,
			"locked-new-connection":                                 session,
			"stream-role-lost: the next request of the same client": hidden,
		},
		"app-mcp-http.json": {
			"initialized-200-json": unusable, "initialized-200-text": unusable,
			"call-params-array": request, "call-only-case-method": request, "unknown-method": request, "batch": request,
			"batch-empty": request, "posted-response": request, "posted-error": request, "bad-json": request, "empty-body": request,
			"json-string": request, "trailing-data": request, "no-method": request, "id true": request, `id {"a":1}`: request,
			"notification-params-array": request,
			"call-error-null-id":        unusable, "call-error-no-id": unusable, "answer-html": unusable, "answer-text": unusable,
			"answer-no-type": unusable, "answer-json-vendor-type": unusable, "answer-json-bad": unusable, "answer-json-array": unusable,
			"answer-json-request": unusable, "answer-json-notification": unusable, "answer-json-object": unusable,
			"answer-cut-json": unusable, "answer-garbage": unusable, "id null": unusable, "get-html": unusable, "get-json": unusable,
			"answer-json-11mb": {FromAppService, AnswerTooLong, readLimit, true, false},
			"answer-hangs-up":  {FromAppService, AppSilent, "EOF", true, false},
			"slow-silent":      {FromAppService, AppSlow, "net/http: timeout awaiting response headers", true, false},
			"upstream-down":    refused, "upstream-down-get": refused,
			"path-x-teleport-auth": session, "session-deleted": session, "user-cert": session, "app-deleted-new-certificate": session,
			"denied-role": denied, "denied-role-get": denied, "denied-role-again": denied, "denied-mfa": denied,
			"role-lost-new-certificate": denied, "role-lost-after-idle": denied, "role-back": denied,
			"locked-same-session": locked, "locked-new-connection": locked, "unlocked": locked,
			"mcp-stdio-app": unexplained, "mcp-sse-app": unexplained,
			"app-deleted: after about 45 s (37 s without a request)": unexplained,
			"raw-denied-role": unexplained, "raw-denied-role-get": unexplained, "raw-denied-role-again": unexplained, "raw-denied-mfa": unexplained,
			// The app service answers these alone, and says nothing of it.
			"put": {}, "patch": {}, "options": {}, "head": {},
		},
		"app-mcp-http-18.3-streams.json": {},
	} {
		t.Run(file, func(t *testing.T) {
			entries := recordedErrors(t, file)
			for _, e := range entries {
				got := WhoAnswered(e.status, e.header, []byte(e.body))
				if file == "app-http.json" && got.Refusal != NotTeleports && OnlyOfMCPApps(e.header) {
					t.Errorf("%s: Teleport's, and taken for the app's", e.name)
				}
				wanted, ok := want[e.name]
				delete(want, e.name)
				switch {
				case ok && wanted.Reason == "" && wanted.Refusal != AccessDenied:
					wanted.Reason = got.Reason // judged by TestReason
				case !ok && e.upstream < 1:
					t.Errorf("%s is in no table, and the app was not asked", e.name)
				case !ok && got.Refusal == NotTeleports && got.Origin != FromAppService && got.Origin != FromProxy:
					continue
				}
				if got != wanted {
					t.Errorf("%s: HTTP %d %q: %+v, want %+v", e.name, e.status, e.body, got, wanted)
				}
				if got.Refusal != NotTeleports && !MayBeTeleports(e.status, e.header) {
					t.Errorf("%s: its body would not be read", e.name)
				}
			}
			for name := range want {
				t.Errorf("there is no error answer %q", name)
			}
			t.Logf("%s: %d error answers, all judged", file, len(entries))
		})
	}
}

// TestWhoAnsweredOthers is about answers that look like Teleport's.
func TestWhoAnsweredOthers(t *testing.T) {
	const (
		plain   = "Content-Type: text/plain; charset=utf-8"
		sniff   = "X-Content-Type-Options: nosniff"
		json4   = "{\n    \"error\": {\n        \"message\": \"not found\"\n    }\n}"
		service = "X-Teleport-Mcp-Error-Origin: app-service"
	)
	tests := []struct {
		name    string
		status  int
		headers []string
		body    string
		want    Refusal
	}{
		{"the proxy", 403, []string{plain, sniff}, "Forbidden\n", SessionUnknown},
		{"status alone", 403, nil, "", NotTeleports},
		{"a server's own words", 403, []string{plain, sniff}, "you may not\n", NotTeleports},
		{"a firewall", 403, []string{"Content-Type: text/html", "Server: waf"}, "<h1>Forbidden</h1>", NotTeleports},
		{"a server that names itself", 403, []string{plain, sniff, "Server: uvicorn"}, "Forbidden\n", NotTeleports},
		{"a server that wants a token", 403, []string{plain, sniff, "Www-Authenticate: Bearer"}, "Forbidden\n", NotTeleports},
		{"a server with a session", 404, []string{plain, sniff, "Mcp-Session-Id: 1"}, "Not Found\n", NotTeleports},
		{"a page of Go's", 404, []string{plain, sniff}, "404 page not found\n", NotTeleports},
		{"18.3, without the header", 404, []string{"Content-Type: application/json"}, json4, AccessDenied},
		{"a server's own JSON", 404, []string{"Content-Type: application/json"}, `{"error":{"message":"not found"}}`, NotTeleports},
		{"a server's other JSON", 404, []string{"Content-Type: application/json"}, "{\n    \"error\": {\n        \"message\": 5\n    }\n}", NotTeleports},
		{"another status of it", 400, []string{"Content-Type: application/json"}, json4, NotTeleports},
		{"the server's own 429", 429, []string{plain}, "the read limit is reached", NotTeleports},
		{"the app service's", 429, []string{plain, service}, "the read limit is reached", AnswerTooLong},
		{"a second factor, newest", 403, []string{"Content-Type: application/json", service}, "{\n    \"error\": {\n        \"message\": \"MFA\"\n    }\n}", AccessDenied},
		{"a certificate of the app", 500, []string{plain, service}, "tls: failed to verify certificate: x509: certificate signed by unknown authority", AppUnreachable},
		{"passed on", 500, []string{plain, "X-Teleport-Mcp-Error-Origin: upstream"}, "Internal Server Error", NotTeleports},
		{"a 404 that says it was not reached", 404, []string{plain, "X-Teleport-Mcp-Error-Origin: upstream-unreachable"}, "dial tcp 10.0.0.1:1: connection refused", NotTeleports},
		{"a bare 500, of the proxy", 500, []string{plain, sniff}, "Internal Server Error\n", Unexplained},
		{"a 500 with more", 500, []string{plain, sniff}, "Internal Server Error: boom\n", NotTeleports},
		{"a success", 200, []string{plain, service}, "the read limit is reached", NotTeleports},
	}
	for _, tt := range tests {
		h := http.Header{}
		for _, line := range tt.headers {
			name, value, _ := strings.Cut(line, ": ")
			h.Add(name, value)
		}
		if got := WhoAnswered(tt.status, h, []byte(tt.body)); got.Refusal != tt.want {
			t.Errorf("%s: %+v, want %q", tt.name, got, tt.want)
		}
	}
}

// TestProvenAt: the form of an error proves nothing where Teleport names itself.
func TestProvenAt(t *testing.T) {
	named, bare, words := Answer{Refusal: AccessDenied, Proven: true}, Answer{Refusal: AccessDenied, Bare: true}, Answer{Refusal: AccessDenied}
	for version, want := range map[string][3]bool{
		"18.3.0": {true, true, false}, "18.10.9": {true, true, false}, "18.11.0": {true, false, false}, "18.11.0-rc.1": {true, false, false},
		"19.0.0": {true, false, false}, "": {true, true, false}, "dev": {true, true, false},
	} {
		if got := [3]bool{named.ProvenAt(version), bare.ProvenAt(version), words.ProvenAt(version)}; got != want {
			t.Errorf("%q: %v, want %v", version, got, want)
		}
	}
	header := http.Header{"Content-Type": {"application/json"}}
	text := []byte("{\n    \"error\": {\n        \"message\": \"not found\"\n    }\n}")
	if got := WhoAnswered(404, header, text); !got.Bare || got.Proven {
		t.Errorf("without a header: %+v", got)
	}
	header.Set(headerOrigin, "app-service")
	if got := WhoAnswered(404, header, text); got.Bare || !got.Proven {
		t.Errorf("with a header: %+v", got)
	}
}

func TestReason(t *testing.T) {
	for in, want := range map[string]string{
		"dial tcp 10.0.0.1:8000: connect: connection refused": "dial tcp 10.0.0.1:8000: connect: connection refused",
		"Connection Refused \n\nTeleport was unable to connect to the requested host, possibly because the server \nis not running. Ensure the server is running and listening on the correct port. \n\nUse \"nc -vz HOST PORT\" to help debug this issue. \n": "Connection Refused Teleport was unable to connect to the requested host, possibly because the server is not running",
		"{\n    \"error\": {\n        \"message\": \"access denied\"\n    }\n}": "access denied",
		"{\n    \"error\": {\n        \"message\": \"not found\"\n    }\n}":     "",
		"Not Found\n":            "",
		"a\x1b[31mb\u202ec\r\nd": "abc d",
	} {
		if got := reason(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
