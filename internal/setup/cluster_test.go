// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"path/filepath"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
	"github.com/tshmcp/tshmcp/internal/settings"
)

// TestPin: an entry says which cluster and identity are meant, and of this machine
// only what connect would not find by itself.
func TestPin(t *testing.T) {
	home := t.TempDir()
	cluster := func(change func(*creds.Profile)) *access.Cluster {
		p := &creds.Profile{Proxy: "a.example.com:443", Cluster: "example", Store: creds.File, WebCA: "PEM"}
		if change != nil {
			change(p)
		}
		return &access.Cluster{Profile: p}
	}
	plainly := Cluster{Name: "example", Proxy: "a.example.com:443"}
	with := func(change func(*Cluster)) Cluster {
		c := plainly
		change(&c)
		return c
	}
	for _, tt := range []struct {
		name      string
		cluster   *access.Cluster
		flags     settings.Flags
		variables map[string]string
		want      Cluster
	}{
		{"a login", cluster(nil), settings.Flags{}, nil, plainly},
		{"of a proxy with a public CA", cluster(func(p *creds.Profile) { p.WebCA = "" }), settings.Flags{}, nil,
			with(func(c *Cluster) { c.SystemRoots = true })},
		{"without tsh", cluster(nil), settings.Flags{NoTSH: true}, nil, with(func(c *Cluster) { c.NoTSH = true })},
		{"without tsh, by variable", cluster(nil), settings.Flags{}, map[string]string{"TSHMCP_NO_TSH": "1"}, with(func(c *Cluster) { c.NoTSH = true })},
		{"unverified", cluster(nil), settings.Flags{Insecure: true}, nil, with(func(c *Cluster) { c.Insecure = true })},
		{"an identity of the environment", cluster(nil), settings.Flags{}, map[string]string{"TSHMCP_IDENTITY": filepath.Join(home, "id")},
			with(func(c *Cluster) { c.Identity = filepath.Join(home, "id") })},
		{"a CA file", cluster(nil), settings.Flags{CAFile: filepath.Join(home, "ca.pem")}, nil,
			with(func(c *Cluster) { c.CAFile = filepath.Join(home, "ca.pem") })},
		{"a state directory of its own", cluster(nil), settings.Flags{}, map[string]string{"TSHMCP_HOME": filepath.Join(home, "state")},
			with(func(c *Cluster) { c.StateDir = filepath.Join(home, "state") })},
		{"no keyring, so no bus", cluster(nil), settings.Flags{}, map[string]string{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/tmp/bus"}, plainly},
	} {
		e := &settings.Env{GOOS: "linux", Home: home, Getenv: func(name string) string { return tt.variables[name] }}
		if got, err := pin(e, tt.cluster, &tt.flags); err != nil || got != tt.want {
			t.Errorf("%s: %+v, %v", tt.name, got, err)
		}
	}
}
