// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// dialog is one at a new desk, with what it prints and says.
func (s *stage) dialog() (d *Dialog, out, said *bytes.Buffer) {
	out, said = &bytes.Buffer{}, &bytes.Buffer{}
	return &Dialog{Desk: s.desk(), Out: out, To: plain.Voice{W: said}}, out, said
}

// The id alone is printed, the rest is said: how to go on, what was taken up and how
// to stop using it again.
func TestDialog(t *testing.T) {
	s := newStage(t)
	d, out, said := s.dialog()
	if err := d.Create(t.Context(), Asked{App: "notes"}, false); err != nil {
		t.Fatal(err)
	}
	id := strings.TrimSpace(out.String())
	if all := s.cluster.AccessRequests(); len(all) != 1 || all[0].ID != id || !strings.Contains(said.String(), "tshmcp: hint: to wait for the decision") {
		t.Errorf("printed %q, said %q", out.String(), said.String())
	}
	if err := s.cluster.ReviewAccess(id, approved); err != nil {
		t.Fatal(err)
	}
	d, _, said = s.dialog()
	if err := d.Assume(t.Context(), id, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Waiting until it is approved.", "rita: approved\n", "notes, until ", "to stop using it: tshmcp request drop " + id} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("said %q, without %q", said.String(), want)
		}
	}
	d, _, said = s.dialog()
	if err := d.Drop(t.Context(), id); err != nil || said.String() != "Access request "+id+" was dropped.\n" {
		t.Errorf("%v, said %q", err, said.String())
	}
}

// The end of a wait says that the request stays, and how to go on with it.
func TestDialogLeft(t *testing.T) {
	s := newStage(t)
	d, _, said := s.dialog()
	ctx, cancel := context.WithCancel(t.Context())
	clock := time.Now()
	d.Now = func() time.Time { cancel(); clock = clock.Add(sign); return clock }
	if err := d.Create(ctx, Asked{App: "notes"}, true); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if text := said.String(); !strings.Contains(text, " stays as it is.\n") || !strings.Contains(text, "tshmcp: hint: to wait for the decision") {
		t.Errorf("said %q", text)
	}
}
