// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"net"

	"golang.org/x/net/http/httpproxy"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// dialer is how every connection to a cluster is dialled: through the proxy of
// HTTPS_PROXY, except to what NO_PROXY names and to this machine, by Go's own
// rules; nil if there is none. All that goes to a cluster goes to one address
// and is TLS, so HTTP_PROXY plays no part.
func (e *env) dialer() func(ctx context.Context, network, addr string) (net.Conn, error) {
	cfg := httpproxy.Config{
		HTTPSProxy: cmp.Or(e.getenv("HTTPS_PROXY"), e.getenv("https_proxy")),
		NoProxy:    cmp.Or(e.getenv("NO_PROXY"), e.getenv("no_proxy")),
	}
	if cfg.HTTPSProxy == "" {
		return nil
	}
	return (&teleport.Egress{Find: cfg.ProxyFunc()}).Dial
}
