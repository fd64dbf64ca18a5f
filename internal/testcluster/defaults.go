// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/semver"
)

// withDefaults returns a copy of cfg with every default filled in, or an error
// that names what cannot work.
func (cfg Config) withDefaults() (Config, error) {
	cfg.Name = firstOf(cfg.Name, "demo-cluster")
	cfg.Listen = firstOf(cfg.Listen, "127.0.0.1:0")
	cfg.Version = firstOf(cfg.Version, NewestVersion)
	if cfg.SessionTTL == 0 {
		cfg.SessionTTL = 12 * time.Hour
	}
	if cfg.AppServers == 0 {
		cfg.AppServers = 1
	}
	if cfg.UpgradePing == 0 {
		cfg.UpgradePing = 30 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	cfg.AppTimes = cfg.AppTimes.withDefaults()
	cfg.Connector = cfg.Connector.withDefaults()
	cfg.Connectors = slices.Clone(cfg.Connectors)
	for i, connector := range cfg.Connectors {
		cfg.Connectors[i] = connector.withDefaults()
	}
	cfg.LocalAuth = cfg.LocalAuth.withDefaults()
	cfg.KeyPolicy = firstOf(cfg.KeyPolicy, "none")
	if cfg.Edition == "" {
		cfg.Edition = cfg.Connector.edition()
	}
	cfg.Apps = slices.Clone(cfg.Apps)
	for i := range cfg.Apps {
		cfg.Apps[i] = cfg.Apps[i].withDefaults(cfg.Name)
	}
	return cfg, cfg.check()
}

// Check returns why Start would refuse cfg, or nil.
func (cfg Config) Check() error {
	_, err := cfg.withDefaults()
	return err
}

func (cfg Config) check() error {
	if !isSemver(cfg.Version) {
		return fmt.Errorf("version %q is not a semantic version", cfg.Version)
	}
	if cfg.SessionTTL < 0 || cfg.AppServers < 0 {
		return errors.New("session TTL and number of app servers must not be negative")
	}
	return errors.Join(checkLoopback(cfg.Listen), checkBalancer(cfg.Balancer), checkTLSRouting(cfg.TLSRouting), cfg.checkConnectors(), cfg.LocalAuth.check(), cfg.checkUsers(), checkApps(cfg.Apps), cfg.checkLeaves())
}

func (cfg Config) checkUsers() error {
	roles, users := map[string]bool{}, map[string]bool{}
	for _, role := range cfg.Roles {
		if role.Name == "" || roles[role.Name] {
			return fmt.Errorf("role %q: names must be given and differ", role.Name)
		}
		roles[role.Name] = true
	}
	for _, user := range cfg.Users {
		if user.Name == "" || users[user.Name] {
			return fmt.Errorf("user %q: names must be given and differ", user.Name)
		}
		users[user.Name] = true
		for _, name := range user.Roles {
			if !roles[name] {
				return fmt.Errorf("user %q: there is no role %q", user.Name, name)
			}
		}
		if _, err := totpCode(user.TOTPSecret, 0); user.TOTPSecret != "" && err != nil {
			return fmt.Errorf("user %q: %w", user.Name, err)
		}
	}
	return nil
}

// withDefaults fills in an app of the cluster of that name.
func (a App) withDefaults(cluster string) App {
	a.PublicAddr = firstOf(a.PublicAddr, a.Name+"."+cluster+".test")
	return a
}

func checkApps(apps []App) error {
	names, addrs := map[string]bool{}, map[string]bool{}
	for _, app := range apps {
		if app.Name == "" || names[app.Name] || addrs[app.PublicAddr] {
			return fmt.Errorf("app %q: names must be given, names and public addresses must differ", app.Name)
		}
		names[app.Name], addrs[app.PublicAddr] = true, true
		if uri, err := url.Parse(app.URI); err != nil || uri.Scheme == "" {
			return fmt.Errorf("app %q: the URI needs a scheme", app.Name)
		}
	}
	return nil
}

func (l LocalAuth) withDefaults() LocalAuth {
	l.SecondFactor = firstOf(l.SecondFactor, "on")
	if l.MaxAttempts == 0 {
		l.MaxAttempts = 5
	}
	if l.HeadlessTime == 0 {
		l.HeadlessTime = 180 * time.Second
	}
	return l
}

func (l LocalAuth) check() error {
	if !slices.Contains([]string{"on", "off", "optional", "otp"}, l.SecondFactor) {
		return fmt.Errorf("second factor %q: must be on, off, optional or otp", l.SecondFactor)
	}
	return nil
}

func (cfg Config) checkConnectors() error {
	names := map[string]bool{}
	for _, connector := range append([]Connector{cfg.Connector}, cfg.Connectors...) {
		if names[connector.Name] {
			return fmt.Errorf("connector %q: names must differ", connector.Name)
		}
		names[connector.Name] = true
		if err := connector.check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Connector) withDefaults() Connector {
	c.Type = firstOf(c.Type, "github")
	c.Name = firstOf(c.Name, "demo-idp")
	c.Display = firstOf(c.Display, c.Name)
	return c
}

func (c Connector) check() error {
	if !slices.Contains([]string{"github", "oidc", "saml"}, c.Type) {
		return fmt.Errorf("connector type %q: must be github, oidc or saml", c.Type)
	}
	if c.MFA && c.Type == "github" {
		return fmt.Errorf("connector %q: a github connector is no second factor", c.Name)
	}
	if c.PostForm && c.Type != "saml" {
		return fmt.Errorf("connector %q: only saml connectors have post forms", c.Name)
	}
	return nil
}

// edition returns the edition in which a connector of this type exists
// (protocol.md 2.1).
func (c Connector) edition() string {
	if c.Type == "github" {
		return "oss"
	}
	return "ent"
}

// checkLoopback refuses every address that others could reach: the cluster
// signs in anyone who asks.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen address: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("listen address %q: only loopback addresses are allowed", addr)
	}
	return nil
}

// isSemver reports whether v is a full semantic version, without a "v".
func isSemver(v string) bool {
	v = "v" + v
	return semver.IsValid(v) && semver.Canonical(v)+semver.Build(v) == v
}

// minClientVersion returns the oldest client version that a server of the
// given version accepts: its major version less one, with a prerelease so that
// alphas pass (protocol.md 1).
func minClientVersion(server string) string {
	var major int
	fmt.Sscanf(strings.TrimPrefix(semver.Major("v"+server), "v"), "%d", &major)
	return fmt.Sprintf("%d.0.0-aa", max(major-1, 0))
}

// atLeast reports whether the cluster is to be of this version or newer.
func (cfg Config) atLeast(version string) bool {
	return semver.Compare("v"+cfg.Version, "v"+version) >= 0
}

func firstOf(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
