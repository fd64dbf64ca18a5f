// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
)

const (
	profileDir  = "profiles"
	indexDir    = "index"
	storeDir    = "store"   // of the file backend
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
	pf, err := s.readProfile(s.profilePath(proxy))
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
	entries, err := s.readDir(profileDir)
	if err != nil {
		return nil, ignoreNotExist(err)
	}
	var files []*profileFile
	var errs []error
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue // a temporary file of a writer, or not ours
		}
		pf, err := s.readProfile(filepath.Join(s.Dir, profileDir, e.Name()))
		if err != nil {
			errs = append(errs, ignoreNotExist(err)) // removed meanwhile
			continue
		}
		files = append(files, pf)
	}
	return files, errors.Join(errs...)
}

func (s *Store) readProfile(path string) (*profileFile, error) {
	data, err := s.read(path)
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
	return s.writeJSON(s.profilePath(p.Proxy), profileFile{Profile: p, Saved: s.time()})
}

// Amend changes what is not secret about the login of p, such as the host CAs of
// leaf clusters and the reading of the clocks. The login must still be the one on
// disk: otherwise it returns ErrSuperseded or, after a logout, ErrNotFound.
func (s *Store) Amend(ctx context.Context, p *Profile, change func(*Profile)) error {
	unlock, err := s.lockWrites(ctx)
	if err != nil {
		return err
	}
	defer unlock()
	pf, err := s.readProfile(s.profilePath(p.Proxy))
	if err != nil {
		return notThere(err)
	}
	if !pf.sameLogin(p) {
		return ErrSuperseded
	}
	change(&pf.Profile)
	return s.writeJSON(s.profilePath(p.Proxy), pf)
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
	data, err := s.read(filepath.Join(s.Dir, currentFile))
	if err != nil {
		return "", notThere(err)
	}
	if proxy = strings.TrimSpace(string(data)); proxy == "" {
		return "", fmt.Errorf("%w: no profile is current", ErrNotFound)
	}
	return proxy, nil
}

func (s *Store) setCurrent(proxy string) error {
	return s.write(filepath.Join(s.Dir, currentFile), []byte(proxy+"\n"))
}

// deleteProfile removes a profile. Another one becomes current before, if it
// was, so that the current one is always there.
func (s *Store) deleteProfile(proxy string) error {
	if err := s.replaceCurrent(proxy); err != nil {
		return err
	}
	return removeFile(s.profilePath(proxy))
}

// replaceCurrent makes the latest of the other logins the current one if that of
// proxy was, or if nobody can say.
func (s *Store) replaceCurrent(proxy string) error {
	current, err := s.resolve("")
	if errors.Is(err, ErrNotFound) || err == nil && current != proxy {
		return nil
	}
	files, _ := s.profileFiles() // what cannot be read cannot become current
	var latest *profileFile
	for _, pf := range files {
		if pf.Proxy == proxy {
			continue
		}
		if latest == nil || pf.Saved.After(latest.Saved) {
			latest = pf
		}
	}
	if latest == nil {
		return removeFile(filepath.Join(s.Dir, currentFile))
	}
	return s.setCurrent(latest.Proxy)
}
