// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"net"
	"slices"
	"sort"

	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// PortsOf are the ports of a host at which there are proxies with a login of
// tshmcp: 443, 3080, that of the last login, then the others.
func PortsOf(store *creds.Store, host string) []string {
	profiles, _ := store.Profiles() // one that cannot be read is none
	if current, err := store.Profile(""); err == nil {
		profiles = append([]creds.Profile{*current}, profiles...)
	}
	var ports []string
	for _, p := range profiles {
		if h, port, err := net.SplitHostPort(p.Proxy); err == nil && h == host && !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	rank := func(port string) int {
		if n := slices.Index(teleport.DefaultPorts, port); n >= 0 {
			return n
		}
		return len(teleport.DefaultPorts)
	}
	sort.SliceStable(ports, func(i, j int) bool { return rank(ports[i]) < rank(ports[j]) })
	return ports
}
