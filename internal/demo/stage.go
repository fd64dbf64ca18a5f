// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// Stage is a cluster that stays up, for trying things out against it.
type Stage struct {
	Listen      string   // loopback address of the proxy, host:port
	Version     string   // one of Versions
	Apps        []string // NAME=URI; none: the demo's own notes
	Rewrites    []string // NAME=Header: template, of the Apps
	Allow, Deny []string // patterns of tools
	TTL         time.Duration
	Approve     time.Duration // after which access requests are approved; 0: nobody may make any
	Log         *slog.Logger
}

// Open is how to reach a stage that is up.
type Open struct {
	Proxy   string   `json:"proxy"`
	CAFile  string   `json:"ca_file"`
	Cluster string   `json:"cluster"`
	IdP     string   `json:"idp"`
	Users   []string `json:"users"`
	Apps    []string `json:"apps"`
}

// Versions are the releases that a stage can be like, as people name them: the
// oldest that tshmcp works with, the first of 18, the first with stdio servers,
// with MCP servers over HTTP, with passkeys in the browser, and the newest that is
// known.
var (
	Versions = []string{"17", "18.0", "18.1", "18.3", "18.8", "newest"}
	releases = map[string]string{
		"17": "17.7.0", "18.0": "18.0.0", "18.1": "18.1.0", "18.3": "18.3.0", "18.8": "18.8.0", "newest": testcluster.NewestVersion,
	}
)

// Release is the release of one of Versions in full, such as 18.3.0.
func Release(version string) string { return releases[version] }

// Config is the cluster that was asked for, without the demo's own app; its
// errors are those of who asks.
func (s *Stage) Config() (testcluster.Config, error) {
	apps, err := s.parseApps()
	if err != nil {
		return testcluster.Config{}, err
	}
	release, ok := releases[s.Version]
	if !ok {
		return testcluster.Config{}, fmt.Errorf("--version is one of %s, not %q", strings.Join(Versions, ", "), s.Version)
	}
	cfg := testcluster.Config{
		Listen:     s.Listen,
		Version:    release,
		Users:      Users(),
		Roles:      Roles(Role(s.Allow, s.Deny)),
		Apps:       apps,
		SessionTTL: s.TTL,
		Log:        s.Log,
	}
	if s.Approve > 0 {
		cfg.ApproveAfter, cfg.Roles = s.Approve, requesting(cfg.Roles)
	}
	for _, err := range []error{checkPatterns("--allow-tool", s.Allow), checkPatterns("--deny-tool", s.Deny), checkTimes(s.TTL, s.Approve), cfg.Check()} {
		if err != nil {
			return testcluster.Config{}, err
		}
	}
	return cfg, nil
}

func (s *Stage) parseApps() ([]testcluster.App, error) {
	var apps []testcluster.App
	for _, arg := range s.Apps {
		app, err := parseApp(arg)
		if err != nil {
			return nil, err
		}
		apps = append(apps, app)
	}
	for _, arg := range s.Rewrites {
		if err := parseRewrite(apps, arg, s.Version == "newest"); err != nil {
			return nil, err
		}
	}
	return apps, nil
}

// Serve keeps a cluster up until ctx ends, which is how it ends well. opened is
// called once it is up.
func Serve(ctx context.Context, cfg testcluster.Config, opened func(Open) error) (err error) {
	if len(cfg.Apps) == 0 {
		notes, err := StartNotes()
		if err != nil {
			return err
		}
		defer notes.Close()
		cfg.Apps = []testcluster.App{{Name: "notes", Description: "The team's notes", URI: notes.URI()}}
	}
	cluster, err := testcluster.Start(cfg)
	if err != nil {
		return &StageError{Listen: cfg.Listen, Err: err}
	}
	defer func() { err = errors.Join(err, cluster.Close()) }()
	dir, err := os.MkdirTemp("", "tshmcp-demo-")
	if err != nil {
		return &FolderError{Err: err}
	}
	defer os.RemoveAll(dir)
	ca := filepath.Join(dir, "web-ca.pem")
	if err := keep(ca, cluster.WebCA()); err != nil {
		return err
	}
	o := Open{Proxy: cluster.Addr(), CAFile: ca, Cluster: cluster.Name(), IdP: cluster.IdP()}
	for _, u := range cfg.Users {
		o.Users = append(o.Users, u.Name)
	}
	for _, a := range cfg.Apps {
		o.Apps = append(o.Apps, a.Name)
	}
	if err := opened(o); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}
