// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Logins know at which port of a host there is a login, see
// [github.com/tshmcp/tshmcp/internal/access.Clusters.Settle].
type Logins interface {
	Settle(to teleport.Addr, home identfile.TSH) (addr string, known bool)
}

// proxyVariables stand for --proxy, the first that is set. The second is tsh's.
var proxyVariables = []string{"TSHMCP_PROXY", "TELEPORT_PROXY"}

// Argument takes the proxy's address from the command's only argument, if there
// is one.
func (f *Flags) Argument(args []string) error {
	switch {
	case len(args) == 0:
		return nil
	case f.Proxy != "":
		return usage.Errorf("the address is given twice, as an argument and with --proxy")
	}
	f.Proxy, f.argument = args[0], true
	return nil
}

// Address is the proxy that was asked for; the zero one for the last login.
func (f *Flags) Address(e *Env) (teleport.Addr, error) {
	if f.Proxy != "" {
		return f.named(e)
	}
	if name := ProxyVariable(e); name != "" {
		return readAddr(e, name, e.Getenv(name))
	}
	return teleport.Addr{}, nil
}

// ProxyVariable is the variable that names the proxy, or empty.
func ProxyVariable(e *Env) string {
	for _, name := range proxyVariables {
		if e.Getenv(name) != "" {
			return name
		}
	}
	return ""
}

// Only is the proxy of --proxy alone, host:port, or empty: what a variable says is
// a default and no choice. Where no port is named and no login knows it, it is the
// host.
func (f *Flags) Only(e *Env, logins Logins) (string, error) {
	if f.Proxy == "" {
		return "", nil
	}
	to, err := f.named(e)
	if err != nil {
		return "", err
	}
	if addr, known := logins.Settle(to, f.TSH(e)); known {
		return addr, nil
	}
	return strings.TrimSuffix(to.At(""), ":"), nil
}

// named is the proxy of --proxy, or of the argument.
func (f *Flags) named(e *Env) (teleport.Addr, error) {
	if f.argument {
		return readAddr(e, "the address", f.Proxy)
	}
	return readAddr(e, "--proxy", f.Proxy)
}

func readAddr(e *Env, name, value string) (teleport.Addr, error) {
	addr, err := teleport.ReadAddr(value)
	if err != nil {
		return addr, usage.Errorf("%s: %w", name, err)
	}
	if addr.Cut {
		e.tell(fmt.Sprintf("%s is read as %s; the rest is not needed", name, strings.TrimSuffix(addr.At(addr.Port), ":")))
	}
	return addr, nil
}

// Cluster is the cluster that was asked for by name, or empty. An entry that
// pins its proxy means the root unless it pins a leaf too: a variable that the
// MCP client happens to have must not redirect it.
func (f *Flags) Cluster(e *Env) (string, error) {
	if f.Leaf != "" || f.Entry && f.Proxy != "" {
		return f.OnlyCluster(e)
	}
	return readCluster(e, "TSHMCP_CLUSTER", e.Getenv("TSHMCP_CLUSTER"))
}

// OnlyCluster is the cluster of --cluster alone, or empty.
func (f *Flags) OnlyCluster(e *Env) (string, error) { return readCluster(e, "--cluster", f.Leaf) }

// clusterPage is where the web interface shows a cluster, before its name.
const clusterPage = "/web/cluster/"

var errCluster = errors.New("it takes the name of a cluster")

// readCluster reads the name of a cluster. From an address that was pasted
// instead it takes the cluster whose page it is, else the host, which is what
// most clusters are called.
func readCluster(e *Env, name, value string) (string, error) {
	value = strings.TrimSpace(value)
	cluster := value
	if strings.ContainsAny(value, "/:") {
		addr, err := teleport.ReadAddr(value)
		if err != nil {
			return "", usage.Errorf("%s: %w, not an address", name, errCluster)
		}
		cluster = addr.Host
		if _, page, ok := strings.Cut(value, clusterPage); ok {
			if end := strings.IndexAny(page, "/?#"); end >= 0 {
				page = page[:end]
			}
			if cluster, err = url.PathUnescape(page); err != nil || strings.ContainsAny(cluster, "/:") {
				return "", usage.Errorf("%s: %w, not an address", name, errCluster)
			}
		}
	}
	if strings.ContainsFunc(cluster, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) || value != "" && cluster == "" {
		return "", usage.Errorf("%s: %w", name, errCluster)
	}
	if cluster != value {
		e.tell(fmt.Sprintf("%s is read as %s; the rest is not needed", name, cluster))
	}
	return cluster, nil
}
