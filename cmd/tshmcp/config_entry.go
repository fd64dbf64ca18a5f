// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// entries are a client's entries, keyed by name. The proxy, the leaf cluster and
// the identity file are pinned, so that a later login elsewhere cannot redirect them.
func (o *configOptions) entries(c *cluster, client clientcfg.Client, servers []configServer) (map[string]clientcfg.Entry, error) {
	command, err := o.command()
	if err != nil {
		return nil, err
	}
	flags, err := o.entryFlags(c)
	if err != nil {
		return nil, err
	}
	env, live := o.entryEnv(c, client)
	entries := make(map[string]clientcfg.Entry, len(servers))
	for _, s := range servers {
		name := client.SafeName(o.entryName(c.leaf, s.name), s.tools...)
		if other, taken := entries[name]; taken {
			return nil, &clashError{One: other.Args[1], Other: s.name, Name: name, Client: inClient(client)}
		}
		args := append([]string{"connect", s.name}, flags...)
		entries[name] = clientcfg.Entry{Command: command, Args: args, Env: env, EnvVars: live}
	}
	return entries, nil
}

func inClient(client clientcfg.Client) string {
	if client.Name == "" {
		return ""
	}
	return " in " + client.Name
}

// entryFlags are the flags of connect in an entry.
func (o *configOptions) entryFlags(c *cluster) ([]string, error) {
	source, err := o.entrySource()
	if err != nil {
		return nil, err
	}
	flags := []string{"--proxy=" + c.profile.Proxy}
	if c.leaf != "" {
		flags = append(flags, clusterArg+c.leaf)
	}
	flags = append(flags, source...)
	if o.path != "" {
		flags = append(flags, "--path="+o.path)
	}
	if o.insecure {
		flags = append(flags, "--insecure")
	}
	for _, h := range o.headers {
		// Without the blank: some clients mangle arguments with one.
		name, value, _ := strings.Cut(h, ":")
		flags = append(flags, "--header="+strings.TrimSpace(name)+":"+strings.TrimSpace(value))
	}
	return flags, nil
}

// entrySource are the flags that say whose identity connect uses.
func (o *configOptions) entrySource() ([]string, error) {
	var args []string
	identity, err := o.identityPath(o.env)
	if err != nil {
		return nil, err
	}
	switch {
	case identity != "" && !hasBlank(identity): // else connectEnv names it
		args = append(args, "--identity="+identity)
	case o.tsh(o.env).Dir == "":
		args = append(args, "--no-tsh")
	}
	if o.caFile != "" {
		file, err := filepath.Abs(o.caFile)
		if err != nil {
			return nil, err
		}
		args = append(args, "--ca-file="+file)
	}
	return args, nil
}

// checkEntryFlags finds what connect would refuse.
func (o *configOptions) checkEntryFlags() error {
	for _, h := range o.headers {
		name, value, ok := strings.Cut(h, ":")
		if !ok {
			return errors.New("--header takes 'Name: value'")
		}
		if err := bridge.ValidateHeader(strings.TrimSpace(name), strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("--header: %w", err)
		}
	}
	return nil
}

// entryEnv is what connect needs of the environment and the client strips, as
// far as it is set now: what the entry sets, and the names of what the client
// is to pass on. Never a secret.
func (o *configOptions) entryEnv(c *cluster, client clientcfg.Client) (set map[string]string, live []string) {
	values := o.connectEnv(c)
	var names, derived []string
	for _, name := range []string{
		"TSHMCP_IDENTITY", "TELEPORT_HOME", "TSHMCP_HOME", "DBUS_SESSION_BUS_ADDRESS", "SSL_CERT_FILE", "SSL_CERT_DIR",
		"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", upgradeEnv,
	} {
		switch value := values[name]; {
		case value == "":
		case value == o.getenv(name) && name != "TSHMCP_IDENTITY": // which is pinned
			names = append(names, name)
		default: // the client cannot pass on what its environment does not have
			derived = append(derived, name)
		}
	}
	env := o.clientEnv()
	env.Getenv = func(name string) string { return cmp.Or(values[name], o.getenv(name)) }
	set, live = client.Environ(env, names...)
	for _, name := range derived {
		if set == nil {
			set = map[string]string{}
		}
		set[name] = values[name]
	}
	return set, live
}

// connectEnv are the variables that connect reads, with the values it needs.
func (o *configOptions) connectEnv(c *cluster) map[string]string {
	p := c.profile
	env := map[string]string{}
	if identity, err := o.identityPath(o.env); err == nil && hasBlank(identity) {
		env["TSHMCP_IDENTITY"] = identity
	}
	if c.from == fromTSH && o.getenv("TELEPORT_HOME") != "" {
		env["TELEPORT_HOME"] = c.borrowed.File
	}
	bare := o.defaultStateDir(func(string) string { return "" })
	if dir, err := filepath.Abs(o.stateDir()); err == nil && dir != bare {
		env["TSHMCP_HOME"] = dir
	}
	if bus := strippedBus(o.env); bus != "" && p.Store == creds.Keyring {
		env["DBUS_SESSION_BUS_ADDRESS"] = bus
	}
	names := []string{"HTTPS_PROXY", "NO_PROXY", upgradeEnv}
	if o.goos != "windows" { // there it is the same variable
		names = append(names, "https_proxy", "no_proxy")
	}
	if p.WebCA == "" {
		names = append(names, "SSL_CERT_FILE", "SSL_CERT_DIR")
	}
	for _, name := range names {
		if value := o.getenv(name); !hasPassword(value) {
			env[name] = value
		}
	}
	return env
}

// hasBlank reports whether a path has one. Some clients take an argument with
// a blank apart, so that such a path goes into the environment.
func hasBlank(path string) bool { return strings.ContainsAny(path, " \t") }

// hasPassword reports whether the address of a network's proxy has a user and
// password in it.
func hasPassword(address string) bool {
	u, err := url.Parse(address)
	return strings.Contains(address, "@") || err == nil && u.User != nil
}
