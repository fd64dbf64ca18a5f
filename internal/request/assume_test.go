// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// counts is what counts for notes and for everything else, by requests.
func (s *stage) counts() (notes, others string) {
	s.Helper()
	c := s.desk().Cluster
	if a := access.Assumed(access.As(c, "notes")); a != nil {
		notes = strings.Join(a.Requests, " ")
	}
	if a := access.Assumed(c); a != nil {
		others = strings.Join(a.Requests, " ")
	}
	return notes, others
}

// TestAssumeAndDrop: a request for an app and two for roles, beside each other, and
// dropped one by one.
func TestAssumeAndDrop(t *testing.T) {
	s := newStage(t)
	want := func(notes, others string) {
		t.Helper()
		if n, o := s.counts(); n != notes || o != others {
			t.Errorf("for notes %q, for others %q; want %q, %q", n, o, notes, others)
		}
	}
	want("", "")
	app := s.assume(Asked{App: "notes"})
	want(app, "")
	dev := s.assume(Asked{Roles: []string{"dev"}})
	want(app, dev)
	ops := s.assume(Asked{Roles: []string{"ops"}})
	want(app, dev+" "+ops)
	if _, err := s.desk().Assume(t.Context(), dev); err != nil { // again changes nothing
		t.Fatal(err)
	}
	want(app, dev+" "+ops)
	drop := func(id string, wanted ...string) {
		t.Helper()
		if dropped, err := s.desk().Drop(t.Context(), id); err != nil || !slices.Equal(dropped, wanted) {
			t.Errorf("dropped %v, %v, want %v", dropped, err, wanted)
		}
	}
	drop(dev, dev)
	want(app, ops)
	drop(app, app)
	want(ops, ops)
	s.assume(Asked{App: "notes"})
	s.cluster.Close() // dropping all asks nobody
	if dropped, err := s.desk().Drop(t.Context(), ""); err != nil || len(dropped) != 2 {
		t.Errorf("dropped %v, %v", dropped, err)
	}
	want("", "")
	var none *NotAssumedError
	if _, err := s.desk().Drop(t.Context(), ""); !errors.As(err, &none) {
		t.Errorf("%v", err)
	}
}

// TestAssumeBesideWhatIsDeleted: a request that was deleted since it was assumed is in
// the way of no other, be it assumed or dropped.
func TestAssumeBesideWhatIsDeleted(t *testing.T) {
	s := newStage(t)
	dev := s.assume(Asked{Roles: []string{"dev"}})
	s.cluster.DeleteAccessRequest(dev)
	ops := s.assume(Asked{Roles: []string{"ops"}})
	if _, others := s.counts(); others != ops {
		t.Errorf("for others %q, want %q", others, ops)
	}
	dev = s.assume(Asked{Roles: []string{"dev"}})
	s.cluster.DeleteAccessRequest(dev)
	if dropped, err := s.desk().Drop(t.Context(), ops); err != nil || !slices.Equal(dropped, []string{ops, dev}) {
		t.Errorf("dropped %v, %v", dropped, err)
	}
	if _, others := s.counts(); others != "" {
		t.Errorf("for others %q", others)
	}
}

// TestAssumeRefused is each state that is not to be taken up, with what to do.
func TestAssumeRefused(t *testing.T) {
	s := newStage(t)
	for _, tt := range []struct {
		review testcluster.Review
		as     any
		want   string
	}{
		{testcluster.Review{}, new(*PendingError), "is waiting for approval"},
		{testcluster.Review{State: testcluster.RequestDenied, Author: "rita", Reason: "no"}, new(*DeniedError), "was denied by rita: no"},
		{testcluster.Review{State: testcluster.RequestPromoted}, new(*PromotedError), "promoted to an access list"},
		{testcluster.Review{State: testcluster.RequestApproved, Expires: time.Now().Add(-time.Second)}, new(*OverError), "ended at"},
		{testcluster.Review{State: testcluster.RequestApproved, Starts: time.Now().Add(time.Hour)}, new(*EarlyError), "is approved from"},
	} {
		id := s.made(Asked{App: "notes"}, tt.review)
		_, err := s.desk().Assume(t.Context(), id)
		if err == nil || !errors.As(err, tt.as) || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.review, err)
		}
		told, ok := err.(interface {
			Hints() []string
			ExitCode() int
		})
		if !ok || len(told.Hints()) == 0 || told.ExitCode() != 1 {
			t.Errorf("%T says not what to do", err)
		}
	}
	if n, o := s.counts(); n+o != "" {
		t.Errorf("assumed %q, %q", n, o)
	}
}
