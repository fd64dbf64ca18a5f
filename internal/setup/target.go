// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/settings"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Target is one file to edit and the client that reads it.
type Target struct {
	clientcfg.Client
	File string // empty: nothing is written, the entries are printed
	Err  error  // why nothing can be done for this client
}

// Title is what a person calls the target.
func (t Target) Title() string {
	if t.ID == "" {
		return t.File
	}
	return t.Name
}

// Ref is how --client-config names the target.
func (t Target) Ref() string {
	if t.ID == "" {
		return t.File
	}
	return t.ID
}

// Targets finds the files of clients.
type Targets struct {
	Machine *Machine
	Scope   clientcfg.Scope
	Print   bool     // no file is written
	Format  string   // id of the client whose shape the files that are named by path have; "": what they are tells
	Key     []string // where in these files the servers are; nil: as the client has them
}

// Named are the targets of ids and paths with commas between them. Without any
// there is one, of no client in particular and without a file. It is an error
// if nothing can be done for any of them, unless they are for a look only.
func (ts Targets) Named(list string, look bool) ([]Target, error) {
	if list == "" {
		return []Target{{}}, nil
	}
	var all []Target
	var failed Errors
	for _, name := range strings.Split(list, ",") {
		t, err := ts.named(strings.TrimSpace(name))
		if !look && err == nil {
			t, err = ts.orInstead(t)
		}
		if err != nil {
			return nil, err
		}
		failed.Add(t.Err)
		twice := slices.ContainsFunc(all, func(u Target) bool { return u.File == t.File && u.ID == t.ID })
		if !twice {
			all = append(all, t)
		}
	}
	if len(failed.Errs) == len(all) && !look { // nothing is left to do
		return nil, failed.OrNil()
	}
	return all, nil
}

// orInstead is a target, or that of the client which people mean by the same name
// where the first one has no place on this system. A project's file is not meant.
func (ts Targets) orInstead(t Target) (Target, error) {
	var none *clientcfg.NoFileError
	other, known := clientcfg.Lookup(t.Instead)
	if !known || ts.Scope == clientcfg.ProjectScope || !errors.As(t.Err, &none) {
		return t, nil
	}
	return ts.of(other)
}

// named is the client and the file of one id or path.
func (ts Targets) named(name string) (Target, error) {
	client, known := clientcfg.Lookup(name)
	switch {
	case name == "":
		return Target{}, usage.Errorf("--client-config has an empty name in it")
	case known && (ts.Format != "" || len(ts.Key) > 0):
		return Target{}, usage.Errorf("--format and --key are for paths of files: the file of %s is known", client.Name)
	case known:
		return ts.of(client)
	case !strings.ContainsAny(name, `/\.~`):
		return Target{}, &UnknownClientError{ID: name}
	case ts.Scope == clientcfg.ProjectScope:
		return Target{}, usage.Errorf("--scope=project is for clients by name: %s is a path already", name)
	}
	return ts.atPath(name)
}

// atPath is the file at a path that a person has typed.
func (ts Targets) atPath(typed string) (Target, error) {
	path, err := settings.TypedPath(ts.Machine.GOOS, ts.Machine.Home, typed)
	if err != nil {
		return Target{}, &usage.Error{Err: err}
	}
	file, err := filepath.Abs(path)
	if err != nil {
		return Target{}, err
	}
	t := Target{File: file}
	if ts.Format != "" || len(ts.Key) > 0 {
		t.Client, err = clientcfg.ForShape(file, ts.Format, ts.Key)
	} else {
		t.Client, err = clientcfg.ForPath(file)
	}
	if own, known := clientcfg.Lookup(t.ID); known && t.Shared {
		// The folder of the project is the person's home: it is their own file.
		if path, err := own.Path(ts.Machine.clientEnv()); err == nil && path == file {
			t.Shared, t.Root, t.After = false, "", own.After
		}
	}
	t.Err = inFile(Reading, err)
	return t, nil
}

// of is the file of a known client in the scope that was asked for. One of which
// no file can be written is for printing.
func (ts Targets) of(client clientcfg.Client) (Target, error) {
	t := Target{Client: client}
	env := ts.Machine.clientEnv()
	if ts.Scope == clientcfg.ProjectScope {
		dir, err := ts.Machine.Getwd()
		if err != nil {
			return Target{}, err
		}
		if t.Client, err = client.In(env, clientcfg.ProjectScope, dir); err != nil {
			return Target{Client: client, Err: inFile(Reading, err)}, nil
		}
	}
	if t.PrintOnly || ts.Print {
		return t, nil
	}
	var err error
	t.File, err = t.Path(env)
	t.Err = inFile(Reading, err)
	return t, nil
}

// All are the targets of all known clients.
func (ts Targets) All() ([]Target, error) {
	var all []Target
	for _, client := range clientcfg.Clients() {
		t, err := ts.of(client)
		if err != nil {
			return nil, err
		}
		all = append(all, t)
	}
	return all, nil
}

// Installed are the targets of the clients that are here, those with a file that
// can be written first, and why some are left out.
func (ts Targets) Installed() (found []Target, leftOut []error, err error) {
	var printed []Target
	for _, client := range clientcfg.Clients() {
		if !client.Installed(ts.Machine.clientEnv()) {
			continue
		}
		t, err := ts.of(client)
		switch {
		case err != nil:
			return nil, nil, err
		case t.Err != nil && ts.Scope == clientcfg.UserScope:
			leftOut = append(leftOut, t.Err)
		case t.Err != nil: // it has no file for a project
		case t.File == "":
			printed = append(printed, t)
		default:
			found = append(found, t)
		}
	}
	return append(found, printed...), leftOut, nil
}
