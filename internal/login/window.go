// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package login

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

const (
	defaultTimeout = 3 * time.Minute // as long as the vendor's client waits (protocol.md 2.4)
	openWait       = 5 * time.Second // for Open; a launcher may stay in the foreground
	ownAddress     = "127.0.0.1:0"   // where to listen if nothing else is said
)

// window is the way to the person's browser and back: what SSO and Local have
// in common. Its fields are those of SSO.
type window struct {
	proxy    *teleport.Proxy
	cluster  string
	listen   string
	callback string
	timeout  time.Duration
	open     func(url string) error
	show     func(link string, openErr error)
	log      *slog.Logger
	warn     func(format string, a ...any)
}

// ParseCallback reads the base URL by which browsers reach the listener, as a
// person writes it: host, host:port, or http://host[:port] or https://... It
// returns the URL without a final slash.
func ParseCallback(s string) (string, error) {
	text := strings.TrimSuffix(s, "/")
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" ||
		(u.Scheme != "http" && u.Scheme != "https") {
		return "", errors.New("callback address: want host:port, http://host:port or https://host")
	}
	host := strings.ToLower(u.Host) // as browsers write it, default ports left out
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[u.Scheme])
	return u.Scheme + "://" + host, nil
}

// prepare opens the listener and makes the state of the ceremony behind it.
// Nothing is served until attend.
func (w *window) prepare(ctx context.Context) (*ceremony, net.Listener, error) {
	addr, network := cmp.Or(w.listen, ownAddress), "tcp"
	if addr == ownAddress {
		network = "tcp4"
	}
	listener, err := new(net.ListenConfig).Listen(ctx, network, addr)
	if err != nil {
		return nil, nil, &ListenError{Addr: w.listen, Err: err}
	}
	return newCeremony(w, listener.Addr().String()), listener, nil
}

// attend sends the person to c.start and waits for the end of the ceremony. It
// returns when the browser has seen how it ended, or, at once, when ctx has
// ended; everything behind the listener is gone by then.
func (w *window) attend(ctx context.Context, c *ceremony, listener net.Listener) outcome {
	defer serve(listener, c).close()
	c.log.Debug("waiting for the browser", "listener", c.host, "timeout", w.patience())
	wait, cancel := context.WithTimeoutCause(ctx, w.patience(), ErrTimeout)
	defer cancel()
	w.invite(wait, c)
	out := c.await(wait)
	if out.browser {
		c.linger(ctx)
	}
	return out
}

// invite opens the browser and shows the link. Open runs beside it because
// nothing bounds a browser launcher: one that does not return must neither
// hold up the answer nor the end of ctx. Its goroutine is the only one that
// can outlive Run, and ends when Open returns.
func (w *window) invite(ctx context.Context, c *ceremony) {
	err := ErrNoBrowser
	if w.open != nil {
		opened := make(chan error, 1)
		go func() { opened <- w.open(c.link()) }()
		err = awaitOpen(ctx, opened, c.settled)
	}
	if w.show != nil {
		w.show(c.link(), err)
	}
}

func awaitOpen(ctx context.Context, opened <-chan error, settled <-chan struct{}) error {
	busy := time.NewTimer(openWait)
	defer busy.Stop()
	select {
	case err := <-opened:
		return err
	case <-settled:
	case <-busy.C:
	case <-ctx.Done():
	}
	return nil
}

func (w *window) patience() time.Duration {
	if w.timeout > 0 {
		return w.timeout
	}
	return defaultTimeout
}

func (w *window) warner() func(string, ...any) {
	if w.warn != nil {
		return w.warn
	}
	return func(string, ...any) {}
}

func (w *window) logger() *slog.Logger { return orDiscard(w.log) }

func orDiscard(log *slog.Logger) *slog.Logger {
	if log != nil {
		return log
	}
	return slog.New(slog.DiscardHandler)
}

// waitError turns the end of a wait into the error of Run.
func waitError(ctx context.Context) error {
	if cause := context.Cause(ctx); errors.Is(cause, ErrTimeout) {
		return cause
	}
	return ctx.Err()
}

// baseURL is what browsers are told about a listener at host: the callback that
// was asked for, or the listener's address. An address that stands for all of
// the machine's is told as 127.0.0.1: a container's port that its host passes on
// is reached so, and callbacks to it are allowed by every cluster.
func baseURL(callback, host string) string {
	if callback != "" {
		return callback
	}
	addr, err := netip.ParseAddrPort(host)
	if err == nil && addr.Addr().IsUnspecified() {
		host = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), addr.Port()).String()
	}
	return "http://" + host
}

// ownHosts are the names under which the listener at host may be asked: its
// address, that of base, and localhost for loopback addresses.
func ownHosts(base, host string) []string {
	_, told, _ := strings.Cut(base, "://")
	var hosts []string
	for _, name := range []string{told, host} {
		hosts = append(hosts, name)
		if addr, err := netip.ParseAddrPort(name); err == nil && (addr.Addr().IsLoopback() || addr.Addr().IsUnspecified()) {
			_, port, _ := net.SplitHostPort(name)
			hosts = append(hosts, net.JoinHostPort("localhost", port), net.JoinHostPort("127.0.0.1", port))
		}
	}
	return hosts
}

// ownOrigins are the origins that may call back: the proxy's, the listener's
// own, and "null", which browsers send when a POST was redirected across sites
// or comes from a page that hides its address.
func ownOrigins(base string, hosts []string, proxyAddr string) []string {
	origins := []string{"null", base, "https://" + strings.TrimSuffix(proxyAddr, ":443")}
	for _, host := range hosts {
		origins = append(origins, "http://"+host)
	}
	return origins
}
