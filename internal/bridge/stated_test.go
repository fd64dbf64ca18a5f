// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a transport that says itself why a request failed.

package bridge

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// stating is a transport that answers in the server's place.
type stating struct {
	http.RoundTripper
	about func(*http.Request, frame.Message) error // nil: as it is
}

func (s stating) RoundTrip(req *http.Request) (*http.Response, error) {
	var m frame.Message
	if req.GetBody != nil {
		body, _ := req.GetBody()
		doc, _ := io.ReadAll(body)
		m, _ = frame.ParseMessage(doc)
	}
	err := s.about(req, m)
	if err == nil {
		return s.RoundTripper.RoundTrip(req)
	}
	res, failed := s.RoundTripper.RoundTrip(req)
	if failed != nil {
		return nil, failed
	}
	res.Body.Close()
	return nil, err
}

// The word of the transport about a request counts, whatever the bridge saw of
// it: it is not made worse or better, sent again or taken for a lost session.
func TestTransportStatesCause(t *testing.T) {
	denied := errors.New("the cause")
	tests := []struct {
		name string
		e    Error
	}{
		{"denied as 404", Error{Kind: KindForbidden, Executed: NotExecuted, HTTPStatus: 404, Err: denied}},
		{"too large as 429", Error{Kind: kindThrottled, Executed: MayHaveRun, HTTPStatus: 429, RetryAfter: "1"}},
		{"limit as 504", Error{Kind: KindTimeout, Executed: MayHaveRun, HTTPStatus: 504, Note: "no answer within 60 s", Detail: "net/http: timeout\nawaiting \x1b[31mheaders"}},
		{"server down as 502", Error{Kind: KindUnreachable, Executed: NotExecuted, HTTPStatus: 502, Detail: "it says no", DetailBy: "the gateway"}},
	}
	for _, tt := range tests {
		for _, method := range []string{"tools/list", methodCall} {
			t.Run(tt.name+" "+method, func(t *testing.T) {
				s := &mcpServer{}
				stated(t, s, method, fmt.Errorf("wrapped: %w", &tt.e), func(t *testing.T, r *rig) {
					r.hello()
					r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q}`, method))
					f := r.refused("1", tt.e.Kind, tt.e.Executed)
					if f.Data.HTTPStatus != tt.e.HTTPStatus || f.Data.RetryAfter != tt.e.RetryAfter || f.Data.Retryable || !strings.HasSuffix(f.Message, tt.e.Error()) {
						t.Errorf("%+v, want %+v", f, tt.e)
					}
					if n := s.count(method); n != 1 {
						t.Errorf("sent %d times", n)
					}
					if n := s.count(methodInitialize); n != 1 {
						t.Errorf("%d handshakes: taken for a lost session", n)
					}
				})
			})
		}
	}
}

// A notification that the transport says is refused is no lost session either.
func TestTransportStatesCauseOfNotification(t *testing.T) {
	s := &mcpServer{}
	stated(t, s, "notifications/x", &Error{Kind: KindForbidden, Executed: NotExecuted, HTTPStatus: 404}, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","method":"notifications/x"}`, call("1", "a"))
		r.response("1")
		if n := s.count(methodInitialize); n != 1 {
			t.Errorf("%d handshakes", n)
		}
	})
}

// stated runs a test with a transport that fails one method with err after the
// server has answered.
func stated(t *testing.T, h http.Handler, method string, err error, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		net := newMemory()
		net.serve(t, h)
		tr := stating{net.transport(t), func(_ *http.Request, m frame.Message) error {
			if m.Method == method {
				return err
			}
			return nil
		}}
		r := startRig(t, tr, "http://server.test/mcp")
		test(t, r)
		r.end()
	})
}

func TestDetailIsClean(t *testing.T) {
	for in, want := range map[string]string{
		"not allowed":                           "not allowed",
		" two\r\n lines\tand tabs ":             "two lines and tabs",
		"a\x1b[31mred\x1b[0m \x1b]0;title\x07b": "ared b",
		"a\u009b31mb\x00\x7f\u0085c":            "ab c",
		"\u202eevil\u2066\u200b \u2028x\ufeff":  "evil x",
		"bad \xff byte":                         "bad byte",
		"\x1b":                                  "",
		"":                                      "",
	} {
		if got := cleanDetail(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	long := cleanDetail(strings.Repeat("ä ", 1<<20))
	if n := utf8.RuneCountInString(long); n > maxDetail || !strings.HasSuffix(long, "…") {
		t.Errorf("%d runes: %q", n, long)
	}
}

// What Describe says stands before the detail, which is there once.
func TestDetailFollowsDescription(t *testing.T) {
	b := &client{common: &common{cfg: Config{Describe: func(error) ErrorText { return ErrorText{Message: "ask somebody"} }}}}
	e := &Error{Kind: KindForbidden, Detail: "no \"entry\""}
	if got := b.describe(e).Message; got != `tshmcp: ask somebody; the server says: "no "entry"" [server-refused]` {
		t.Error(got)
	}
	b.cfg.Describe = func(error) ErrorText { return ErrorText{Message: `the gateway says no "entry"`} }
	if got := b.describe(e).Message; got != `tshmcp: the gateway says no "entry" [server-refused]` {
		t.Error(got)
	}
}

// A failure after which sending again is safe for what only reads is not called
// retryable for a tool call, which is sent once.
func TestTransportStatesRetryable(t *testing.T) {
	silent := &Error{Kind: KindConnectionLost, Executed: MayHaveRun, Retryable: true, HTTPStatus: 502}
	for method, sent := range map[string]int{"tools/list": 3, methodCall: 1} {
		t.Run(method, func(t *testing.T) {
			s := &mcpServer{}
			stated(t, s, method, silent, func(t *testing.T, r *rig) {
				r.hello()
				r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q}`, method))
				f := r.refused("1", KindConnectionLost, MayHaveRun)
				if f.Data.Retryable != repeatable[method] {
					t.Errorf("retryable: %v", f.Data.Retryable)
				}
				if n := s.count(method); n != sent {
					t.Errorf("sent %d times, want %d", n, sent)
				}
			})
		})
	}
}
