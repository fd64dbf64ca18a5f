// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// warnings are what a login tells the person.
type warnings struct {
	mu   sync.Mutex
	told []string
}

func (w *warnings) warn(format string, a ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = append(w.told, fmt.Sprintf(format, a...))
}

func (w *warnings) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.told)
}

const contestedText = "was opened a second time, in another browser"

// TestLinkIsTheFirstOnes has others read the link off the launcher's arguments.
func TestLinkIsTheFirstOnes(t *testing.T) {
	var w warnings
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Warn = w.warn })
	first := r.send("GET", r.link, "")
	if first.StatusCode != http.StatusFound {
		t.Fatalf("the first browser: %d", first.StatusCode)
	}
	cookies := first.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || !strings.HasSuffix(r.link, cookies[0].Path) {
		t.Fatalf("its cookie: %v", first.Header["Set-Cookie"])
	}
	for _, header := range [][]string{nil, {"Cookie", claimCookie + "="}, {"Cookie", claimCookie + "=guessed"}, {"Cookie", "x=" + cookies[0].Value}} {
		other := r.send("GET", r.link, "", header...)
		if other.StatusCode != http.StatusConflict || other.Header.Get("Location") != "" || strings.Contains(other.body, "idp") {
			t.Errorf("another one with %q: %d\n%s", header, other.StatusCode, other.body)
		}
		if !strings.Contains(other.body, "This sign-in is open somewhere else") || other.Header.Get("Set-Cookie") != "" {
			t.Errorf("another one is told\n%s", other.body)
		}
	}
	if w.count() != 1 || !strings.Contains(w.told[0], "opened a second time") {
		t.Errorf("the person is told %q", w.told)
	}
	again := r.send("GET", r.link, "", "Cookie", "a=b; "+claimCookie+"="+cookies[0].Value)
	if again.StatusCode != http.StatusFound {
		t.Errorf("a reload: %d", again.StatusCode)
	}
	if page := r.visit(r.goodURL()); page.StatusCode != http.StatusOK || !strings.Contains(page.body, contestedText) {
		t.Errorf("the first browser's page says nothing of it\n%s", page.body)
	}
	if _, err := r.end(); err != nil {
		t.Error(err)
	}
}

// TestLinkOfOne warns of nothing.
func TestLinkOfOne(t *testing.T) {
	var w warnings
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Warn = w.warn })
	r.send("GET", r.link, "")
	if page := r.visit(r.goodURL()); strings.Contains(page.body, contestedText) {
		t.Errorf("the page says\n%s", page.body)
	}
	r.end()
	if w.count() != 0 {
		t.Errorf("the person is told %q", w.told)
	}
}

// TestPrefetchTakesNothing: a browser that asks ahead must not lock itself out.
func TestPrefetchTakesNothing(t *testing.T) {
	r := start(t, newFakeProxy(t), nil)
	for _, header := range [][]string{{"Sec-Purpose", "prefetch;prerender"}, {"Purpose", "prefetch"}} {
		if rep := r.send("GET", r.link, "", header...); rep.StatusCode != http.StatusServiceUnavailable || rep.Header.Get("Set-Cookie") != "" {
			t.Errorf("%q: %d", header, rep.StatusCode)
		}
	}
	if rep := r.send("HEAD", r.link, ""); rep.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD: %d", rep.StatusCode)
	}
	if rep := r.send("GET", r.link, ""); rep.StatusCode != http.StatusFound {
		t.Errorf("the browser itself: %d", rep.StatusCode)
	}
	r.cancel()
	r.end()
}

// TestLinkRace has many come at once: one gets it.
func TestLinkRace(t *testing.T) {
	var w warnings
	r := start(t, newFakeProxy(t), func(s *SSO) { s.Warn = w.warn })
	statuses := make(chan int)
	for range 20 {
		go func() {
			resp, err := browser.RoundTrip(httpGet(r.link))
			if err != nil {
				statuses <- 0
				return
			}
			resp.Body.Close()
			statuses <- resp.StatusCode
		}()
	}
	seen := map[int]int{}
	for range 20 {
		seen[<-statuses]++
	}
	if seen[http.StatusFound] != 1 || seen[http.StatusConflict] != 19 || w.count() != 1 {
		t.Errorf("statuses %v, told %q", seen, w.told)
	}
	r.cancel()
	r.end()
}
