// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// TestWrongFlags: each shows before anything is done, is wrong usage, and tells
// nothing of a header's value.
func TestWrongFlags(t *testing.T) {
	for _, tt := range []struct {
		flags Flags
		want  string
	}{
		{Flags{Path: "mcp"}, "--path must start with one /"},
		{Flags{Path: "//host/mcp"}, "--path must start with one /"},
		{Flags{Path: "/a#b"}, "--path must start with one /"},
		{Flags{SessionLoss: "always"}, "--session-loss takes replay or error"},
		{Flags{Capabilities: "all"}, "--capabilities takes auto or keep"},
		{Flags{Login: "yes"}, "--login takes auto or never"},
		{Flags{Timeout: -time.Second}, "--request-timeout must not be negative"},
		{Flags{MaxMessage: "many"}, "--max-message-size takes a size"},
		{Flags{Headers: []string{"hunter2"}}, "--header takes 'Name: value'"},
		{Flags{Headers: []string{"Mcp-Session-Id: hunter2"}}, "--header: "},
		{Flags{Headers: []string{"X: hunter2\nY: z"}}, "--header: "},
	} {
		err := Run(t.Context(), tt.flags, access.Source{}, Host{}) // which is not looked at
		var wrong *usage.Error
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%+v: %v", tt.flags, err)
		}
	}
}

// TestBridgeOfKind: what Teleport does to the messages of MCP apps is no matter
// of ordinary HTTP apps.
func TestBridgeOfKind(t *testing.T) {
	for _, tt := range []struct {
		flags           Flags
		url             string
		mcp, noRequests bool
	}{
		{Flags{}, "https://localhost/", true, true},
		{Flags{Capabilities: "auto"}, "https://localhost/", true, true},
		{Flags{Capabilities: "keep"}, "https://localhost/", true, false},
		{Flags{Path: "/mcp?x=1"}, "https://localhost/mcp?x=1", false, false},
	} {
		cfg, err := tt.flags.bridge(Streams{})
		if err != nil || cfg.URL != tt.url || cfg.UniqueIDs != tt.mcp || cfg.LossyLists != tt.mcp ||
			(cfg.StreamEnds != "") != tt.mcp || cfg.NoServerRequests != tt.noRequests {
			t.Errorf("%+v: %+v, %v", tt.flags, cfg, err)
		}
	}
}

func TestBridgeFlags(t *testing.T) {
	f := Flags{SessionLoss: "replay", Timeout: time.Minute, MaxMessage: "1MiB", Headers: []string{"X-A: 1", "x-a:2", "X-B:"}}
	cfg, err := f.bridge(Streams{In: strings.NewReader("")})
	if err != nil || cfg.In == nil || cfg.SessionLoss != bridge.SessionLossReplay || cfg.RequestTimeout != time.Minute || cfg.MaxMessageSize != 1<<20 {
		t.Errorf("%+v, %v", cfg, err)
	}
	if got := cfg.Header; len(got) != 2 || strings.Join(got.Values("X-A"), ",") != "1,2" || got.Get("X-B") != "" {
		t.Errorf("%v", got)
	}
}

// TestCheckEntry: an entry is not written with what connect would refuse.
func TestCheckEntry(t *testing.T) {
	if err := CheckEntry("/mcp", []string{"X-A: 1"}); err != nil {
		t.Error(err)
	}
	for _, path := range []string{"mcp", "//a/mcp"} {
		if err := CheckEntry(path, nil); err == nil {
			t.Errorf("%s", path)
		}
	}
	if err := CheckEntry("", []string{"X-A"}); err == nil {
		t.Error("a header without a value")
	}
}
