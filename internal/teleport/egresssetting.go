// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// egressSchemes are the kinds of proxies that [Egress] knows.
var egressSchemes = []string{"http", "https", "socks5", "socks5h"}

// EgressSettingError tells that the address of the network's proxy cannot be
// read. It never quotes the address, which has a password in it.
type EgressSettingError struct {
	Setting string // what names the proxy, such as HTTPS_PROXY
	Why     string
}

func (e *EgressSettingError) Error() string {
	return fmt.Sprintf("%s is not the address of a proxy: %s", e.Setting, e.Why)
}

func (e *EgressSettingError) Hints() []string {
	return []string{
		"it takes http://HOST:PORT or http://USER:PASSWORD@HOST:PORT (also https, socks5, socks5h); NO_PROXY=HOST goes to the Teleport proxy directly",
		`in the user and the password, write # as %23, % as %25, / as %2F, ? as %3F, @ as %40, \ as %5C and a blank as %20`,
	}
}
func (e *EgressSettingError) ExitCode() int           { return exitUsage }
func (e *EgressSettingError) ErrorCode() errcode.Code { return errcode.NetworkProxySetting }

// ParseEgress reads the address of the network's proxy out of the setting of
// that name: [SCHEME://][USER:PASSWORD@]HOST[:PORT], by http if it says no
// scheme. What could be read in part only, such as a password with a # in it, is
// an *[EgressSettingError].
func ParseEgress(setting, address string) (*url.URL, error) {
	bad := func(why string) (*url.URL, error) { return nil, &EgressSettingError{Setting: setting, Why: why} }
	scheme, rest, found := strings.Cut(address, "://")
	if !found {
		scheme, rest = "http", address
	}
	if scheme = strings.ToLower(scheme); scheme == "socks" {
		scheme = "socks5" // as desktops write it
	}
	user, host := "", rest
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		user, host = rest[:at], rest[at+1:]
	}
	host = strings.TrimSuffix(host, "/")
	u, err := url.Parse(scheme + "://" + rest)
	switch {
	case strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r == '\x7f' }):
		return bad("it has a blank or a control character")
	case !slices.Contains(egressSchemes, scheme):
		return bad("what precedes :// must be one of " + strings.Join(egressSchemes, ", "))
	case user != "" && (strings.ContainsAny(user, `#?/\`) || !readable(user+"@host")):
		return bad("a character of its user or password has to be percent-encoded")
	case strings.ContainsAny(host, `#?/\`):
		return bad("it has more than a host and a port")
	case !portFits(host):
		return bad("its port is not a number from 1 to 65535")
	case err != nil, strings.ReplaceAll(u.Host, "%", "%25") != host: // the zone of an address has one
		return bad("its host cannot be read")
	case u.Hostname() == "":
		return bad("it names no host")
	}
	return u, nil
}

// readable says whether what stands between the slashes of a URL is well formed.
func readable(authority string) bool {
	_, err := url.Parse("http://" + authority)
	return err == nil
}

// portFits says whether a host has no port behind it or a possible one.
func portFits(host string) bool {
	colon := strings.LastIndexByte(host, ':')
	if colon < 0 || strings.HasSuffix(host, "]") {
		return true
	}
	n, err := strconv.ParseUint(host[colon+1:], 10, 16)
	return err == nil && n > 0
}
