// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package recall

import (
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
)

// TestRecall is what is remembered of whom, and until when.
func TestRecall(t *testing.T) {
	state := t.TempDir()
	log := slog.New(slog.DiscardHandler)
	of := func(proxy, leaf, app, path string) *App { return Of(state, proxy, leaf, app, path, log) }
	params := func(version string) []byte { return []byte(`{"protocolVersion":"` + version + `"}`) }
	notes := of("a:443", "", "notes", "")
	if notes.Known() || notes.Bridge().Recall(params("2025-11-25")) != nil {
		t.Error("something is known of an app that was never reached")
	}
	notes.Bridge().Keep(params("2025-11-25"), []byte(`{"n":1}`))
	notes.Bridge().Keep(params("2025-06-18"), []byte(`{"n":2}`))
	again := of("a:443", "", "notes", "")
	if got := again.Bridge().Recall(params("2025-06-18")); !again.Known() || string(got) != `{"n":2}` {
		t.Errorf("it said %s", got)
	}
	for _, other := range []*App{of("b:443", "", "notes", ""), of("a:443", "leaf", "notes", ""), of("a:443", "", "notes", "/mcp"), of("a:443", "", "other", "")} {
		if other.Known() {
			t.Errorf("%s knows what another one said", other.file)
		}
	}
	notes.Bridge().KeepTools([]string{"one", "two"}, true)
	notes.Bridge().KeepTools([]string{"three"}, false)
	if got := again.Tools(); !slices.Equal(got, []string{"one", "two", "three"}) {
		t.Errorf("tools %q", got)
	}
	notes.Bridge().KeepTools([]string{"four"}, true)
	if got := again.Tools(); !slices.Equal(got, []string{"four"}) {
		t.Errorf("tools of a new list: %q", got)
	}
	if err := Forget(state, "a:443"); err != nil || again.Known() || again.Tools() != nil {
		t.Errorf("after the logout: %v, %q", err, again.Tools())
	}
}

// A list of tools without end is not kept, neither in memory nor in the file, and
// the next one is.
func TestToolsAreBounded(t *testing.T) {
	app := Of(t.TempDir(), "proxy:443", "", "app", "", slog.New(slog.DiscardHandler))
	keep := app.Bridge().KeepTools
	keep([]string{"first"}, true)
	for i := range 100 {
		keep([]string{fmt.Sprint(i, strings.Repeat("x", 100_000))}, false)
	}
	if len(app.tools) > 0 {
		t.Errorf("%d tools are kept in memory", len(app.tools))
	}
	if n := len(strings.Join(app.Tools(), "")); n > maxRemembered {
		t.Errorf("%d bytes are kept in the file", n)
	}
	keep([]string{"a"}, true)
	keep([]string{"b"}, false)
	if got := app.Tools(); strings.Join(got, " ") != "a b" {
		t.Errorf("got %q", got)
	}
}

// TestDamagedFile: whatever is in the file, the next answer is remembered.
func TestDamagedFile(t *testing.T) {
	for _, damaged := range []string{"null", "[]", "{", "", "0", `{"2025-06-18":null}`, `{"2025-06-18":`} {
		app := Of(t.TempDir(), "proxy:443", "", "app", "", slog.New(slog.DiscardHandler))
		app.write(app.file, []byte(damaged))
		app.write(app.toolsFile(), []byte(damaged))
		params := []byte(`{"protocolVersion":"2025-11-25"}`)
		if app.Bridge().Recall(params) != nil {
			t.Errorf("%q: something is known", damaged)
		}
		app.Tools()
		app.Bridge().Keep(params, []byte(`{"n":1}`))
		app.Bridge().KeepTools([]string{"one"}, true)
		if got := app.Bridge().Recall(params); string(got) != `{"n":1}` || len(app.Tools()) != 1 {
			t.Errorf("%q: then %s, %q", damaged, got, app.Tools())
		}
	}
}
