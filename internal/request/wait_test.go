// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package request

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// heard keeps what a person would be told.
type heard struct {
	reviews []Review
	signs   int
	told    func() // called at each sign of life
}

func (h *heard) Reviewed(r Review) { h.reviews = append(h.reviews, r) }

func (h *heard) StillWaiting(time.Duration, error) {
	h.signs++
	if h.told != nil {
		h.told()
	}
}

// TestWait hears of each review, and ends with the decision.
func TestWait(t *testing.T) {
	s := newStage(t)
	id := s.made(Asked{App: "notes"}, testcluster.Review{State: testcluster.RequestPending, Author: "tom", Reason: "looks good"})
	d, h := s.desk(), &heard{}
	clock := time.Now()
	d.Now = func() time.Time { clock = clock.Add(sign); return clock } // each look is a minute later
	h.told = func() {
		if h.signs == 1 {
			if err := s.cluster.ReviewAccess(id, approved); err != nil {
				t.Error(err)
			}
		}
	}
	r, err := d.Wait(t.Context(), id, h)
	if err != nil || r.State != teleport.RequestApproved {
		t.Fatalf("%+v, %v", r, err)
	}
	if len(h.reviews) != 2 || h.reviews[0] != (Review{"tom", "pending", "looks good"}) || h.reviews[1].Author != "rita" || h.signs == 0 {
		t.Errorf("heard %+v", h)
	}
}

// TestWaitEnds: the end of the wait leaves the request as it is, and one that there
// is not is not waited for.
func TestWaitEnds(t *testing.T) {
	s := newStage(t)
	id := s.made(Asked{App: "notes"}, testcluster.Review{})
	d, h := s.desk(), &heard{}
	ctx, cancel := context.WithCancel(t.Context())
	clock := time.Now()
	d.Now = func() time.Time { clock = clock.Add(sign); return clock }
	h.told = cancel
	if _, err := d.Wait(ctx, id, h); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if all := s.cluster.AccessRequests(); len(all) != 1 || all[0].State != testcluster.RequestPending {
		t.Errorf("%+v", all)
	}
	var missing *NotFoundError
	if _, err := s.desk().Wait(t.Context(), "none", h); !errors.As(err, &missing) {
		t.Errorf("%v", err)
	}
}

// TestWaitForWhatIsDeleted: a request that goes while it is waited for is over, and not
// one that never was.
func TestWaitForWhatIsDeleted(t *testing.T) {
	s := newStage(t)
	id := s.made(Asked{App: "notes"}, testcluster.Review{})
	d, h := s.desk(), &heard{}
	clock := time.Now()
	d.Now = func() time.Time { clock = clock.Add(sign); return clock }
	h.told = func() { s.cluster.DeleteAccessRequest(id) }
	var over *OverError
	if _, err := d.Wait(t.Context(), id, h); !errors.As(err, &over) || !strings.Contains(err.Error(), "is no longer there") {
		t.Errorf("%v", err)
	}
}
