// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// DefaultPorts are those of a web address that names none, the likelier first.
var DefaultPorts = []string{"443", "3080"}

var (
	errAddr   = errors.New("a proxy's address is host, host:port or https://host:port")
	errScheme = errors.New("the scheme of a proxy's address must be https")
	errPort   = errors.New("the port of a proxy's address must be a number from 1 to 65535")
	errZone   = errors.New("a proxy's address cannot have a % in it: such addresses are for one local network")
)

// Addr is the web address of a proxy.
type Addr struct {
	Host string // a DNS name in lower case and ASCII, or an IP address without brackets
	Port string // empty: none was named
	// Cut tells that more was given than host and port, such as a page of the web
	// interface, which is not used.
	Cut bool
}

// ReadAddr reads a proxy's web address as a person gives it: "host", "host:port",
// "https://host[:port]", or what a browser shows of a page there. IPv6 addresses
// are in brackets if a port follows, names in any script. The input is not
// repeated in an error: it may hold a password.
func ReadAddr(s string) (Addr, error) {
	rest := strings.TrimSpace(s)
	if scheme, after, ok := strings.Cut(rest, "://"); ok {
		if !strings.EqualFold(scheme, "https") {
			return Addr{}, errScheme
		}
		rest = after
	}
	var a Addr
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		a.Cut = strings.TrimRight(rest[end:], "/") != ""
		rest = rest[:end]
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		a.Cut, rest = true, rest[at+1:]
	}
	host, port, named, err := splitPort(rest)
	if err != nil {
		return Addr{}, err
	}
	if web, _, more := strings.Cut(port, ","); more { // tsh takes the port of SSH behind it
		a.Cut, port, named = true, web, web != ""
	}
	if a.Host, err = readHost(host); err != nil {
		return Addr{}, err
	}
	if named {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return Addr{}, errPort
		}
		a.Port = strconv.FormatUint(n, 10)
	}
	return a, nil
}

// At is host:port with that port.
func (a Addr) At(port string) string { return net.JoinHostPort(a.Host, port) }

// String is host:port, with port 443 unless one was named; empty for no address.
func (a Addr) String() string {
	switch {
	case a.Host == "":
		return ""
	case a.Port == "":
		return a.At(DefaultPorts[0])
	}
	return a.At(a.Port)
}

// Means reports whether a proxy, host:port, can be the one at this address. One
// without a port is at any of those that are tried then.
func (a Addr) Means(proxy string) bool {
	if a.Port != "" {
		return proxy == a.String()
	}
	return slices.ContainsFunc(DefaultPorts, func(port string) bool { return proxy == a.At(port) })
}

// splitPort separates the port, if one is named. A host in brackets is an IPv6
// address; one without is taken for a whole one where it can be.
func splitPort(s string) (host, port string, named bool, err error) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		host, port, ok = strings.Cut(inner, "]")
		if ip, err := netip.ParseAddr(host); !ok || err != nil || !ip.Is6() {
			return "", "", false, errAddr
		}
		if port == "" {
			return host, "", false, nil
		}
		port, ok = strings.CutPrefix(port, ":")
		if !ok {
			return "", "", false, errAddr
		}
		return host, port, true, nil
	}
	colon := strings.LastIndexByte(s, ':')
	if colon < 0 || isIP(s) {
		return s, "", false, nil
	}
	return s[:colon], s[colon+1:], true, nil
}

// readHost brings a host into its one form: an IP address into the shortest, a
// name into lower case and, of another script, into ASCII.
func readHost(host string) (string, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		if ip.Zone() != "" {
			return "", errZone
		}
		return ip.String(), nil
	}
	name := strings.TrimSuffix(strings.ToLower(host), ".")
	name, err := ASCIIName(name)
	if err != nil || !validName(name) {
		return "", errAddr
	}
	return name, nil
}

// validName tells a DNS name from anything else, an IP address written wrongly
// too: the last part of a name is no number.
func validName(name string) bool {
	if len(name) > 253 || strings.HasPrefix(name, "-") {
		return false
	}
	labels := strings.Split(name, ".")
	for _, label := range labels {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, func(r rune) bool {
			return !(r == '-' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z')
		}) {
			return false
		}
	}
	last := labels[len(labels)-1]
	_, err := strconv.ParseUint(strings.TrimPrefix(last, "0x"), 16, 64)
	return strings.Trim(last, "0123456789") != "" && !(strings.HasPrefix(last, "0x") && err == nil)
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}
