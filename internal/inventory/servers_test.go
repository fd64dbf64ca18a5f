// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestNewServer is an app of which the cluster tells little.
func TestNewServer(t *testing.T) {
	s := newServer(teleport.App{Name: "notes", Cluster: "c"}, teleport.ToolAccess{})
	if text, err := json.Marshal(s); err != nil || strings.Contains(string(text), "null") {
		t.Errorf("%s, %v", text, err)
	}
	if !s.NoTools() {
		t.Error("tools of nobody")
	}
	for _, tools := range []teleport.ToolAccess{{Allowed: []string{"*"}}, {Unresolved: []string{"dev"}}} {
		if s := newServer(teleport.App{}, tools); s.NoTools() {
			t.Errorf("%+v: no tools", tools)
		}
	}
}
