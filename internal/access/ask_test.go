// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

const somewhere = "teleport.example.com:443"

// TestLoginOver is whose login it is that has to be renewed.
func TestLoginOver(t *testing.T) {
	now := time.Now()
	over := &teleport.ExpiredError{Op: "list apps", Expires: now.Add(time.Hour), Err: &teleport.AuthError{Message: "access denied"}}
	profile := &creds.Profile{Proxy: somewhere, Expires: over.Expires}
	clock := teleport.NewClock(func() time.Time { return now })
	own := &Cluster{Profile: profile, clock: clock, Proxy: &teleport.Proxy{Addr: "127.0.0.1:1"}}
	var missing *NotLoggedInError
	if err := own.loginOver(t.Context(), over); !errors.As(err, &missing) || missing.Proxy != somewhere || !missing.Overruled || !missing.Expired.Equal(over.Expires) || IsDenial(err) {
		t.Errorf("a login of our own: %v", err)
	}
	tsh := &Cluster{Profile: profile, clock: clock, From: FromTSH, borrowed: &identfile.Identity{}}
	if err := tsh.loginOver(t.Context(), over); !errors.As(err, &missing) || missing.Overruled || !strings.HasPrefix(err.Error(), "the tsh login to "+somewhere+" expired at ") {
		t.Errorf("that of tsh: %v", err)
	}
	file := &Cluster{Profile: profile, clock: clock, From: FromFile, borrowed: &identfile.Identity{File: "id.pem"}}
	if err := file.loginOver(t.Context(), over); errors.As(err, &missing) || !strings.HasPrefix(err.Error(), "the identity in id.pem expired at ") {
		t.Errorf("an identity file: %v", err)
	}
	if err := own.loginOver(t.Context(), io.EOF); err != io.EOF {
		t.Errorf("something else: %v", err)
	}
	if own.loginOver(t.Context(), nil) != nil {
		t.Error("an error of nothing")
	}
}
