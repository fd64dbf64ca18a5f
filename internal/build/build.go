// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package build says which program this is: its release, and what it was built with
// and for.
package build

import (
	"io"
	"runtime"
	"runtime/debug"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Info is what there is to know of a build.
type Info struct {
	Version  string `json:"version" yaml:"version"`   // such as v1.2.3, or (devel)
	Teleport string `json:"teleport" yaml:"teleport"` // the release whose protocol is spoken, such as 18.8.0
	Go       string `json:"go" yaml:"go"`             // such as go1.26.8
	OS       string `json:"os" yaml:"os"`             // GOOS
	Arch     string `json:"arch" yaml:"arch"`         // GOARCH
}

// This is the program that runs, which speaks the protocol of a release of Teleport.
func This(teleport string) Info {
	return Info{Version: Version(), Teleport: teleport, Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
}

// Version is what the Go toolchain recorded: the module's version, or the
// pseudo-version of the commit that was built.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(devel)"
	}
	return info.Main.Version
}

// Print writes it on a line for people.
func Print(w io.Writer, i Info) error {
	return plain.Fprintf(w, "tshmcp %s (Teleport %s protocol, %s %s/%s)\n", i.Version, i.Teleport, i.Go, i.OS, i.Arch)
}
