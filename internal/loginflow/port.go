// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"context"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// findPort is the address of the proxy, host:port, or empty for that of the last
// login. Where no port was named, it is found: that of a login before, 443 and
// 3080 are asked, and the first that is a Teleport proxy is taken. The profile
// keeps it.
func findPort(ctx context.Context, f *Flow) (string, error) {
	if f.Addr.Host == "" || f.Addr.Port != "" {
		return f.Addr.String(), nil
	}
	ports := access.PortsOf(f.Store, f.Addr.Host)
	for _, port := range teleport.DefaultPorts {
		if !slices.Contains(ports, port) {
			ports = append(ports, port)
		}
	}
	var proxies []*teleport.Proxy
	for _, port := range ports {
		addr := f.Addr.At(port)
		p, err := f.NewProxy(addr, f.webCA(f.before(addr)))
		if err != nil {
			return "", err
		}
		proxies = append(proxies, p)
	}
	found, err := teleport.FirstProxy(ctx, f.Addr.Host, proxies)
	if err != nil {
		return "", err
	}
	if n := slices.Index(proxies, found); n > 0 {
		f.Say("no port was given: the Teleport proxy is %s, there is none at %s", found.Addr, strings.Join(addrs(proxies[:n]), ", "))
	}
	return found.Addr, nil
}

func addrs(proxies []*teleport.Proxy) []string {
	var all []string
	for _, p := range proxies {
		all = append(all, p.Addr)
	}
	return all
}
