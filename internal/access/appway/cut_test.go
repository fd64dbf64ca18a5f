// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge"
)

// TestCutBeforeFirstByte: a success that ends before its first byte is explained
// by the lock that ended it, however the end looks. Without one it is what it is.
func TestCutBeforeFirstByte(t *testing.T) {
	abort := func(http.ResponseWriter) { panic(http.ErrAbortHandler) }
	flushed := func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }
	for name, tc := range map[string]struct {
		answer func(http.ResponseWriter)
		plain  string // without a lock: a part of the error, empty for an empty body
	}{
		"empty":                {func(http.ResponseWriter) {}, ""},
		"chunks that end":      {flushed, ""},
		"chunks that break":    {func(w http.ResponseWriter) { flushed(w); abort(w) }, "unexpected EOF"},
		"a length and no body": {func(w http.ResponseWriter) { w.Header().Set("Content-Length", "5"); flushed(w); abort(w) }, "unexpected EOF"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.login("alice", time.Hour)
			w := s.way(s.config())
			s.mustCall(w)
			s.cluster.OnAppRequest(func(w http.ResponseWriter, _ *http.Request) bool {
				w.Header().Set("Content-Type", "application/json")
				tc.answer(w)
				return true
			})
			text, err := call(t.Context(), w, 2)
			if text != "" || tc.plain == "" && err != nil || tc.plain != "" && (err == nil || !strings.Contains(err.Error(), tc.plain)) {
				t.Errorf("without a lock: %q, %v", text, err)
			}
			s.cluster.LockUser("alice", "has left")
			_, err = call(t.Context(), w, 3)
			var failed *bridge.Error
			if !errors.As(err, &failed) || failed.Kind != bridge.KindForbidden || failed.Executed != bridge.MayHaveRun || !strings.Contains(err.Error(), "locked") {
				t.Errorf("with a lock: %v", err)
			}
			if _, err = call(t.Context(), w, 4); !errors.As(err, &failed) || failed.Executed != bridge.NotExecuted {
				t.Errorf("the next one: %v", err)
			}
		})
	}
}

// What nobody waits for costs no question, and what is not empty is passed on.
func TestNotCut(t *testing.T) {
	body := io.NopCloser(strings.NewReader("ab"))
	b := &firstByte{ReadCloser: body, missing: func() error { t.Error("asked"); return nil }}
	if text, err := io.ReadAll(b); err != nil || string(text) != "ab" {
		t.Errorf("%q, %v", text, err)
	}
	s := newStage(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }))
	s.login("alice", time.Hour)
	cfg := s.config()
	cfg.Waits = func(context.Context) bool { return false }
	w := s.way(cfg)
	s.cluster.OnAppRequest(func(w http.ResponseWriter, _ *http.Request) bool { return true })
	if text, err := call(t.Context(), w, 1); err != nil || text != "" {
		t.Errorf("%q, %v", text, err)
	}
	if w.inHand().denied != nil || !w.s.found.began.IsZero() {
		t.Error("it was looked up")
	}
}
