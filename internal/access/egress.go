// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"context"
	"net"

	"golang.org/x/net/http/httpproxy"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// Dialer is how every connection to a cluster is dialled: through the network's
// proxy at the URL httpsProxy, except to what noProxy names and to this machine,
// by Go's own rules for HTTPS_PROXY and NO_PROXY; nil if there is none. All that
// goes to a cluster goes to one address and is TLS, so HTTP_PROXY plays no part.
func Dialer(httpsProxy, noProxy string) func(ctx context.Context, network, addr string) (net.Conn, error) {
	if httpsProxy == "" {
		return nil
	}
	cfg := httpproxy.Config{HTTPSProxy: httpsProxy, NoProxy: noProxy}
	return (&teleport.Egress{Find: cfg.ProxyFunc()}).Dial
}
