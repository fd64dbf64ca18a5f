// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

// What is between this machine and the Teleport proxy.
const (
	DNSNotFound Code = "dns-not-found"
	DNSFailed   Code = "dns-failed"

	ProxyRefused       Code = "proxy-refused"
	ProxyTimeout       Code = "proxy-timeout"
	ProxyUnreachable   Code = "proxy-unreachable"
	NetworkUnreachable Code = "network-unreachable"
	ConnectionLost     Code = "connection-lost"
	ConnectionSilent   Code = "connection-silent"
	HandshakeFailed    Code = "handshake-failed"

	NetworkProxyUnreachable Code = "network-proxy-unreachable"
	NetworkProxyAuth        Code = "network-proxy-auth"
	NetworkProxyRefused     Code = "network-proxy-refused"

	TLSIntercepted  Code = "tls-intercepted"
	UpgradeRefused  Code = "upgrade-refused"
	UpgradeDisabled Code = "upgrade-disabled"
)

var network = []Entry{
	{DNSNotFound, DNS, "there is no such name", "check the name in --proxy, and whether you need your VPN"},
	{DNSFailed, DNS, "the name servers do not answer, or have no address", "check your network or VPN"},

	{ProxyRefused, Network, "nothing listens at that address", "check the host and port of --proxy"},
	{ProxyTimeout, Network, "the proxy, or something on the way to it, did not answer in time", "check --proxy, and your network or VPN"},
	{ProxyUnreachable, Network, "the proxy cannot be reached, for another network reason", "see the reason in the text; check your network or VPN"},
	{NetworkUnreachable, Network, "there is no way to the address from this machine", "check your network or VPN"},
	{ConnectionLost, Network, "a connection was closed halfway", "try again; a call may have been executed, see data.executed"},
	{ConnectionSilent, Network, "a connection died silently, as when a VPN or Wi-Fi changes", "try again; a call may have been executed, see data.executed"},
	{HandshakeFailed, Network, "the other end broke off the TLS handshake", "check --proxy; something on the way may inspect TLS"},

	{NetworkProxyUnreachable, NetworkProxy, "the proxy that HTTPS_PROXY or ALL_PROXY names cannot be reached, or does not answer like a proxy", "check the variable; NO_PROXY=HOST goes to the Teleport proxy directly"},
	{NetworkProxyAuth, NetworkProxy, "it wants another user or password", "put the right ones into HTTPS_PROXY or ALL_PROXY"},
	{NetworkProxyRefused, NetworkProxy, "it does not connect to the Teleport proxy", "ask your network's administrator; NO_PROXY=HOST goes there directly"},

	{TLSIntercepted, Balancer, "something on the way ends TLS, and does not let Teleport's connections through", "ask your network's administrator to let the address through, or websockets to /webapi/connectionupgrade"},
	{UpgradeRefused, Balancer, "a load balancer ends TLS before the proxy, and the connection could not be upgraded to get through it", "ask your Teleport administrator to let websockets through to /webapi/connectionupgrade"},
	{UpgradeDisabled, Balancer, "a load balancer ends TLS before the proxy, and TELEPORT_TLS_ROUTING_CONN_UPGRADE forbids the way past it", "unset the variable, or have HOST:PORT=yes in it"},
}
