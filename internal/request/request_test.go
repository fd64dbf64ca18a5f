// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// TestCreate is what is said before a request is made in vain.
func TestCreate(t *testing.T) {
	s := newStage(t)
	refuse := func(asked Asked, as any) {
		t.Helper()
		if _, err := s.desk().Create(t.Context(), asked); err == nil || !errors.As(err, as) {
			t.Errorf("%+v: %v, want %T", asked, err, as)
		}
	}
	refuse(Asked{Roles: []string{"admin"}}, new(*RoleError))
	refuse(Asked{Roles: []string{"dev", "own"}}, new(*RoleError))
	refuse(Asked{App: "secret"}, new(*ByRoleError))
	refuse(Asked{App: "free"}, new(*UsableError))
	s.cluster.SetRole(testcluster.Role{Name: "own", SearchAsRoles: []string{"dev"}, RequireReason: true, RequestPrompt: "why?"})
	refuse(Asked{App: "notes", Reason: " "}, new(*ReasonError))
	s.cluster.SetRole(testcluster.Role{Name: "own"})
	refuse(Asked{App: "notes"}, new(*NothingError))
	refuse(Asked{Roles: []string{"dev"}}, new(*NothingError))
	if all := s.cluster.AccessRequests(); len(all) > 0 {
		t.Errorf("made: %+v", all)
	}
}

// TestCreateFills adds the reviewers that the cluster suggests.
func TestCreateFills(t *testing.T) {
	s := newStage(t)
	for _, tt := range []struct {
		reviewers []string
		want      string
	}{{nil, "rita"}, {[]string{"tom", "ann"}, "tom ann"}} {
		made, err := s.desk().Create(t.Context(), Asked{App: "notes", Reason: "x", Reviewers: tt.reviewers})
		if err != nil || strings.Join(made.Reviewers, " ") != tt.want {
			t.Errorf("%+v, %v", made, err)
		}
	}
}

// TestList is the shape for programs, the latest first.
func TestList(t *testing.T) {
	s := newStage(t)
	if all, err := s.desk().List(t.Context()); err != nil || all == nil || len(all) > 0 {
		t.Errorf("%v, %v", all, err)
	}
	first := s.made(Asked{Roles: []string{"dev"}, Reason: "one"}, testcluster.Review{State: testcluster.RequestDenied, Author: "rita", Reason: "no"})
	second := s.assume(Asked{App: "notes"})
	all, err := s.desk().List(t.Context())
	if err != nil || len(all) != 2 || all[0].ID != second || all[1].ID != first {
		t.Fatalf("%+v, %v", all, err)
	}
	if a, b := all[0], all[1]; !a.Assumed || a.State != "approved" || a.Apps[0] != "notes" ||
		b.Assumed || b.State != "denied" || b.Reason != "one" || b.Resolved != "no" || b.Reviews[0] != (Review{"rita", "denied", "no"}) {
		t.Errorf("%+v", all)
	}
	if text, err := json.Marshal(all); err != nil || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
	var cannot *access.CannotRequestError
	d := s.desk()
	d.Cluster.Profile.Auth = "headless"
	if _, err := d.List(t.Context()); !errors.As(err, &cannot) {
		t.Errorf("headless: %v", err)
	}
}
