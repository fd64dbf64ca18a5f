// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestWhichErrorExplains: the outermost one that has something to say.
func TestWhichErrorExplains(t *testing.T) {
	denied := &teleport.AuthError{Op: "list apps", Code: codes.PermissionDenied, Message: "access denied"}
	egress := &teleport.EgressError{Status: 407}
	away := &teleport.AuthError{Op: "list apps", Code: codes.Unavailable, Message: "no", Err: egress}
	keyring := &creds.KeyringError{Op: "get", Err: io.EOF}
	for _, test := range []struct {
		err  error
		want explained
	}{
		{denied, denied},
		{fmt.Errorf("x: %w", denied), denied},
		{&usageError{Usage: "tshmcp x", Err: denied}, &usageError{Usage: "tshmcp x"}},
		{away, egress},
		{fmt.Errorf("%w; %w", io.EOF, keyring), keyring},
		{errors.Join(away, keyring), egress},
	} {
		text, hints, code := explain(test.err)
		if text != test.err.Error() || !slices.Equal(hints, test.want.Hints()) || code != test.want.ExitCode() {
			t.Errorf("%v: %q, %q, exit code %d", test.err, text, hints, code)
		}
	}
	if _, hints, code := explain(io.EOF); hints != nil || code != exitError {
		t.Errorf("an error of nobody: %q, %d", hints, code)
	}
}
