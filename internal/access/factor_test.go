// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestMFANeeded is what the error tells to do, by whose identity it is.
func TestMFANeeded(t *testing.T) {
	for name, tt := range map[string]struct {
		err  *MFANeededError
		want string
	}{
		"own login": {&MFANeededError{Name: "notes", Proxy: "a:443"}, "run: tshmcp login --proxy=a:443 --app=notes and confirm in the browser"},
		"of a leaf": {&MFANeededError{Name: "notes", Leaf: "east", Proxy: "a:443"}, "--app=notes --cluster=east and confirm"},
		"of tsh":    {&MFANeededError{Name: "notes", Proxy: "a:443", From: FromTSH}, "run: tshmcp login --proxy=a:443 --app=notes"},
		"of a file": {&MFANeededError{Name: "notes", Proxy: "a:443", From: FromFile}, "a role that allows notes without require_session_mfa"},
		"quoted":    {&MFANeededError{Name: "my notes; x", Proxy: "a:443"}, "run: tshmcp login --proxy=a:443 '--app=my notes; x'"},
	} {
		hints := strings.Join(tt.err.Hints(), "; ")
		if !strings.Contains(hints, tt.want) {
			t.Errorf("%s: %s", name, hints)
		}
		if NeedsFactor(fmt.Errorf("wrapped: %w", tt.err)) != tt.err || !IsDenial(tt.err) {
			t.Errorf("%s: it is not found", name)
		}
	}
	if NeedsFactor(errors.New("x")) != nil || NeedsFactor(nil) != nil {
		t.Error("another error needs a factor")
	}
}
