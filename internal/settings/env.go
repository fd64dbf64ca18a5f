// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package settings decides what flags and environment say together: where the
// state is kept, which cluster is meant, and as whom it is reached.
package settings

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/tshmcp/tshmcp/internal/plainfile"
	"github.com/tshmcp/tshmcp/internal/teleport"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Env is what of this machine and of the environment decides.
type Env struct {
	GOOS   string
	Home   string // from HOME, else from the user database
	Getenv func(string) string
	// Tell says a word to the person, on a line of its own; nil says nothing.
	Tell func(line string)

	told []string
}

// tell says a word once.
func (e *Env) tell(line string) {
	if e.Tell != nil && !slices.Contains(e.told, line) {
		e.told = append(e.told, line)
		e.Tell(line)
	}
}

// StateDir is where profiles, locks and the file store live: TSHMCP_HOME, else
// a folder in the user's configuration directory of this OS.
func (e *Env) StateDir() string {
	if dir := e.Getenv("TSHMCP_HOME"); dir != "" {
		return dir
	}
	return e.stateDirOf(e.Getenv)
}

// OwnStateDir is the absolute path of the state directory, if it is another than
// a process without any variables would take; else empty.
func (e *Env) OwnStateDir() string {
	bare := e.stateDirOf(func(string) string { return "" })
	if dir, err := filepath.Abs(e.StateDir()); err == nil && dir != bare {
		return dir
	}
	return ""
}

// stateDirOf is the state directory without TSHMCP_HOME in the given environment.
func (e *Env) stateDirOf(getenv func(string) string) string {
	switch e.GOOS {
	case "windows":
		if dir := getenv("APPDATA"); dir != "" {
			return filepath.Join(dir, "tshmcp")
		}
		return filepath.Join(e.Home, "AppData", "Roaming", "tshmcp")
	case "darwin":
		return filepath.Join(e.Home, "Library", "Application Support", "tshmcp")
	}
	if dir := getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "tshmcp")
	}
	return filepath.Join(e.Home, ".config", "tshmcp")
}

// Said is the value of a flag, else that of the variable which stands for it, and
// the name of the one that says so.
func (e *Env) Said(flag, value, variable string) (said, by string) {
	if value == "" {
		if value = e.Getenv(variable); value != "" {
			return value, variable
		}
	}
	return value, flag
}

// UpgradeVariable is tsh's: it overrides the test for load balancers that
// end TLS before the proxy.
const UpgradeVariable = "TELEPORT_TLS_ROUTING_CONN_UPGRADE"

// UpgradeMode is what the environment says of connections to a proxy, host:port.
func (e *Env) UpgradeMode(addr string) (teleport.UpgradeMode, error) {
	mode, err := teleport.ParseUpgradeMode(e.Getenv(UpgradeVariable), addr)
	if err != nil {
		return mode, &usage.Error{Err: fmt.Errorf("%s: %w", UpgradeVariable, err)}
	}
	return mode, nil
}

// PathVariables hold paths that no shell has replaced a ~ in: those of a service
// manager's file, or of an MCP client's.
var PathVariables = []string{"TSHMCP_HOME", "TSHMCP_IDENTITY", "TELEPORT_HOME"}

// ReadPaths makes the variables that hold paths be read as typed ones: see
// [TypedPath]. One that is no path is an error of the command line.
func (e *Env) ReadPaths() error {
	paths := map[string]string{}
	for _, name := range PathVariables {
		value := e.Getenv(name)
		path, err := TypedPath(e.GOOS, e.Home, value)
		if err != nil {
			return &usage.Error{Err: fmt.Errorf("%s: %w", name, err)}
		}
		if path != value {
			paths[name] = path
		}
	}
	if err := e.checkRoots(); err != nil || len(paths) == 0 {
		return err
	}
	getenv := e.Getenv
	e.Getenv = func(name string) string {
		if path, ok := paths[name]; ok {
			return path
		}
		return getenv(name)
	}
	return nil
}

// checkRoots refuses what is no file as the one with the CAs that are trusted in place
// of the system's: the standard library would read a pipe or a device to its end,
// which there may be none of, and wait for a file system that does not answer. A folder
// is nothing that it reads; the empty device is how to trust none.
func (e *Env) checkRoots() error {
	const variable = "SSL_CERT_FILE"
	file := e.Getenv(variable)
	if e.GOOS != "linux" || file == "" || file == os.DevNull {
		return nil
	}
	opened, err := plainfile.Within(file, func() (*os.File, error) { return plainfile.Open(file, plainfile.Named) })
	if err == nil {
		return opened.Close()
	}
	var (
		kind *plainfile.KindError
		slow *plainfile.SlowError
	)
	if errors.As(err, &kind) && kind.Kind != plainfile.Directory {
		return &usage.Error{Err: fmt.Errorf("%s: %w", variable, err)}
	}
	if errors.As(err, &slow) {
		return fmt.Errorf("%s: %w", variable, err)
	}
	return nil
}
