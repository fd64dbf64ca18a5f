// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"net"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestStageConfig is what is asked for on the command line of serve.
func TestStageConfig(t *testing.T) {
	if _, err := stageWith(func(s *Stage) { s.Version = "16" }).Config(); err == nil || err.Error() != `--version is one of 17, 18.0, 18.1, 18.3, 18.8, newest, not "16"` {
		t.Errorf("version 16: %v", err)
	}
	if _, err := stageWith(func(s *Stage) { s.Listen = "0.0.0.0:0" }).Config(); err == nil || !strings.Contains(err.Error(), "only loopback") {
		t.Errorf("open to everybody: %v", err)
	}
	cfg, err := stageWith(func(s *Stage) {
		s.Version, s.Apps, s.Rewrites = "18.3", []string{"a=http://127.0.0.1"}, []string{"a= X : y "}
	}).Config()
	if err != nil || cfg.Version != "18.3.0" || len(cfg.Apps) != 1 || cfg.Apps[0].Rewrite[0].Name != "X" || cfg.Apps[0].Rewrite[0].Value != "y" {
		t.Errorf("%+v, %v", cfg, err)
	}
}

// stageWith is serve's stage without flags, and a change.
func stageWith(change func(*Stage)) *Stage {
	s := &Stage{Listen: "127.0.0.1:0", Version: "newest", Allow: []string{"*"}, TTL: time.Hour}
	change(s)
	return s
}

// TestServe holds that a stage has what it says, and leaves nothing.
func TestServe(t *testing.T) {
	cfg, err := stageWith(func(*Stage) {}).Config()
	if err != nil {
		t.Fatal(err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	var open Open
	err = Serve(ctx, cfg, func(o Open) error {
		open = o
		conn, err := net.Dial("tcp", o.Proxy)
		if err != nil {
			return err
		}
		conn.Close()
		if _, err := os.Stat(o.CAFile); err != nil {
			return err
		}
		interrupt()
		return nil
	})
	if err != nil || !slices.Equal(open.Apps, []string{"notes"}) || !slices.Equal(open.Users, []string{"alice", "bob", "carol"}) {
		t.Errorf("%+v, %v", open, err)
	}
	if _, err := os.Stat(open.CAFile); !os.IsNotExist(err) {
		t.Errorf("the CA file is left: %v", err)
	}
	if conn, err := net.Dial("tcp", open.Proxy); err == nil {
		conn.Close()
		t.Error("the proxy is left")
	}
}
