// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// way is the way to the proxy.
type way struct{ *exam }

// noCluster is why the steps to a cluster are not taken.
func noCluster() []Finding {
	return []Finding{notRun("it is not clear which cluster is meant: name it with --proxy=ADDR, or sign in")}
}

// dns looks up the host that is dialled: the proxy, or that of the network.
func (x way) dns(ctx context.Context) []Finding {
	if x.proxy == nil {
		return noCluster()
	}
	addr, also := x.proxy.Addr, ""
	via, err := x.Egress.Via(addr)
	switch {
	case err != nil:
		return []Finding{unneeded("%v", err)} // which is that of the network's proxy
	case via != "":
		addr, also = via, ", the network's proxy, which looks up "+hostOf(x.proxy.Addr)
	}
	host := hostOf(addr)
	if _, err := netip.ParseAddr(host); err == nil {
		return ok("%s is an address%s", host, also)
	}
	addrs, err := (&teleport.Dialer{Lookup: x.Lookup}).Addresses(ctx, addr)
	if err != nil {
		f := x.failed(ctx, err)
		f.Text = fmt.Sprintf("%s cannot be resolved: %s", host, dnsText(ctx, err))
		f.Command = x.elsewhere()
		f.Hint = "with the address that your administrator gave you; or connect your VPN"
		return []Finding{f}
	}
	if len(addrs) == 1 {
		return ok("%s has the address %s%s", host, hostOf(addrs[0]), also)
	}
	return ok("%s has %d addresses%s", host, len(addrs), also)
}

// dnsText leaves out the name of the host, which the sentence has.
func dnsText(ctx context.Context, err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) && !dns.IsTimeout {
		return dns.Err
	}
	return late(ctx, err)
}

func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}

// network opens a TCP connection to whatever is dialled.
func (x way) network(ctx context.Context) []Finding {
	via, err := x.Egress.Via(x.proxy.Addr)
	switch {
	case err != nil:
		return []Finding{unneeded("%v", err)}
	case via != "":
		if err := x.Egress.Reach(ctx, via); err != nil {
			return []Finding{x.failedWay(ctx, err)}
		}
		return ok("the network's proxy %s accepts connections", via)
	}
	began := x.Now()
	if err := teleport.Reach(ctx, x.proxy); err != nil {
		return []Finding{x.failedWay(ctx, err)}
	}
	return ok("%s accepts connections (%v)", x.proxy.Addr, x.Now().Sub(began).Round(time.Millisecond))
}

// networkProxy has the network's proxy connect to that of the cluster.
func (x way) networkProxy(ctx context.Context) []Finding {
	via, err := x.Egress.Via(x.proxy.Addr)
	switch {
	case err != nil:
		return []Finding{x.failedWay(ctx, err)}
	case via == "" && x.Egress != nil:
		return ok("%s is not used for %s", x.Egress.Setting, x.proxy.Addr)
	case via == "":
		return ok("none: neither HTTPS_PROXY nor ALL_PROXY is set")
	}
	if err := teleport.Reach(ctx, x.proxy); err != nil {
		return []Finding{x.failedWay(ctx, err)}
	}
	return ok("%s (%s) connects to %s", via, x.Egress.Setting, x.proxy.Addr)
}

// tls shakes hands with the web address.
func (x way) tls(ctx context.Context) []Finding {
	state, err := teleport.Greet(ctx, x.proxy)
	if err != nil {
		return []Finding{x.failedWay(ctx, err)}
	}
	cert := state.PeerCertificates[0]
	text := fmt.Sprintf("%s, the certificate of %s is valid until %s", tls.VersionName(state.Version), hostOf(x.proxy.Addr), access.LocalTime(cert.NotAfter))
	if x.proxy.Insecure {
		return []Finding{{State: Warning, Text: text + ", which was not verified (--insecure)", Command: x.loginCommand("--ca-file=FILE")}}
	}
	return ok("%s", text)
}

// balancer finds out whether something ends TLS before the proxy, and whether the
// way around that is open.
func (x way) balancer(ctx context.Context) []Finding {
	if x.ping != nil && x.ping.Proxy.TLSRoutingOff() {
		return []Finding{x.failed(ctx, &teleport.NoTLSRoutingError{Cluster: x.ping.ClusterName})}
	}
	route := x.proxy.FindRoute(ctx)
	if route == teleport.RouteUnknown {
		return []Finding{{State: Warning, Text: "could not test what ends TLS at " + x.proxy.Addr,
			Command: x.again(), Hint: "try again"}}
	}
	if !x.proxy.Upgrade.Needed() && route == teleport.RouteDirect {
		return ok("nothing ends TLS before the proxy")
	}
	if err := teleport.TryUpgrade(ctx, x.proxy); err != nil {
		return []Finding{x.failedWay(ctx, err)}
	}
	if route == teleport.RouteDirect {
		return ok("nothing ends TLS before the proxy; connections are upgraded anyway, as %s says", upgradeVariable)
	}
	return ok("something ends TLS before the proxy, and lets websockets through")
}

// version compares the two programs.
func (x way) version(ctx context.Context) []Finding {
	ping, err := x.proxy.Find(ctx)
	if err != nil {
		return []Finding{x.failedWay(ctx, err)}
	}
	x.ping = ping
	warnings := teleport.CheckVersion(ping.ServerVersion, ping.MinClientVersion)
	if len(warnings) == 0 {
		return ok("%s runs Teleport %s; tshmcp %s speaks %s", ping.ClusterName, ping.ServerVersion, x.Version, teleport.Version)
	}
	var all []Finding
	for _, text := range warnings {
		all = append(all, Finding{State: Warning, Text: text, Hint: "see what it says"})
	}
	return all
}

// clock compares this machine's with that of the cluster. Where TLS does not hold,
// as it does not with a clock that is far off, the answer of whoever is there is
// good enough to tell the time: nothing is sent to it.
func (x way) clock(ctx context.Context) []Finding {
	skew, verified := x.proxy.Clock.Skew(), x.proxy.Clock.Measured()
	known := verified
	if !verified {
		skew, known = teleport.AskUnverified(ctx, x.proxy)
	}
	if !known {
		return []Finding{notRun("%s did not say what time it is", x.proxy.Addr)}
	}
	by := ""
	if !verified {
		by = ", as far as an unverified proxy can be trusted"
	}
	if text := teleport.Skewed(skew); text != "" {
		return []Finding{{State: Warning, Code: errcode.ClockWrong, Text: text + by, Command: setClock(x.Machine.GOOS)}}
	}
	return ok("this machine's and the cluster's agree%s", by)
}

// failedWay is the failure of the way to the proxy.
func (x way) failedWay(ctx context.Context, err error) Finding {
	f := x.failed(ctx, err)
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		reach    *teleport.ReachError
		egress   *teleport.EgressError
		setting  *teleport.EgressSettingError
		upgrade  *teleport.UpgradeError
	)
	switch {
	case errors.As(err, &egress):
		f.Command = setVariable(x.Machine.GOOS, cmp.Or(egress.Setting, "HTTPS_PROXY"), "http://USER:PASSWORD@HOST:PORT")
	case errors.As(err, &setting):
		f.Command = setVariable(x.Machine.GOOS, setting.Setting, "http://USER:PASSWORD@HOST:PORT")
	case errors.As(err, &upgrade):
		if upgrade.Forbidden {
			f.Command = unsetVariable(x.Machine.GOOS, upgradeVariable)
		}
	case errors.As(err, &unknown):
		f.Command = x.loginCommand("--ca-file=FILE")
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		f.Command = setClock(x.Machine.GOOS)
	case errors.As(err, &hostname), errors.As(err, &reach), errors.Is(err, teleport.ErrNotTeleport):
		f.Command = x.elsewhere()
	}
	return f
}
