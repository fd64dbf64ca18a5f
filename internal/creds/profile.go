// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package creds

import (
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
	logDir      = "logs"    // of package journal
	currentFile = "current" // holds the proxy address of the current profile
	maxCurrent  = 1 << 10   // bytes of that
)

// profileFile is a profile as written, with the time of its login.
type profileFile struct {
	Profile
	Saved time.Time `json:"saved"`
}

// profiles are the profiles of all proxies, and which one is current.
type profiles struct {
	dir stateDir
	now func() time.Time // nil means time.Now
}

// get returns the profile of a proxy address, or the current one for "".
func (ps profiles) get(proxy string) (*Profile, error) {
	proxy, err := ps.resolve(proxy)
	if err != nil {
		return nil, err
	}
	pf, err := ps.read(ps.path(proxy))
	if err != nil {
		return nil, notThere(err)
	}
	if pf.Proxy != proxy {
		return nil, &DamageError{What: "profile", Path: ps.path(proxy), Err: fmt.Errorf("is about %q", pf.Proxy)}
	}
	return &pf.Profile, nil
}

// all returns all profiles, ordered by file name.
func (ps profiles) all() ([]Profile, error) {
	files, err := ps.files()
	profiles := make([]Profile, len(files))
	for i, pf := range files {
		profiles[i] = pf.Profile
	}
	return profiles, err
}

func (ps profiles) files() ([]*profileFile, error) {
	if ps.dir == "" {
		return nil, errNoDir
	}
	entries, err := ps.dir.list(profileDir)
	if err != nil {
		return nil, ignoreNotExist(err)
	}
	var files []*profileFile
	var errs []error
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || filepath.Ext(e.Name()) != ".json" {
			continue // a temporary file of a writer, or not ours
		}
		pf, err := ps.read(ps.dir.path(profileDir, e.Name()))
		if err != nil {
			errs = append(errs, ignoreNotExist(err)) // removed meanwhile
			continue
		}
		files = append(files, pf)
	}
	return files, errors.Join(errs...)
}

func (ps profiles) read(path string) (*profileFile, error) {
	data, err := ps.dir.read(path)
	if err != nil {
		return nil, err
	}
	var pf profileFile
	if err := json.Unmarshal(data, &pf); err != nil {
		return nil, &DamageError{What: "profile", Path: path, Err: err}
	}
	if err := pf.check(); err != nil {
		return nil, &DamageError{What: "profile", Path: path, Err: err}
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

func (ps profiles) time() time.Time {
	if ps.now == nil {
		return time.Now()
	}
	return ps.now()
}

func (ps profiles) write(p Profile) error {
	return ps.dir.writeJSON(ps.path(p.Proxy), profileFile{Profile: p, Saved: ps.time()})
}

// amend changes the profile of the login of p, which must still be the one on
// disk.
func (ps profiles) amend(p *Profile, change func(*Profile)) error {
	pf, err := ps.read(ps.path(p.Proxy))
	if err != nil {
		return notThere(err)
	}
	if !pf.sameLogin(p) {
		return ErrSuperseded
	}
	change(&pf.Profile)
	return ps.dir.writeJSON(ps.path(p.Proxy), pf)
}

func (ps profiles) path(proxy string) string {
	return ps.dir.path(profileDir, fileName(proxy)+".json")
}

// resolve turns "" into the current proxy address.
func (ps profiles) resolve(proxy string) (string, error) {
	if ps.dir == "" {
		return "", errNoDir
	}
	if proxy != "" {
		return proxy, nil
	}
	data, err := ps.dir.readUpTo(ps.dir.path(currentFile), maxCurrent)
	if err != nil {
		return "", notThere(err)
	}
	if proxy = strings.TrimSpace(string(data)); proxy == "" {
		return "", fmt.Errorf("%w: no profile is current", ErrNotFound)
	}
	return proxy, nil
}

func (ps profiles) setCurrent(proxy string) error {
	return ps.dir.write(ps.dir.path(currentFile), []byte(proxy+"\n"))
}

// delete removes a profile. Another one becomes current before, if it
// was, so that the current one is always there.
func (ps profiles) delete(proxy string) error {
	if err := ps.replaceCurrent(proxy); err != nil {
		return err
	}
	return removeFile(ps.path(proxy))
}

// replaceCurrent makes the latest of the other logins the current one if that of
// proxy was, or if nobody can say.
func (ps profiles) replaceCurrent(proxy string) error {
	current, err := ps.resolve("")
	if errors.Is(err, ErrNotFound) || err == nil && current != proxy {
		return nil
	}
	files, _ := ps.files() // what cannot be read cannot become current
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
		return removeFile(ps.dir.path(currentFile))
	}
	return ps.setCurrent(latest.Proxy)
}
