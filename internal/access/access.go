// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package access finds out who the user is and how a cluster is reached: as
// whom a command acts (an identity file, a login of tshmcp's own, or that of
// tsh), which cluster and leaf it is about, and what it takes to get there. It
// also gets, keeps and ends the certificates of apps. The way to one app of a
// running bridge is package appway, sign-ins that a bridge opens are package
// signin, both below this one.
//
// Its errors say what to do next in Hints, and with which code the program ends
// because of them in ExitCode.
package access

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Clusters opens clusters. What it finds out about them, such as the way to
// their proxies, holds for all that it opens. It is safe for concurrent use and
// not changed once it is used.
type Clusters struct {
	Store *creds.Store
	Now   func() time.Time
	// Dial opens every connection to a cluster; nil dials directly.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// UpgradeMode says whether connections to a proxy's address are upgraded.
	UpgradeMode func(addr string) (teleport.UpgradeMode, error)
	UserAgent   string
	// Keeper stores what can be used without being stored; nil: that is stored at
	// once, if it can be.
	Keeper *Keeper

	// Log is told of connections, calls and certificates, at the level of debugging;
	// nil: nobody is.
	Log *slog.Logger

	// A bridge asks again and again who its user is.
	file  identfile.Live
	login creds.LiveProfile

	mu    sync.Mutex
	known map[string]*proxyFacts // by address: what one connection finds out, the next one need not
}

// proxyFacts is what this process knows of a proxy.
type proxyFacts struct {
	way   *teleport.Upgrade
	path  *teleport.Path
	clock *teleport.Clock
}

// NewProxy trusts webCA (PEM) for the proxy's web address, or the system's
// roots when it is empty.
func (o *Clusters) NewProxy(addr, webCA string, insecure bool) (*teleport.Proxy, error) {
	mode, err := o.UpgradeMode(addr)
	if err != nil {
		return nil, err
	}
	facts := o.facts(addr, mode)
	p := &teleport.Proxy{
		Addr: addr, Insecure: insecure, Dial: o.Dial, Upgrade: facts.way, Path: facts.path, Clock: facts.clock, UserAgent: o.UserAgent, Log: o.Log,
	}
	if webCA == "" {
		return p, nil
	}
	p.RootCAs = x509.NewCertPool()
	if !p.RootCAs.AppendCertsFromPEM([]byte(webCA)) {
		return nil, errcode.New(errcode.CAFile, "the CA file has no certificate in PEM form")
	}
	return p, nil
}

// facts is what is known of the proxy at addr.
func (o *Clusters) facts(addr string, mode teleport.UpgradeMode) *proxyFacts {
	o.mu.Lock()
	defer o.mu.Unlock()
	facts := o.known[addr]
	if facts == nil {
		facts = &proxyFacts{way: teleport.NewUpgrade(mode), path: new(teleport.Path), clock: teleport.NewClock(o.Now)}
		if o.known == nil {
			o.known = map[string]*proxyFacts{}
		}
		o.known[addr] = facts
	}
	return facts
}
