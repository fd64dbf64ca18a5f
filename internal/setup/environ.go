// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// environ is what connect needs of the environment and the client strips, as
// far as it is set now: what the entry sets, and the names of what the client
// is to pass on. Never a secret.
func environ(p *Planner, client clientcfg.Client) (set map[string]string, live []string) {
	values := variables(p)
	var names, derived []string
	for _, name := range []string{
		"TSHMCP_IDENTITY", "TELEPORT_HOME", "TSHMCP_HOME", "DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", settings.UpgradeVariable,
	} {
		switch value := values[name]; {
		case value == "":
		case value == p.Machine.Getenv(name) && name != "TSHMCP_IDENTITY": // which is pinned
			names = append(names, name)
		default: // the client cannot pass on what its environment does not have
			derived = append(derived, name)
		}
	}
	env := p.Machine.clientEnv()
	env.Getenv = func(name string) string { return cmp.Or(values[name], p.Machine.Getenv(name)) }
	set, live = client.Environ(env, names...)
	for _, name := range derived {
		if set == nil {
			set = map[string]string{}
		}
		set[name] = values[name]
	}
	return set, live
}

// variables are those that connect reads, with the values it needs.
func variables(p *Planner) map[string]string {
	c := p.Cluster
	env := map[string]string{"TELEPORT_HOME": c.TSHHome, "TSHMCP_HOME": c.StateDir, "DBUS_SESSION_BUS_ADDRESS": c.Bus}
	if hasBlank(c.Identity) {
		env["TSHMCP_IDENTITY"] = c.Identity
	}
	names := []string{"HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", settings.UpgradeVariable}
	if p.Machine.GOOS != "windows" { // there it is the same variable
		names = append(names, "https_proxy", "all_proxy", "no_proxy")
	}
	if c.SystemRoots {
		names = append(names, "SSL_CERT_FILE", "SSL_CERT_DIR")
	}
	for _, name := range names {
		if value := p.Machine.Getenv(name); !hasPassword(value) {
			env[name] = value
		}
	}
	return env
}

// hasPassword reports whether the address of a network's proxy has a user and
// password in it.
func hasPassword(address string) bool {
	u, err := url.Parse(address)
	return strings.Contains(address, "@") || err == nil && u.User != nil
}
