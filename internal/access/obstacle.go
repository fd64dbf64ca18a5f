// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Obstacle asks the cluster what stands between the user and the app: nil if
// nothing does, or if the identity in use cannot ask. The app service hides it:
// a role, a second factor and an app that is gone can all look the same
// (protocol.md 15.3). Only the auth service tells. If nothing stands in the way
// of an MCP app but a second factor, a *MFANeededError, it returns the cluster's
// version too, as far as it is told.
func Obstacle(ctx context.Context, c *Cluster, name string) (version string, err error) {
	if c.OnlyApp() != "" {
		return versionOf(ctx, c), nil
	}
	c = As(c, name)
	needsMFA := false
	var app *teleport.App
	err = c.Ask(ctx, func(at Auths) (err error) {
		if app, err = at.Home.App(ctx, name); err != nil {
			return err
		}
		needsMFA, err = at.Home.MFARequired(ctx, *app)
		return err
	})
	var missing *teleport.AppNotFoundError
	switch {
	case errors.As(err, &missing):
		return "", UnknownServer(ctx, c, name, nil)
	case err != nil:
		return "", err
	}
	if app.IsMCP() {
		version = versionOf(ctx, c)
		if err := tooOld(c, version, *app); err != nil {
			return version, err
		}
	}
	if needsMFA {
		return version, mfaNeeded(c, name)
	}
	return version, nil
}

// IsRaw asks the cluster whether an app is now a stdio or SSE app.
func IsRaw(ctx context.Context, c *Cluster, name string) (raw bool, err error) {
	err = c.Ask(ctx, func(at Auths) error {
		app, err := at.Home.App(ctx, name)
		raw = err == nil && app.IsRaw()
		return err
	})
	return raw, err
}

// Ages says of apps, by a *TooOldError, that the cluster cannot serve them; nil if
// it can, or does not tell its age. It is asked once, for the first MCP app.
func Ages(ctx context.Context, c *Cluster) func(app teleport.App) error {
	version := sync.OnceValue(func() string {
		ctx, cancel := context.WithTimeout(ctx, whyTime)
		defer cancel()
		return versionOf(ctx, c)
	})
	return func(app teleport.App) error {
		if app.Needs() == "" {
			return nil
		}
		return tooOld(c, version(), app)
	}
}

// OneAppTooOld says by a *TooOldError that a cluster of that version cannot serve an
// MCP app of which nothing is known but that its certificate did not open it: neither
// over HTTP nor, if raw, over a connection to a process.
func OneAppTooOld(c *Cluster, version string, raw bool) error {
	any := teleport.App{SubKind: "mcp"}
	if raw {
		any.URI = "mcp+stdio://"
	}
	if c.OnlyApp() == "" || version == "" || teleport.Serves(version, any) {
		return nil
	}
	return &TooOldError{Cluster: c.Name(), Version: version, Needs: teleport.MinMCPVersion, NeedsStdio: teleport.MinStdioVersion}
}

func tooOld(c *Cluster, version string, app teleport.App) error {
	if version == "" || teleport.Serves(version, app) {
		return nil
	}
	return &TooOldError{Cluster: c.Name(), Version: version, Needs: app.Needs(), Type: app.Type(), Raw: app.IsRaw()}
}

// versionOf is the cluster's release, empty if it does not tell.
func versionOf(ctx context.Context, c *Cluster) (version string) {
	if c.Leaf != "" {
		_ = c.Ask(ctx, func(at Auths) (err error) {
			version, err = at.Home.Version(ctx)
			return err
		})
		return version
	}
	ping, err := c.Proxy.Find(ctx)
	if err != nil {
		return ""
	}
	return ping.ServerVersion
}

// IsDenial tells whether access is denied, for as long as nobody changes that.
func IsDenial(err error) bool {
	var (
		unknown *UnknownServerError
		mfa     *MFANeededError
		device  *DeviceNeededError
		old     *TooOldError
		auth    *teleport.AuthError
	)
	return errors.As(err, &old) || errors.As(err, &unknown) || errors.As(err, &mfa) || errors.As(err, &device) || errors.As(err, &auth) && auth.Denied()
}

// DeviceNeededError means that the cluster wants a trusted device.
type DeviceNeededError struct{ Name string }

func (e *DeviceNeededError) Error() string {
	return e.Name + " may only be used from a trusted device (device trust), which tshmcp does not support"
}

func (e *DeviceNeededError) Hints() []string {
	return []string{"use " + plain.Command("tsh", "mcp", "connect", e.Name) + " on a device that is registered with the cluster, or ask your Teleport administrator"}
}
func (e *DeviceNeededError) ExitCode() int           { return exitError }
func (e *DeviceNeededError) ErrorCode() errcode.Code { return errcode.DeviceRequired }

// TooOldError means that the cluster is from before apps of that type.
type TooOldError struct {
	Cluster, Version, Needs, Type string
	Raw                           bool   // of apps that are not spoken to over HTTP
	NeedsStdio                    string // where the type is not known: what those of type stdio need
}

func (e *TooOldError) Error() string {
	switch {
	case e.NeedsStdio != "":
		return fmt.Sprintf("%s runs Teleport %s, MCP servers need %s, those of type stdio %s", e.Cluster, e.Version, e.Needs, e.NeedsStdio)
	case e.Raw:
		return fmt.Sprintf("%s runs Teleport %s, MCP servers of type %s need %s", e.Cluster, e.Version, e.Type, e.Needs)
	}
	return fmt.Sprintf("%s runs Teleport %s, MCP servers over HTTP need %s", e.Cluster, e.Version, e.Needs)
}

func (e *TooOldError) Hints() []string {
	if e.Raw {
		return []string{"ask your Teleport administrator to upgrade the cluster"}
	}
	return []string{"ask your Teleport administrator to upgrade the cluster; until then an HTTP app that serves MCP works with: tshmcp connect NAME --path=/mcp"}
}
func (e *TooOldError) ExitCode() int           { return exitError }
func (e *TooOldError) ErrorCode() errcode.Code { return errcode.ClusterTooOld }
