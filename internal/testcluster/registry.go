// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

// registry is what administrators keep: users, roles, apps and locks, and what
// they change of it while a cluster runs. It begins as the configuration, which
// nobody reads for these after Start.
type registry struct {
	cluster string   // its name
	users   []User   // never changed
	hostIDs []string // of the app servers

	mu      sync.Mutex
	roles   map[string]Role
	apps    []App
	offline map[string]bool          // by app name
	leaving map[string]chan struct{} // of appLeaves, by app name
	locks   map[string]string        // the administrator's reasons, by user
	gone    map[string]goneApp       // deleted apps, by public address
}

// goneApp is an app that was deleted.
type goneApp struct {
	App
	at time.Time
}

// newRegistry takes over what the configuration says.
func newRegistry(cfg Config) *registry {
	r := &registry{
		cluster: cfg.Name, users: cfg.Users, roles: map[string]Role{}, apps: slices.Clone(cfg.Apps),
		offline: map[string]bool{}, leaving: map[string]chan struct{}{}, locks: map[string]string{}, gone: map[string]goneApp{},
	}
	for range cfg.AppServers {
		r.hostIDs = append(r.hostIDs, newUUID())
	}
	for _, role := range cfg.Roles {
		r.roles[role.Name] = role
	}
	return r
}

// SetRole replaces the role of that name, or adds it. Certificates name their
// roles, so whoever has it is under its new rules at once; connections on which
// access was decided before keep that decision (protocol.md 15.3).
func (r *registry) SetRole(role Role) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.roles[role.Name] = role
}

// AddApp registers an app, or replaces the one of its name.
func (r *registry) AddApp(app App) error {
	app = app.withDefaults(r.cluster)
	r.mu.Lock()
	defer r.mu.Unlock()
	apps := append(withoutApp(r.apps, app.Name), app)
	if err := checkApps(apps); err != nil {
		return fmt.Errorf("test cluster: %w", err)
	}
	r.apps = apps
	delete(r.gone, app.PublicAddr)
	return nil
}

// DeleteApp takes an app away, and reports whether there was one. Its sessions
// stay, as on a real cluster, and so do connections to an MCP app.
func (r *registry) DeleteApp(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	i := slices.IndexFunc(r.apps, func(a App) bool { return a.Name == name })
	if i < 0 {
		return false
	}
	r.gone[r.apps[i].PublicAddr] = goneApp{r.apps[i], time.Now()}
	r.apps = withoutApp(r.apps, name)
	return true
}

func withoutApp(apps []App, name string) []App {
	return slices.DeleteFunc(slices.Clone(apps), func(a App) bool { return a.Name == name })
}

// SetAppOnline takes an app's app server away, or brings it back. An app
// certificate that was never used is answered 403 then, one that was used 502,
// and lists leave the app out (protocol.md 8.4, 15.5). Raw connections through it
// end.
func (r *registry) SetAppOnline(name string, online bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.offline[name] = !online
	if left := r.leaving[name]; left != nil && !online {
		close(left)
		delete(r.leaving, name)
	}
}

// appLeaves returns what is closed when the app servers of an app go, with the
// connections through them.
func (r *registry) appLeaves(name string) <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.leaving[name] == nil {
		r.leaving[name] = make(chan struct{})
	}
	return r.leaving[name]
}

// appOnline reports whether an app server carries the app.
func (r *registry) appOnline(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.offline[name]
}

// lock locks a user out. The reason may be empty.
func (r *registry) lock(name, reason string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.locks[name] = reason
}

// UnlockUser takes a lock of LockUser away.
func (r *registry) UnlockUser(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.locks, name)
}

// locked reports whether an administrator has locked the user.
func (r *registry) locked(user string) bool { return r.lockError(user) != nil }

// lockError is how a login of a locked user fails, nil if there is no lock.
func (r *registry) lockError(user string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	reason, locked := r.locks[user]
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
func (r *registry) justDeleted(addr string, d time.Duration) (App, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	gone, ok := r.gone[addr]
	return gone.App, ok && time.Since(gone.at) < d
}

// user returns the user of a name.
func (r *registry) user(name string) (User, bool) {
	i := slices.IndexFunc(r.users, func(u User) bool { return u.Name == name })
	if i < 0 {
		return User{}, false
	}
	return r.users[i], true
}

// rolesOf returns the definitions of the roles named by an identity. Roles
// that the cluster does not know are left out.
func (r *registry) rolesOf(id identity) []Role {
	var roles []Role
	for _, name := range id.Roles {
		if role, ok := r.role(name); ok {
			roles = append(roles, role)
		}
	}
	return roles
}

// role returns the role of a name.
func (r *registry) role(name string) (Role, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	role, ok := r.roles[name]
	return role, ok
}

// allApps returns all apps, online or not. The slice is the caller's.
func (r *registry) allApps() []App {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.apps)
}

// app returns the app of a name, online or not.
func (r *registry) app(name string) (App, bool) {
	return r.findApp(func(a App) bool { return a.Name == name })
}

// appByAddr returns the app of a public address, online or not.
func (r *registry) appByAddr(addr string) (App, bool) {
	return r.findApp(func(a App) bool { return a.PublicAddr == addr })
}

func (r *registry) findApp(match func(App) bool) (App, bool) {
	apps := r.allApps()
	i := slices.IndexFunc(apps, match)
	if i < 0 {
		return App{}, false
	}
	return apps[i], true
}
