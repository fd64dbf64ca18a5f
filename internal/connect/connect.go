// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package connect decides what tshmcp connect does: which rules the bridge to an
// app follows, what is remembered of the app, when its user may be sent to the
// browser, and how a failure is put to a client. Streams, time and whatever tells
// a person something are handed in.
package connect

import (
	"cmp"
	"context"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/access/appway"
	"github.com/tshmcp/tshmcp/internal/access/recall"
	"github.com/tshmcp/tshmcp/internal/access/signin"
	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/stdio"
)

// Host is what the bridge needs of the process that it runs in. All of it but
// the last three must be set.
type Host struct {
	Streams
	Clusters *access.Clusters
	StateDir string
	Now      func() time.Time
	Log      *slog.Logger
	Tell     func(line string) // says one line to the log that the client keeps
	Report   func(error)       // says why the app cannot be reached, before a request asks
	Explain  Explain
	Closed   func() string // why no browser would reach the person, or empty
	// SignIn opens the browser and renews the login to the proxy, host:port. It
	// calls opened before.
	SignIn func(ctx context.Context, proxy string, opened func()) error
	// Confirm has the user give a second factor for the app in the browser, and gets
	// its certificate. It calls opened before.
	Confirm func(ctx context.Context, c *access.Cluster, app string, opened func()) (*access.AppCert, error)

	// Brief is for a client that is a part of this process, and there for one
	// command whose user waits: nothing is remembered of the app, and what cannot be
	// reached is given up soon. Failed, which may be nil, is given each failure
	// before the client gets it.
	Brief  bool
	Failed func(error)
	Opened func() // the way to the app is open before a request asks; may be nil
}

// Run bridges until the client ends, or ctx. What is wrong with the flags shows
// before anything is done.
func Run(ctx context.Context, f Flags, source access.Source, host Host) error {
	cfg, err := f.bridge(host.Streams)
	if err != nil {
		return err
	}
	keeper := access.NewKeeper(host.Log)
	defer keeper.Close()
	host.Clusters.Keeper, host.Clusters.Store.Held = keeper, nil // nobody waits
	o := &opening{Host: host, Flags: f, source: host.Clusters.Pinned(host.Clusters.FindPort(ctx, source, host.Tell))}
	if cfg.Brief = host.Brief; !host.Brief {
		o.remember()
		cfg.Rested = debug.FreeOSMemory
	}
	if o.memory != nil {
		cfg.Memory = o.memory.Bridge()
	}
	changed := make(chan struct{}, 1)
	wayTo := o.way()
	wayTo.Changed = func() {
		select {
		case changed <- struct{}{}:
		default: // the client is about to be told
		}
	}
	cfg.Relist = changed
	way := appway.New(ctx, wayTo)
	defer way.Close()
	way.Start(func(err error) {
		switch {
		case err != nil:
			host.Report(err)
		case host.Opened != nil:
			host.Opened()
		}
	})
	cfg.Log, cfg.Transport, cfg.Raw, cfg.CloseIdle = host.Log, way, way, way.CloseIdleConnections
	cfg.Advise = func(ctx context.Context, code int, message string) string {
		return apart(way.Advise(ctx, code, message))
	}
	cfg.Describe = func(err error) bridge.ErrorText {
		if host.Failed != nil {
			host.Failed(err)
		}
		return host.Explain.describe(f.App, err)
	}
	if err := bridge.Run(ctx, cfg); !stdio.IsClosed(err) { // the client has left, like one that closes stdin
		return err
	}
	return nil
}

// opening is what an app's way is opened with.
type opening struct {
	Host
	Flags
	source access.Source
	memory *recall.App // what the app said at other times; nil: nothing is known of it
}

// remember has the bridge know what the app said before, and keep what it says
// now. Nothing is kept of an identity file's apps.
func (o *opening) remember() {
	if o.source.Addr != "" && o.source.Identity == "" {
		o.memory = recall.Of(o.StateDir, o.source.Addr, o.Clusters.LeafOf(o.source), o.App, o.Path, o.Log)
	}
}

func (o *opening) way() appway.Config {
	cfg := appway.Config{
		App: o.App, Path: o.Path, Now: o.Now, Log: o.Log, Gate: o.gate(),
		Open: func(proxy string) (*access.Cluster, error) {
			return o.Clusters.Open(o.source.At(cmp.Or(proxy, o.source.Addr)))
		},
		Who: o.Clusters.Watched(o.source, o.App),
		Follow: func(ctx context.Context, proxy func() string, look func()) {
			o.Clusters.Follow(ctx, o.source, proxy, look)
		},
		Waits: bridge.ClientWaits,
		Tell:  o.Tell,
	}
	if o.memory != nil {
		cfg.Known = o.memory.Known
	}
	return cfg
}

// gate is how the bridge sends its user to the browser, or nil where it never
// does.
func (o *opening) gate() *signin.Gate {
	if o.Login == LoginNever {
		return nil
	}
	return &signin.Gate{Clusters: o.Clusters, Source: o.source, Dir: o.StateDir, Now: o.Now, Closed: o.Closed, Login: o.SignIn, Confirm: o.Confirm}
}
