// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
	"github.com/tshmcp/tshmcp/internal/wire"
)

// TestEachPage: a list is asked for to its end, and one that has none is an error,
// whatever is listed.
func TestEachPage(t *testing.T) {
	for name, test := range map[string]struct {
		next map[string]string // the page that follows, by the one before
		want string            // in the error; empty: none
	}{
		"one page":            {next: map[string]string{"": ""}},
		"three pages":         {next: map[string]string{"": "a", "a": "b", "b": ""}},
		"a page that repeats": {next: map[string]string{"": "a", "a": "a"}, want: "list things: the cluster repeats a page"},
		"a page in a circle":  {next: map[string]string{"": "a", "a": "b", "b": "a"}, want: "list things: the cluster's list does not end"},
	} {
		t.Run(name, func(t *testing.T) {
			page := &wirepb.ListAccessRequestsResponse{NextKey: strings.Repeat("x", 1<<20)}
			var asked []string
			err := (&Auth{}).eachPage(t.Context(), "list things", 100, func(_ context.Context, from string, _ int32) (wire.Message, string, error) {
				asked = append(asked, from)
				return page, test.next[from], nil
			})
			if (err == nil) != (test.want == "") || err != nil && err.Error() != test.want {
				t.Errorf("error %v, want %q", err, test.want)
			}
			if err == nil && len(asked) != len(test.next) || len(asked) > maxList>>20 {
				t.Errorf("asked for %d pages", len(asked))
			}
		})
	}
}

// TestEmptyPages: pages without end that have nothing on them end, too.
func TestEmptyPages(t *testing.T) {
	asked := 0
	err := (&Auth{}).eachPage(t.Context(), "list things", 100, func(context.Context, string, int32) (wire.Message, string, error) {
		asked++
		return &wirepb.ListAccessRequestsResponse{}, strconv.Itoa(asked), nil
	})
	if err == nil || err.Error() != "list things: the cluster's list does not end" || asked > maxPages+1 {
		t.Errorf("error %v after %d pages", err, asked)
	}
}

// TestEachPageShrinks: a page that does not fit is asked for again, from where it
// began, with half the entries.
func TestEachPageShrinks(t *testing.T) {
	type question struct {
		from  string
		limit int32
	}
	var asked []question
	err := (&Auth{}).eachPage(t.Context(), "list things", 100, func(_ context.Context, from string, limit int32) (wire.Message, string, error) {
		asked = append(asked, question{from, limit})
		if limit > 30 {
			return nil, "", &rpc.Error{Code: rpc.ResourceExhausted, Message: "too large"}
		}
		return &wirepb.ListAccessRequestsResponse{}, map[string]string{"": "a"}[from], nil
	})
	if want := []question{{"", 100}, {"", 50}, {"", 25}, {"a", 25}}; err != nil || !slices.Equal(asked, want) {
		t.Errorf("error %v, asked for %v, want %v", err, asked, want)
	}
}
