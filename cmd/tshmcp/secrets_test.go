// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: where private keys turn up.

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/creds"
)

// secret is a private key as it could turn up somewhere.
type secret struct {
	Name   string
	DER    []byte // PKCS #8
	Scalar []byte // the number that is the key
	Stored string // the text that the store keeps
}

// printSecrets is the program tshmcp-secrets: it prints, as JSON, all private
// keys that the store of TSHMCP_HOME has for the current login. Its own process
// has the D-Bus session of the user.
func printSecrets() error {
	ctx := context.Background()
	store := creds.Store{Dir: os.Getenv("TSHMCP_HOME")}
	p, err := store.Profile("")
	if err != nil {
		return err
	}
	pair, err := store.Login(ctx, p)
	if err != nil {
		return err
	}
	login, err := describeSecret(ctx, "", *p, *pair)
	if err != nil {
		return err
	}
	secrets := []secret{login}
	apps, err := store.Apps(p)
	if err != nil {
		return err
	}
	for _, app := range apps {
		if pair, err = store.App(ctx, p, app); err != nil {
			return err
		}
		s, err := describeSecret(ctx, app.Name, *p, *pair)
		if err != nil {
			return err
		}
		secrets = append(secrets, s)
	}
	return json.NewEncoder(os.Stdout).Encode(secrets)
}

// describeSecret is about the key of an app, or of the login for "".
func describeSecret(ctx context.Context, app string, p creds.Profile, pair creds.KeyPair) (secret, error) {
	key, _, err := access.ParsePair(&pair)
	if err != nil {
		return secret{}, err
	}
	scalar, err := key.(*ecdsa.PrivateKey).Bytes()
	if err != nil {
		return secret{}, err
	}
	text, err := storedText(ctx, app, p, pair)
	return secret{Name: cmp.Or(app, "login"), DER: pair.Key, Scalar: scalar, Stored: text}, err
}

// storedText is what every store writes for a key.
func storedText(ctx context.Context, app string, p creds.Profile, pair creds.KeyPair) (string, error) {
	dir, err := os.MkdirTemp("", "tshmcp-secret")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	p.Store = creds.File
	store := creds.Store{Dir: dir}
	if err := store.SaveLogin(ctx, p, pair); err != nil {
		return "", err
	}
	kind := "login "
	if app != "" {
		kind = "app "
		if err := store.SaveApp(ctx, &p, creds.App{Name: app}, pair); err != nil {
			return "", err
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "store", kind+"*"))
	if err != nil || len(files) != 1 {
		return "", fmt.Errorf("%d files were stored, %v", len(files), err)
	}
	data, err := os.ReadFile(files[0])
	_, text, _ := strings.Cut(strings.TrimSpace(string(data)), "\n")
	return text, err
}

// secretsOf returns the private keys of the current login in an environment.
func secretsOf(t *testing.T, environ []string) []secret {
	t.Helper()
	exe, err := exec.LookPath("tshmcp-secrets")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Env = environ
	var secrets []secret
	if err := json.Unmarshal([]byte(output(t, cmd)), &secrets); err != nil || len(secrets) == 0 {
		t.Fatalf("%d secrets, %v", len(secrets), err)
	}
	return secrets
}

// in says in which form the secret is in text, or nothing.
func (s *secret) in(text []byte) string {
	flat := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("\n"), nil), []byte("\r"), nil)
	forms := map[string][]byte{
		"DER": s.DER, "number": s.Scalar, "number in hex": []byte(hex.EncodeToString(s.Scalar)),
		"number in base64":  []byte(base64.RawStdEncoding.EncodeToString(s.Scalar)),
		"number in base64u": []byte(base64.RawURLEncoding.EncodeToString(s.Scalar)),
		"PEM":               []byte(base64.RawStdEncoding.EncodeToString(s.DER)),
		"base64u":           []byte(base64.RawURLEncoding.EncodeToString(s.DER)),
	}
	// Compression makes the text of one key and account the same everywhere; a
	// part of it would be as bad.
	for i := 64; i+64 <= len(s.Stored); i += 64 {
		forms[fmt.Sprintf("stored text from %d", i)] = []byte(s.Stored[i : i+64])
	}
	for name, form := range forms {
		if bytes.Contains(text, form) || bytes.Contains(flat, form) {
			return name
		}
	}
	return ""
}

// findSecrets returns the files below dirs with a secret in them.
func findSecrets(t *testing.T, secrets []secret, dirs ...string) (found []string) {
	t.Helper()
	read := 0
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) || err == nil && !d.Type().IsRegular() {
				return nil
			}
			if err != nil {
				return err
			}
			text, err := os.ReadFile(path)
			if errors.Is(err, fs.ErrNotExist) {
				return nil // a temporary file of the browser
			}
			read++
			for _, s := range secrets {
				if form := s.in(text); form != "" {
					found = append(found, fmt.Sprintf("%s has the key of %s: %s", path, s.Name, form))
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if read == 0 {
		t.Fatalf("there is no file in %q", dirs)
	}
	return found
}
