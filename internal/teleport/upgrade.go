// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	// protoTunnel is known to every Teleport proxy and to nothing else.
	protoTunnel = "teleport-reversetunnel"
	// probeTimeout bounds the test, TCP included (protocol.md 6.4).
	probeTimeout = 5 * time.Second
	// probePause is the least time between two tests that came to a result.
	probePause = 5 * time.Second
	// alertNoProtocol is the TLS alert no_application_protocol.
	alertNoProtocol = tls.AlertError(120)
)

// UpgradeMode is what the user says about connection upgrades.
type UpgradeMode int

// The modes; the zero value leaves it to the test.
const (
	UpgradeAuto UpgradeMode = iota
	UpgradeAlways
	UpgradeNever
)

// ParseUpgradeMode reads what TELEPORT_TLS_ROUTING_CONN_UPGRADE says about the
// proxy at addr, host:port: a list, separated by commas or semicolons, of true,
// false, yes, no, 1 and 0, which are about every proxy, and of HOST:PORT=true
// and the like, which are about one and go first (protocol.md 6.4).
func ParseUpgradeMode(value, addr string) (UpgradeMode, error) {
	all, one := UpgradeAuto, UpgradeAuto
	for _, entry := range strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ';' }) {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		name, answer, named := strings.Cut(entry, "=")
		if !named {
			answer = name
		}
		mode, err := parseAnswer(answer)
		if err != nil {
			return UpgradeAuto, err
		}
		if !named {
			all = mode
			continue
		}
		proxy, err := ReadAddr(name)
		if err != nil {
			return UpgradeAuto, err
		}
		if proxy.Means(addr) {
			one = mode
		}
	}
	if one != UpgradeAuto {
		return one, nil
	}
	return all, nil
}

func parseAnswer(s string) (UpgradeMode, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "true", "yes", "1":
		return UpgradeAlways, nil
	case "false", "no", "0":
		return UpgradeNever, nil
	}
	return UpgradeAuto, fmt.Errorf("want yes, no or HOST:PORT=yes, not %q", oneLine(s))
}

// Upgrade is what is known about the way to one proxy: whether a load balancer
// on it ends TLS, so that gRPC and apps have to go through a websocket
// (protocol.md 6.4). It is safe for concurrent use, and shared by all
// [Proxy] values of one address: what one connection finds out, the next one
// need not.
type Upgrade struct {
	mode    UpgradeMode
	testing chan struct{} // holds one test at a time

	mu     sync.Mutex
	known  bool
	needed bool
	tested time.Time // of the last test with a result
}

// NewUpgrade returns an Upgrade that knows nothing yet and therefore takes the
// direct way first. With a mode other than UpgradeAuto it never tests and never
// changes its mind.
func NewUpgrade(mode UpgradeMode) *Upgrade {
	return &Upgrade{mode: mode, testing: make(chan struct{}, 1)}
}

// Assume takes over what a test found out at another time, unless something is
// known already.
func (u *Upgrade) Assume(needed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if !u.known {
		u.known, u.needed = true, needed
	}
}

// Needed tells whether the next connection is upgraded. A nil Upgrade never is.
func (u *Upgrade) Needed() bool {
	if !u.free() {
		return u != nil && u.mode == UpgradeAlways
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.needed
}

// free reports whether the user leaves it to the program.
func (u *Upgrade) free() bool { return u != nil && u.mode == UpgradeAuto }

func (u *Upgrade) learn(needed bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.known, u.needed, u.tested = true, needed, time.Now()
}

// justTested reports whether the last test is too recent for another one.
func (u *Upgrade) justTested() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return !u.tested.IsZero() && time.Since(u.tested) < probePause
}

// A Route is what a test found out about who ends TLS at the web address.
type Route int

// The results of a test.
const (
	RouteUnknown Route = iota // the test failed for another reason: no upgrade then
	RouteDirect               // the proxy itself: it speaks Teleport's protocols
	RouteEnded                // something before the proxy: an upgrade is required
)

// FindRoute tests whether something on the way to the proxy ends TLS
// (protocol.md 6.4). What it finds out is remembered in p.Upgrade, where that
// leaves it to tests. It takes at most 5 s.
func (p *Proxy) FindRoute(ctx context.Context) Route {
	route := p.probe(ctx)
	if p.Upgrade != nil && route != RouteUnknown {
		p.Upgrade.learn(route == RouteEnded)
	}
	return route
}

func (p *Proxy) probe(ctx context.Context) Route {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	raw, err := p.dial(ctx)
	if err != nil {
		return RouteUnknown
	}
	cfg := p.webTLS()
	cfg.NextProtos = []string{protoTunnel}
	conn, err := handshake(ctx, raw, p.Addr, cfg)
	var alert tls.AlertError
	switch {
	case errors.As(err, &alert) && alert == alertNoProtocol:
		return RouteEnded
	case err != nil && strings.Contains(err.Error(), "server selected unadvertised ALPN protocol"):
		return RouteEnded // crypto/tls has no type for it
	case err != nil:
		return RouteUnknown
	}
	defer conn.Close()
	if conn.ConnectionState().NegotiatedProtocol == "" {
		return RouteEnded
	}
	return RouteDirect
}

// otherWay is asked when a connection failed that was upgraded or not. It tests
// again and reports whether the other way is the right one now: networks change
// under a running program, and after a login.
func (p *Proxy) otherWay(ctx context.Context, upgraded bool) bool {
	u := p.Upgrade
	if !u.free() {
		return false
	}
	select {
	case u.testing <- struct{}{}:
		defer func() { <-u.testing }()
	case <-ctx.Done():
		return false
	}
	if u.Needed() != upgraded {
		return true // another connection has found out meanwhile
	}
	if u.justTested() {
		return false
	}
	// A test without a result is no reason to give up a way that once worked.
	return p.FindRoute(ctx) != RouteUnknown && u.Needed() != upgraded
}
