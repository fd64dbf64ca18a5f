// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

func TestMOTD(t *testing.T) {
	for text, want := range map[string]string{
		"Welcome.\nBe careful.":        "Welcome.\nBe careful.",
		"\n\n  indented  \r\n\n":       "  indented",
		"a\tb\x1b[2Jc\u202ed\x00e\xff": "a    b [2Jcd e\ufffd",
		strings.Repeat("ü", 9000):      strings.Repeat("ü", 7999) + "…",
	} {
		_, proxy := start(t, func(cfg *testcluster.Config) { cfg.MOTD = text })
		if ping := must(proxy.Ping(testContext(t), ""))(t); !ping.Auth.HasMOTD {
			t.Errorf("%q: the ping does not tell of it", text)
		}
		if got := must(proxy.MOTD(testContext(t)))(t); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestPostWait holds that a long poll has its own limit, and no other.
func TestPostWait(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
			w.Write([]byte(`{"ok":true}`))
		case <-r.Context().Done():
		}
	}))
	defer srv.Close()
	proxy := &teleport.Proxy{Addr: strings.TrimPrefix(srv.URL, "https://"), Insecure: true}
	if err := proxy.PostWait(testContext(t), 50*time.Millisecond, "/slow", nil, nil); err == nil {
		t.Error("no limit")
	}
	time.AfterFunc(100*time.Millisecond, func() { close(release) })
	var answer struct{ OK bool }
	if err := proxy.PostWait(testContext(t), time.Minute, "/slow", nil, &answer); err != nil || !answer.OK {
		t.Errorf("%+v, %v", answer, err)
	}
	var failed *teleport.APIError
	_, cluster := start(t, nil)
	if err := cluster.PostWait(testContext(t), time.Minute, "/nosuch", nil, nil); !errors.As(err, &failed) || failed.Status != 404 {
		t.Errorf("error %v", err)
	}
	if err := cluster.PostWait(testContext(t), time.Minute, "/x", func() {}, nil); err == nil || !strings.Contains(err.Error(), "POST /x") {
		t.Errorf("error %v", err)
	}
}
