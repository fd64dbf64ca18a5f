// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package npmtest gets what tests run out of npm: the packages that a lock file
// pins, and a node to run them. Only tests use it.
package npmtest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/pattern"
)

// Time bounds the download of packages, a quarter of a gigabyte.
const Time = 8 * time.Minute

// ErrUnavailable says that packages cannot be had here.
var ErrUnavailable = errors.New("the npm packages cannot be had")

// Node is the node in PATH; ok is false if there is none of this major version or
// a newer one.
func Node(ctx context.Context, oldest int) (path string, ok bool) {
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
	return path, err == nil && n >= oldest
}

// Install returns a folder of the user's cache with the packages of the lock file
// in a folder: it installs them once, later calls find them. The folder appears
// under its name only when it is complete. Optional packages, such as that of node,
// are left out on demand.
func Install(ctx context.Context, lock string, noOptional bool) (string, error) {
	cache, err := cacheFolder()
	if err != nil {
		return "", err
	}
	folder, files, err := folderOf(cache, lock, noOptional)
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
	if err := install(ctx, unfinished, noOptional); err != nil {
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

// folderOf names the folder by what goes into it.
func folderOf(cache, lock string, noOptional bool) (string, map[string][]byte, error) {
	sum := sha256.New()
	files := map[string][]byte{}
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(lock, name))
		if err != nil {
			return "", nil, err
		}
		files[name] = data
		sum.Write(data)
	}
	return filepath.Join(cache, fmt.Sprintf("npm-%x-%t", sum.Sum(nil)[:8], noOptional)), files, nil
}

// unavailable matches npm's codes for a registry that cannot be reached, or
// does not give what is asked for.
var unavailable = pattern.New(`npm (error|ERR!) code (E[45]\d\d|EAI_AGAIN|ENOTFOUND|ENOTCACHED|ECONN\w+|ENET\w+|EHOST\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EPROTO|ETARGET|UNABLE_TO_\w+|CERT_\w+|SELF_SIGNED\w+)\b`)

func install(ctx context.Context, folder string, noOptional bool) error {
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w: there is no npm", ErrUnavailable)
	}
	args := []string{"ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--fetch-retries=1", "--loglevel=error"}
	if noOptional {
		args = append(args, "--omit=optional")
	}
	cmd := exec.CommandContext(ctx, npm, args...)
	cmd.Dir = folder
	cmd.WaitDelay = 5 * time.Second
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("%w: npm took longer than %v", ErrUnavailable, Time)
	case unavailable.Regexp().Match(out):
		return fmt.Errorf("%w: %s", ErrUnavailable, unavailable.Regexp().Find(out))
	}
	return fmt.Errorf("npm ci: %w\n%s", err, bytes.TrimSpace(out))
}
