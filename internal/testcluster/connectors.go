// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"slices"
	"strings"
)

// connectors are all of them, the default one first.
func (c *Cluster) connectors() []Connector {
	return append([]Connector{c.cfg.Connector}, c.cfg.Connectors...)
}

func (c *Cluster) connector(name string) (Connector, bool) {
	all := c.connectors()
	i := slices.IndexFunc(all, func(connector Connector) bool { return connector.Name == name })
	if i < 0 {
		return Connector{}, false
	}
	return all[i], true
}

func (c *Cluster) connectorNames() []string {
	var names []string
	for _, connector := range c.connectors() {
		names = append(names, connector.Name)
	}
	return names
}

func (c *Cluster) connectorTypes() []string {
	var types []string
	for _, connector := range c.connectors() {
		types = append(types, connector.Type)
	}
	slices.Sort(types)
	return slices.Compact(types)
}

// denial is why every login is refused now, empty if it is not.
func (c *Cluster) denial() string {
	if strings.HasPrefix(c.cfg.KeyPolicy, "hardware_key") {
		return "private key policy not met: " + c.cfg.KeyPolicy
	}
	return c.hooks.loginDenial()
}
