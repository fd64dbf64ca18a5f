// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package browser opens a page in the browser that the person sits at, which is
// not always one of this machine: in a development container, over VS Code's
// remote connection, and in WSL it is that of the machine around it.
//
// In this order:
//
//  1. BROWSER: command lines, separated as the entries of PATH are. Where "%s"
//     stands, the URL is put, else at the end. "none" is no browser.
//  2. VS Code's helper, in a terminal or extension that runs remotely.
//  3. Nothing over SSH: a browser of this machine would not reach the person.
//  4. WSL: wslview, else Windows' own launcher.
//  5. The system's launcher; on Linux and the like only where there is a display.
package browser

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// System is what a browser is chosen by. All fields are needed.
type System struct {
	GOOS     string
	Getenv   func(string) string
	LookPath func(string) (string, error) // as exec.LookPath
	Kernel   func() string                // its release, on Linux
	// Run starts a command line. It returns when that has ended, or seems to be a
	// browser that stays.
	Run func(argv []string) error
	// Default opens a page by the system's launcher.
	Default func(url string) error
}

// command is a command line without its URL; an empty one is the system's
// launcher.
type command []string

// byDefault is the system's launcher.
var byDefault = []command{nil}

const placeholder = "%s"

func (c command) with(url string) []string {
	argv, placed := make([]string, 0, len(c)+1), false
	for i, arg := range c {
		if i > 0 && strings.Contains(arg, placeholder) {
			arg, placed = strings.ReplaceAll(arg, placeholder, url), true
		}
		argv = append(argv, arg)
	}
	if !placed {
		argv = append(argv, url)
	}
	return argv
}

// Open opens a page. Its error says why no browser was opened.
func (s System) Open(url string) error {
	commands, err := s.choose()
	if err != nil {
		return err
	}
	var errs []string
	for _, c := range commands {
		name, open := "the system's launcher", s.Default
		if len(c) > 0 {
			name, open = filepath.Base(c[0]), func(url string) error { return s.Run(c.with(url)) }
		}
		err := open(url)
		if err == nil {
			return nil
		}
		errs = append(errs, name+": "+errcode.Words(err))
	}
	return errors.New(strings.Join(errs, "; "))
}

// Closed says why no browser would reach the person, or is empty.
func (s System) Closed() string {
	if _, err := s.choose(); err != nil {
		return err.Error()
	}
	return ""
}

// choose returns the command lines to try, in order; at least one, or an error.
func (s System) choose() ([]command, error) {
	asked := s.Getenv("BROWSER")
	if strings.TrimSpace(asked) == "none" {
		return nil, errors.New("BROWSER is none")
	}
	if found := s.named(asked); len(found) > 0 {
		return found, nil
	}
	found, err := s.own()
	if err != nil && strings.TrimSpace(asked) != "" {
		return nil, fmt.Errorf("the program that BROWSER names was not found, and %w", err)
	}
	return found, err
}

// own is what there is without BROWSER.
func (s System) own() ([]command, error) {
	if helper, ok := s.vscode(); ok {
		return []command{helper}, nil
	}
	if s.Getenv("SSH_CONNECTION") != "" || s.Getenv("SSH_TTY") != "" {
		return nil, errors.New("this is an SSH session")
	}
	switch s.GOOS {
	case "windows", "darwin":
		return byDefault, nil
	}
	if s.inWSL() {
		if found, err := s.found(command{"wslview"}, windowsLauncher("rundll32.exe"), windowsLauncher("/mnt/c/Windows/System32/rundll32.exe")); err == nil {
			return found, nil
		}
	}
	if s.Getenv("DISPLAY") == "" && s.Getenv("WAYLAND_DISPLAY") == "" {
		return nil, errors.New("there is no display")
	}
	// What the system's launcher is made of there.
	if _, err := s.found(command{"xdg-open"}, command{"x-www-browser"}, command{"www-browser"}); err != nil {
		return nil, err
	}
	return byDefault, nil
}

func windowsLauncher(path string) command { return command{path, "url.dll,FileProtocolHandler"} }

// found keeps the commands whose program exists.
func (s System) found(commands ...command) ([]command, error) {
	var found []command
	var names []string
	for _, c := range commands {
		names = append(names, c[0])
		if path, err := s.LookPath(c[0]); err == nil {
			found = append(found, append(command{path}, c[1:]...))
		}
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("there is no program to open one (%s)", strings.Join(names, ", "))
	}
	return found, nil
}

// inWSL reports whether this is a Linux within Windows. The variables are gone
// where an MCP client has started this program with few of them.
func (s System) inWSL() bool {
	return s.GOOS == "linux" && (s.Getenv("WSL_DISTRO_NAME") != "" || s.Getenv("WSL_INTEROP") != "" ||
		strings.Contains(strings.ToLower(s.Kernel()), "microsoft"))
}

// vscode finds the helper that opens pages where the person's VS Code runs. It
// needs the socket that the variable names. It is what BROWSER is set to in VS
// Code's terminals; what else runs there has its command line program in PATH,
// two folders away.
func (s System) vscode() (command, bool) {
	if s.Getenv("VSCODE_IPC_HOOK_CLI") == "" {
		return nil, false
	}
	for _, name := range []string{"code", "code-insiders", "codium", "cursor", "windsurf", "code-server"} {
		path, err := s.LookPath(name)
		if err != nil || filepath.Base(filepath.Dir(path)) != "remote-cli" {
			continue
		}
		helper := filepath.Join(filepath.Dir(filepath.Dir(path)), "helpers", "browser.sh")
		if found, err := s.LookPath(helper); err == nil {
			return command{found}, true
		}
	}
	return nil, false
}
