// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/identfile"
	"github.com/tshmcp/tshmcp/internal/plainfile"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Flags say which cluster a command talks to and as whom. What a command has no
// flag for is empty, and the environment counts.
type Flags struct {
	Proxy    string // --proxy, as it was typed
	Insecure bool   // --insecure
	Leaf     string // --cluster
	Identity string // --identity
	CAFile   string // --ca-file
	NoTSH    bool   // --no-tsh
	Entry    bool   // of a command that entries of MCP clients run

	argument bool // Proxy was given as an argument
}

// Again are the flags with which another command line means the same cluster as the
// same user: those that were typed, and for the leaf cluster of the environment, which
// another shell does not have.
func (f *Flags) Again(e *Env) (words []string) {
	leaf, err := f.Cluster(e)
	if err != nil {
		leaf = f.Leaf
	}
	for _, flag := range []struct{ name, value string }{
		{"--proxy", f.Proxy}, {"--cluster", leaf}, {"--identity", f.Identity}, {"--ca-file", f.CAFile},
	} {
		if flag.value != "" {
			words = append(words, flag.name+"="+flag.value)
		}
	}
	if f.Insecure {
		words = append(words, "--insecure")
	}
	if f.NoTSH {
		words = append(words, "--no-tsh")
	}
	return words
}

// IdentityPath is the absolute path of the identity file, or empty.
func (f *Flags) IdentityPath(e *Env) (string, error) {
	path, _ := e.Said("--identity", f.Identity, "TSHMCP_IDENTITY")
	if path == "" {
		return "", nil
	}
	return filepath.Abs(path)
}

// TSH is tsh's home directory, with an empty path when it must not be used.
func (f *Flags) TSH(e *Env) identfile.TSH {
	off := !slices.Contains([]string{"", "0", "false", "no"}, strings.ToLower(e.Getenv("TSHMCP_NO_TSH")))
	if f.NoTSH || off {
		return identfile.TSH{}
	}
	dir := e.Getenv("TELEPORT_HOME")
	if dir == "" && e.Home != "" {
		dir = filepath.Join(e.Home, ".tsh")
	}
	if abs, err := filepath.Abs(dir); err == nil && dir != "" {
		dir = abs
	}
	return identfile.TSH{Dir: dir}
}

// Source is what the flags and the environment say; what is wrong with them
// shows before anything is done. logins find the port where none is named.
func (f *Flags) Source(e *Env, logins Logins) (s access.Source, err error) {
	to, err := f.Address(e)
	if err != nil {
		return s, err
	}
	s.TSH, s.Insecure = f.TSH(e), f.Insecure
	addr, known := logins.Settle(to, s.TSH)
	s.Addr, s.AnyPort = addr, !known
	if s.Leaf, err = f.Cluster(e); err != nil {
		return s, err
	}
	s.Named = f.Again(e)
	if s.Identity, err = f.IdentityPath(e); err != nil {
		return s, err
	}
	if s.Identity != "" && s.Addr == "" {
		_, by := e.Said("--identity", f.Identity, "TSHMCP_IDENTITY")
		return s, usage.Errorf("%s needs --proxy: an identity file does not have the address", by)
	}
	if _, err = e.UpgradeMode(s.Addr); err != nil {
		return s, err
	}
	s.WebCA, err = f.WebCA()
	return s, err
}

const maxCAFile = 1 << 20 // bytes, far above any bundle

// WebCA is the PEM text of --ca-file, empty without one.
func (f *Flags) WebCA() (string, error) {
	if f.CAFile == "" {
		return "", nil
	}
	data, err := plainfile.Read(f.CAFile, plainfile.Named, maxCAFile)
	if err != nil {
		return "", &CAFileError{Err: fmt.Errorf("read --ca-file: %w", err)}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")) // with it, the first CA would not count
	if !x509.NewCertPool().AppendCertsFromPEM(data) {
		return "", &CAFileError{Err: fmt.Errorf("--ca-file %s has no certificate in PEM form", f.CAFile)}
	}
	return string(data), nil
}
