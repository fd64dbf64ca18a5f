// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"net"
	"net/netip"
	"strconv"
	"strings"
)

const defaultPort = "443"

var errAddr = errors.New("a proxy's address is host, host:port or https://host:port")

// ParseAddr reads a proxy's web address as a person writes it ("host",
// "host:port" or "https://host[:port][/]", IPv6 addresses in brackets if a
// port follows) and returns host:port, the host in lower case. The port is 443
// unless named. The input is not repeated in an error: it may hold a password.
func ParseAddr(s string) (string, error) {
	rest := strings.TrimSpace(s)
	if scheme, after, ok := strings.Cut(rest, "://"); ok {
		if !strings.EqualFold(scheme, "https") {
			return "", errors.New("the scheme of a proxy's address must be https")
		}
		rest = strings.TrimSuffix(after, "/")
	}
	host, port, err := splitPort(rest)
	if err != nil {
		return "", err
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return "", errors.New("the port of a proxy's address must be a number from 1 to 65535")
	}
	host = strings.ToLower(host)
	if !validHost(host) {
		return "", errAddr
	}
	return net.JoinHostPort(host, port), nil
}

// splitPort separates the port, or adds the default one.
func splitPort(s string) (host, port string, err error) {
	if ip, ok := strings.CutPrefix(s, "["); ok && strings.HasSuffix(ip, "]") {
		return strings.TrimSuffix(ip, "]"), defaultPort, nil
	}
	if isIP(s) || !strings.Contains(s, ":") {
		return s, defaultPort, nil
	}
	host, port, err = net.SplitHostPort(s)
	if err != nil {
		return "", "", errAddr
	}
	return host, port, nil
}

// validHost tells a DNS name or an IP address from anything else.
func validHost(host string) bool {
	if isIP(host) {
		return true
	}
	if host == "" || len(host) > 253 || strings.ContainsAny(host[:1], "-.") || strings.Contains(host, "..") {
		return false
	}
	return strings.IndexFunc(host, func(r rune) bool {
		return !(r == '-' || r == '.' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z')
	}) < 0
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
