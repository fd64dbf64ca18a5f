// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

func TestHasLabels(t *testing.T) {
	app := map[string]string{"env": "prod", "team": ""}
	for given, want := range map[string]bool{
		"env=prod": true, "env=dev": false, "team=": true, "none=": false, "env=prod,team=": true, "env=prod, none=x": false,
	} {
		labels, err := ParseLabels([]string{given})
		if err != nil || HasLabels(app, labels) != want {
			t.Errorf("%s: want %t, %v", given, want, err)
		}
	}
	var wrong *usage.Error
	for _, given := range []string{"env", "=x", "env=prod,"} {
		if _, err := ParseLabels([]string{given}); !errors.As(err, &wrong) {
			t.Errorf("%q: %v", given, err)
		}
	}
}

func TestQueryError(t *testing.T) {
	e := &QueryError{Err: &teleport.AuthError{}}
	if e.ExitCode() != usage.ExitCode || !strings.Contains(strings.Join(e.Hints(), ""), "hasPrefix") {
		t.Errorf("%v: %q, %d", e, e.Hints(), e.ExitCode())
	}
	if other := errors.New("x"); BadQuery("q", other) != other {
		t.Error("every error is one of the query")
	}
}
