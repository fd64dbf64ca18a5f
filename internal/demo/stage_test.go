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
	for _, test := range []struct {
		stage Stage
		err   string
	}{
		{Stage{Apps: []string{"nonsense"}}, "--app takes NAME=URI"},
		{Stage{Apps: []string{"=http://127.0.0.1"}}, "--app takes NAME=URI"},
		{Stage{Apps: []string{"a=http://127.0.0.1"}, Rewrites: []string{"b=X: y"}}, "--rewrite takes NAME="},
		{Stage{Apps: []string{"a=http://127.0.0.1"}, Rewrites: []string{"a=X"}}, "--rewrite takes NAME="},
		{Stage{Version: "17"}, `--version is one of 18.0, 18.3, newest, not "17"`},
	} {
		if _, err := test.stage.Config(); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("%+v: %v", test.stage, err)
		}
	}
	cfg, err := (&Stage{Version: "18.3", Apps: []string{"a=http://127.0.0.1"}, Rewrites: []string{"a= X : y "}}).Config()
	if err != nil || cfg.Version != "18.3.0" || len(cfg.Apps) != 1 || cfg.Apps[0].Rewrite[0].Name != "X" || cfg.Apps[0].Rewrite[0].Value != "y" {
		t.Errorf("%+v, %v", cfg, err)
	}
}

// TestServe holds that a stage has what it says, and leaves nothing.
func TestServe(t *testing.T) {
	cfg, err := (&Stage{Listen: "127.0.0.1:0", Version: "newest", Allow: []string{"*"}, TTL: time.Hour}).Config()
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
