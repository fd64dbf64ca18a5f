// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"fmt"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/login"
)

// TestForBridge: each end of a sign-in is told as what it means to a bridge.
func TestForBridge(t *testing.T) {
	other := errors.New("no network")
	for _, tt := range []struct {
		err  error
		want func(error) bool
	}{
		{nil, func(err error) bool { return err == nil }},
		{other, func(err error) bool { return err == other }},
		{login.ErrTimeout, func(err error) bool { return err == signin.ErrNobody }},
		{&OtherUserError{}, as[*signin.OtherError]},
		{&OtherClusterError{}, as[*signin.OtherError]},
		{&UnattendedError{Proxy: "p:443"}, func(err error) bool {
			var missing *access.NotLoggedInError
			return as[*signin.ClosedError](err) && errors.As(err, &missing) && missing.Proxy == "p:443"
		}},
		{&login.DeniedError{Message: "not today"}, func(err error) bool {
			return err.Error() == "the sign-in was refused: not today"
		}},
	} {
		if err := ForBridge(tt.err); !tt.want(err) {
			t.Errorf("%v: %v", tt.err, err)
		}
		if tt.err == nil || tt.err == other {
			continue
		}
		if err := ForBridge(fmt.Errorf("around: %w", tt.err)); !tt.want(err) {
			t.Errorf("around %v: %v", tt.err, err)
		}
	}
}

func as[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}
