// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "net"

// listeners are the addresses of a cluster.
type listeners struct {
	proxy  net.Listener
	behind net.Listener // the proxy as the load balancer reaches it
	idp    net.Listener
}

// listen listens on the proxy's address, and for the rest on free ports of its
// host.
func listen(addr string) (*listeners, error) {
	l := &listeners{}
	var err error
	if l.proxy, err = net.Listen("tcp", addr); err != nil {
		return l, err
	}
	host, _, err := net.SplitHostPort(l.Addr())
	if err != nil {
		return l, err
	}
	if l.idp, err = net.Listen("tcp", net.JoinHostPort(host, "0")); err != nil {
		return l, err
	}
	l.behind, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
	return l, err
}

func (l *listeners) close() {
	for _, listener := range []net.Listener{l.proxy, l.behind, l.idp} {
		if listener != nil {
			listener.Close()
		}
	}
}

// Addr returns the proxy's address, host:port.
func (l *listeners) Addr() string { return l.proxy.Addr().String() }

// URL returns the proxy's web address as a URL, without a final slash.
func (l *listeners) URL() string { return "https://" + l.Addr() }

// IdP returns the URL of the identity provider, without a final slash.
func (l *listeners) IdP() string { return "http://" + l.idp.Addr().String() }
