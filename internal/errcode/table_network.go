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
	{DNSNotFound, DNS, "there is no such name", "check the name in --proxy, and whether it takes your VPN"},
	{DNSFailed, DNS, "the name servers do not answer, or not with an address", "check your network or VPN"},

	{ProxyRefused, Network, "nothing listens at that address", "check the host and port of --proxy"},
	{ProxyTimeout, Network, "the proxy, or what is on the way to it, did not answer in time", "check --proxy, and your network or VPN"},
	{ProxyUnreachable, Network, "the proxy cannot be reached for another reason of the network", "see the reason in the text; check your network or VPN"},
	{NetworkUnreachable, Network, "there is no way to the address from this machine", "check your network or VPN"},
	{ConnectionLost, Network, "a connection was closed in the middle of something", "try again; a call may have been executed, see data.executed"},
	{ConnectionSilent, Network, "a connection died without a word, as when a VPN or Wi-Fi changes", "try again; a call may have been executed, see data.executed"},
	{HandshakeFailed, Network, "the other end broke the TLS handshake off", "check --proxy; something on the way may inspect TLS"},

	{NetworkProxyUnreachable, NetworkProxy, "the proxy that HTTPS_PROXY or ALL_PROXY names cannot be reached, or gives no answer of its kind", "check the variable; NO_PROXY=HOST goes to the Teleport proxy directly"},
	{NetworkProxyAuth, NetworkProxy, "it wants another user or password", "put the right ones into HTTPS_PROXY or ALL_PROXY"},
	{NetworkProxyRefused, NetworkProxy, "it does not connect to the Teleport proxy", "ask your network's administrator; NO_PROXY=HOST goes there directly"},

	{TLSIntercepted, Balancer, "something on the way ends TLS, and is neither the proxy nor lets it through", "ask your network's administrator to let the address pass, or websockets to /webapi/connectionupgrade"},
	{UpgradeRefused, Balancer, "a load balancer ends TLS before the proxy, and the connection could not be upgraded to pass it", "ask your Teleport administrator to let websockets pass to /webapi/connectionupgrade"},
	{UpgradeDisabled, Balancer, "a load balancer ends TLS before the proxy, and TELEPORT_TLS_ROUTING_CONN_UPGRADE forbids the way past it", "unset the variable, or have HOST:PORT=yes in it"},
}
