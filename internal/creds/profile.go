// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/atomicfile"
)

const (
	profileDir  = "profiles"
	indexDir    = "index"
	currentFile = "current" // holds the proxy address of the current profile
)

// profileFile is a profile as written, with the time of its login.
type profileFile struct {
	Profile
	Saved time.Time `json:"saved"`
}

// Profile returns the profile of a proxy address, or the current one for "".
// Without one it returns ErrNotFound.
func (s *Store) Profile(proxy string) (*Profile, error) {
	proxy, err := s.resolve(proxy)
	if err != nil {
		return nil, err
	}
	pf, err := readProfile(s.profilePath(proxy))
	if err != nil {
		return nil, notThere(err)
	}
	if pf.Proxy != proxy {
		return nil, fmt.Errorf("profile %s: is about %q", s.profilePath(proxy), pf.Proxy)
	}
	return &pf.Profile, nil
}

// Profiles returns all profiles, ordered by file name. The error joins one for
// each file that cannot be read; the others are returned all the same.
func (s *Store) Profiles() ([]Profile, error) {
	files, err := s.profileFiles()
	profiles := make([]Profile, len(files))
	for i, pf := range files {
		profiles[i] = pf.Profile
	}
	return profiles, err
}

func (s *Store) profileFiles() ([]*profileFile, error) {
	if s.Dir == "" {
		return nil, errNoDir
	}
	entries, err := os.ReadDir(filepath.Join(s.Dir, profileDir))
	if err != nil {
		return nil, ignoreNotExist(err)
	}
	var files []*profileFile
	var errs []error
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue // a temporary file of a writer, or not ours
		}
		pf, err := readProfile(filepath.Join(s.Dir, profileDir, e.Name()))
		if err != nil {
			errs = append(errs, ignoreNotExist(err)) // removed meanwhile
			continue
		}
		files = append(files, pf)
	}
	return files, errors.Join(errs...)
}

func readProfile(path string) (*profileFile, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var pf profileFile
	if err := json.Unmarshal(data, &pf); err != nil {
		return nil, fmt.Errorf("profile %s: %w", path, err)
	}
	if err := pf.check(); err != nil {
		return nil, fmt.Errorf("profile %s: %w", path, err)
	}
	return &pf, nil
}

func (p *Profile) check() error {
	switch {
	case p.Proxy == "":
		return errors.New("names no proxy")
	case p.Username == "":
		return errors.New("names no user")
	case p.Store != Keyring && p.Store != File:
		return fmt.Errorf("store is %q, not %q or %q", p.Store, Keyring, File)
	}
	return nil
}

func (s *Store) writeProfile(p Profile) error {
	return writeJSON(s.profilePath(p.Proxy), profileFile{Profile: p, Saved: s.time()})
}

// SaveLeafCAs keeps the host CAs of a leaf cluster with the login of p, in place
// of earlier ones: PEM, one certificate each. The login must still be the one on
// disk: otherwise it returns ErrSuperseded or, after a logout, ErrNotFound.
func (s *Store) SaveLeafCAs(ctx context.Context, p *Profile, leaf string, cas []string) error {
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	pf, err := readProfile(s.profilePath(p.Proxy))
	if err != nil {
		return notThere(err)
	}
	if !pf.sameLogin(p) {
		return ErrSuperseded
	}
	if pf.LeafCAs == nil {
		pf.LeafCAs = map[string][]string{}
	}
	pf.LeafCAs[leaf] = cas
	return writeJSON(s.profilePath(p.Proxy), pf)
}

func (s *Store) profilePath(proxy string) string {
	return filepath.Join(s.Dir, profileDir, fileName(proxy)+".json")
}

// resolve turns "" into the current proxy address.
func (s *Store) resolve(proxy string) (string, error) {
	if s.Dir == "" {
		return "", errNoDir
	}
	if proxy != "" {
		return proxy, nil
	}
	data, err := os.ReadFile(filepath.Join(s.Dir, currentFile))
	if err != nil {
		return "", notThere(err)
	}
	if proxy = strings.TrimSpace(string(data)); proxy == "" {
		return "", fmt.Errorf("%w: no profile is current", ErrNotFound)
	}
	return proxy, nil
}

func (s *Store) setCurrent(proxy string) error {
	return writePrivate(filepath.Join(s.Dir, currentFile), []byte(proxy+"\n"))
}

// deleteProfile removes a profile, and another one becomes current if it was.
func (s *Store) deleteProfile(proxy string) error {
	if err := removeFile(s.profilePath(proxy)); err != nil {
		return err
	}
	return s.replaceCurrent(proxy)
}

// replaceCurrent makes the latest login the current one if proxy, which is
// gone, was.
func (s *Store) replaceCurrent(proxy string) error {
	if current, err := s.resolve(""); err != nil || current != proxy {
		return ignoreNotFound(err)
	}
	files, _ := s.profileFiles() // what cannot be read cannot become current
	var latest *profileFile
	for _, pf := range files {
		if latest == nil || pf.Saved.After(latest.Saved) {
			latest = pf
		}
	}
	if latest == nil {
		return removeFile(filepath.Join(s.Dir, currentFile))
	}
	return s.setCurrent(latest.Proxy)
}

// writeJSON and writePrivate create the directory if need be.
func writeJSON(path string, v any) error {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return writePrivate(path, append(data, '\n'))
}

func writePrivate(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), dirMode); err != nil {
		return err
	}
	return atomicfile.Write(path, data, fileMode)
}
