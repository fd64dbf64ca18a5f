// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// state is what administrators change while a cluster runs: its roles, its apps
// and its locks. It begins as the configuration, which nobody reads for these
// after Start.
type state struct {
	mu    sync.Mutex
	roles map[string]Role
	apps  []App
	locks map[string]string  // the administrator's reasons, by user
	gone  map[string]goneApp // deleted apps, by public address
}

// goneApp is an app that was deleted.
type goneApp struct {
	App
	at time.Time
}

// start takes over what the configuration says.
func (s *state) start(cfg Config) {
	s.roles, s.apps, s.locks = map[string]Role{}, slices.Clone(cfg.Apps), map[string]string{}
	s.gone = map[string]goneApp{}
	for _, role := range cfg.Roles {
		s.roles[role.Name] = role
	}
}

// SetRole replaces the role of that name, or adds it. Certificates name their
// roles, so whoever has it is under its new rules at once; connections on which
// access was decided before keep that decision (protocol.md 15.3).
func (c *Cluster) SetRole(role Role) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	c.state.roles[role.Name] = role
}

// AddApp registers an app, or replaces the one of its name.
func (c *Cluster) AddApp(app App) error {
	app = app.withDefaults(c.cfg.Name)
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	apps := append(withoutApp(c.state.apps, app.Name), app)
	if err := checkApps(apps); err != nil {
		return fmt.Errorf("test cluster: %w", err)
	}
	c.state.apps = apps
	delete(c.state.gone, app.PublicAddr)
	return nil
}

// DeleteApp takes an app away, and reports whether there was one. Its sessions
// stay, as on a real cluster, and so do connections to an MCP app.
func (c *Cluster) DeleteApp(name string) bool {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	i := slices.IndexFunc(c.state.apps, func(a App) bool { return a.Name == name })
	if i < 0 {
		return false
	}
	c.state.gone[c.state.apps[i].PublicAddr] = goneApp{c.state.apps[i], time.Now()}
	c.state.apps = withoutApp(c.state.apps, name)
	return true
}

func withoutApp(apps []App, name string) []App {
	return slices.DeleteFunc(slices.Clone(apps), func(a App) bool { return a.Name == name })
}

// LockUser locks a user out, as an administrator does: every call to the auth
// service is denied at once, on connections that are open too, and no reason is
// given. What the user has open with apps ends after AppTimes.Lock. A login fails,
// and tells the reason if there is one. UnlockUser takes the lock away.
func (c *Cluster) LockUser(name string, reason ...string) {
	c.setLock(name, strings.Join(reason, " "))
	c.cutLocked(name)
}

func (c *Cluster) setLock(name, reason string) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	c.state.locks[name] = reason
}

// UnlockUser takes a lock of LockUser away.
func (c *Cluster) UnlockUser(name string) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	delete(c.state.locks, name)
}

// locked reports whether an administrator has locked the user.
func (c *Cluster) locked(user string) bool { return c.lockError(user) != nil }

// lockError is how a login of a locked user fails, nil if there is no lock.
func (c *Cluster) lockError(user string) error {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	reason, locked := c.state.locks[user]
	switch {
	case !locked:
		return nil
	case reason == "":
		return fmt.Errorf("lock targeting User:%q is in force", user)
	}
	return fmt.Errorf("lock targeting User:%q is in force: %s", user, reason)
}

// justDeleted returns the app of a public address if it was deleted less than d
// ago.
func (c *Cluster) justDeleted(addr string, d time.Duration) (App, bool) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	gone, ok := c.state.gone[addr]
	return gone.App, ok && time.Since(gone.at) < d
}

// role returns the role of a name.
func (c *Cluster) role(name string) (Role, bool) {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	role, ok := c.state.roles[name]
	return role, ok
}

// apps returns all apps, online or not. The slice is the caller's.
func (c *Cluster) apps() []App {
	c.state.mu.Lock()
	defer c.state.mu.Unlock()
	return slices.Clone(c.state.apps)
}

// app returns the app of a name, online or not.
func (c *Cluster) app(name string) (App, bool) {
	return c.findApp(func(a App) bool { return a.Name == name })
}

// appByAddr returns the app of a public address, online or not.
func (c *Cluster) appByAddr(addr string) (App, bool) {
	return c.findApp(func(a App) bool { return a.PublicAddr == addr })
}

func (c *Cluster) findApp(match func(App) bool) (App, bool) {
	apps := c.apps()
	i := slices.IndexFunc(apps, match)
	if i < 0 {
		return App{}, false
	}
	return apps[i], true
}
