// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"net"
	"net/netip"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// exceptions are what NO_PROXY names, by the rules of Go's library: "*", networks
// (10.0.0.0/8), IP addresses, and names with or without what is below them
// (example.com; .example.com and *.example.com only what is below). An address or a name
// may have a port. This machine is always excepted.
type exceptions []exception

// exception is an entry of NO_PROXY: one of the first four, and a port or "".
type exception struct {
	everything bool
	network    *net.IPNet
	ip         net.IP
	below      string // what names end in, with its dot
	itself     bool   // the name without that dot too
	port       string
}

// readExceptions passes over what it cannot read.
func readExceptions(list string) (all exceptions) {
	for entry := range strings.SplitSeq(strings.ToLower(list), ",") {
		entry = strings.TrimSpace(entry)
		if entry == "*" {
			all = append(all, exception{everything: true})
			continue
		}
		if _, network, err := net.ParseCIDR(entry); err == nil {
			all = append(all, exception{network: network})
			continue
		}
		host, port, err := net.SplitHostPort(entry)
		if err != nil {
			host = entry
		}
		if host != "" {
			all = append(all, readException(host, port))
		}
	}
	return all
}

func readException(host, port string) exception {
	if ip := net.ParseIP(host); ip != nil {
		return exception{ip: ip, port: port}
	}
	if strings.HasPrefix(host, "*.") {
		host = host[1:]
	}
	e := exception{below: host, port: port}
	if host[0] != '.' {
		e.below, e.itself = "."+host, true
	}
	if ascii, err := teleport.ASCIIName(e.below); err == nil {
		e.below = ascii
	}
	return e
}

// have reports whether a server is reached without the proxy.
func (all exceptions) have(to *url.URL) bool {
	host, port := to.Hostname(), to.Port()
	if ascii, err := teleport.ASCIIName(host); err == nil {
		host = ascii
	}
	if port == "" {
		port = "443"
	}
	var ip net.IP
	if addr, err := netip.ParseAddr(host); err == nil {
		ip = addr.AsSlice()
	}
	if host == "localhost" || ip.IsLoopback() {
		return true
	}
	host = strings.ToLower(strings.TrimSpace(host))
	for _, e := range all {
		if e.has(host, port, ip) {
			return true
		}
	}
	return false
}

// has takes the IP address that a host is, nil for a name.
func (e exception) has(host, port string, ip net.IP) bool {
	switch {
	case e.everything:
		return true
	case e.port != "" && e.port != port:
		return false
	case e.network != nil:
		return ip != nil && e.network.Contains(ip)
	case e.ip != nil:
		return e.ip.Equal(ip)
	}
	return ip == nil && (strings.HasSuffix(host, e.below) || e.itself && host == e.below[1:])
}
