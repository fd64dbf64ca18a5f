// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"fmt"
	"slices"
)

// What a cluster does and says about TLS routing (protocol.md 1, 6.6).
const (
	// TLSRoutingOff makes the proxy's address a web port and nothing else, and
	// has /webapi/ping say so. Where the auth service is reached then, the
	// proxy's SSH port, is not modelled.
	TLSRoutingOff = "off"
	// TLSRoutingSeparate has /webapi/ping say so, although the address takes
	// Teleport's protocols.
	TLSRoutingSeparate = "separate"
	// TLSRoutingUnsaid leaves it out of /webapi/ping.
	TLSRoutingUnsaid = "unsaid"
)

func checkTLSRouting(kind string) error {
	if !slices.Contains([]string{"", TLSRoutingOff, TLSRoutingSeparate, TLSRoutingUnsaid}, kind) {
		return fmt.Errorf("TLS routing %q: must be %s, %s or %s", kind, TLSRoutingOff, TLSRoutingSeparate, TLSRoutingUnsaid)
	}
	return nil
}

// tlsRouting is what /webapi/ping says of it.
func (cfg Config) tlsRouting() *bool {
	if cfg.TLSRouting == TLSRoutingUnsaid {
		return nil
	}
	return new(cfg.TLSRouting == "")
}
