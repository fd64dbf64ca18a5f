// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport/wirepb"
)

// toldCodes keeps the codes of the errors of calls that are told.
type toldCodes struct {
	slog.Handler
	all []errcode.Code
}

func (h *toldCodes) Enabled(context.Context, slog.Level) bool { return true }

func (h *toldCodes) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok && r.Message == "rpc" {
			h.all = append(h.all, errcode.Of(err))
		}
		return true
	})
	return nil
}

// What is told of a call that failed has the code that its error has.
func TestCallsAreToldWithTheirCodes(t *testing.T) {
	s := startAuth(t)
	told := &toldCodes{}
	a := must((&Proxy{Addr: s.addr, Insecure: true, Log: slog.New(told)}).DialAuth(s.login()))(t)
	defer a.Close()
	ctx, cancel := context.WithCancel(testContext(t))
	cancel()
	_, cancelled := a.Apps(ctx)
	s.list = func(context.Context, *wirepb.ListResourcesRequest) (*wirepb.ListResourcesResponse, error) {
		return nil, status.Error(codes.PermissionDenied, "access denied to list")
	}
	_, denied := a.Apps(testContext(t))
	if want := []errcode.Code{errcode.Interrupted, errcode.RoleDenied}; !slices.Equal(told.all, want) ||
		errcode.Of(cancelled) != want[0] || errcode.Of(denied) != want[1] {
		t.Errorf("told %q of %v and %v; want %q", told.all, cancelled, denied, want)
	}
}
