// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "slices"

// connectors are the login connectors of a cluster, the default one first.
type connectors []Connector

func connectorsOf(cfg Config) connectors {
	return append(connectors{cfg.Connector}, cfg.Connectors...)
}

func (all connectors) find(name string) (Connector, bool) {
	i := slices.IndexFunc(all, func(connector Connector) bool { return connector.Name == name })
	if i < 0 {
		return Connector{}, false
	}
	return all[i], true
}

func (all connectors) names() []string {
	var names []string
	for _, connector := range all {
		names = append(names, connector.Name)
	}
	return names
}

func (all connectors) types() []string {
	var types []string
	for _, connector := range all {
		types = append(types, connector.Type)
	}
	slices.Sort(types)
	return slices.Compact(types)
}
