// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// TestErrorsExplainThemselves: each says what to do next and with which code the
// program ends, also below what other packages put around it.
func TestErrorsExplainThemselves(t *testing.T) {
	for _, test := range []struct {
		err  error
		hint string
		code int
	}{
		{&UnknownClientError{ID: "x"}, "known clients: claude", 2},
		{&NoServerError{Cluster: "c", User: "u"}, "", 1},
		{&NoEntryError{Names: []string{"x"}}, "--list-clients", 1},
		{&ClashError{}, "--name-prefix", 1},
		{inFile(Writing, &clientcfg.SyntaxError{Line: 1, Column: 1}), "correct it", 1},
		{inFile(Writing, &clientcfg.ForeignEntryError{Name: "x"}), "--force", 1},
		{inFile(Writing, &clientcfg.NameError{}), "--name-prefix", 1},
		{inFile(Writing, &clientcfg.ValueError{}), "another path or header", 1},
		{inFile(Writing, &clientcfg.AmbiguousPathError{Paths: []string{"/a"}}), "--client-config=/a", 1},
		{inFile(Writing, &clientcfg.NoFileError{}), "--print", 1},
		{inFile(Writing, clientcfg.ErrFormat), "check the path", 1},
		{inFile(Writing, clientcfg.ErrReadOnly), "make it writable", 1},
		{inFile(Writing, clientcfg.ErrBusy), "quit the client and run", 1},
		{&FileError{Err: clientcfg.ErrBusy, Commands: []string{"claude mcp add"}}, "own tool", 1},
		{inFile(Writing, fmt.Errorf("/a: %w", &fs.PathError{Op: "open", Path: "/a", Err: fs.ErrPermission})), "who owns it", 1},
		{inFile(Writing, errors.New("disk full")), "", 1},
		{inFile(Writing, &fs.PathError{Op: "open", Path: "/a", Err: syscall.ENOTDIR}), "a file where a folder has to be", 1},
		{inFile(Writing, &fs.PathError{Op: "remove", Path: "/a", Err: syscall.ENOTEMPTY}), "a folder where a file has to be", 1},
		{inFile(Reading, &fs.PathError{Op: "read", Path: "/a", Err: syscall.EISDIR}), "a folder where a file has to be", 1},

		{inFile(Writing, &plainfile.KindError{Path: "/a", Kind: "a symlink"}), "find out who put it there", 1},

		// The same errors, of other things that were done.
		{inFile(Reading, &fs.PathError{Op: "open", Path: "/a", Err: fs.ErrPermission}), "you may not read it", 1},
		{inFile(ReadingToRemove, &fs.PathError{Op: "open", Path: "/a", Err: fs.ErrPermission}), "you may not read it", 1},
		{inFile(Removing, &os.LinkError{Op: "rename", Err: fs.ErrPermission}), "you may not write there", 1},
		{inFile(ReadingToRemove, &clientcfg.ForeignEntryError{Name: "x"}), "--force removes it", 1},
		{inFile(ReadingToRemove, inFile(Reading, &clientcfg.NoFileError{})), "remove the entry in the client", 1},
		{inFile(Removing, clientcfg.ErrReadOnly), "or take the entry out", 1},
		{inFile(Removing, clientcfg.ErrBusy), "quit the client and run", 1},
	} {
		var own interface {
			Hints() []string
			ExitCode() int
		}
		if !errors.As(fmt.Errorf("around: %w", test.err), &own) {
			t.Errorf("%T says nothing", test.err)
			continue
		}
		hints := strings.Join(own.Hints(), "\n")
		if own.ExitCode() != test.code || !strings.Contains(hints, test.hint) || (hints == "") != (test.hint == "") {
			t.Errorf("%v: code %d, hints %q", test.err, own.ExitCode(), hints)
		}
	}
}

// TestNothingIsPrintedForRemoval: whoever removes an entry is not told how to get it.
func TestNothingIsPrintedForRemoval(t *testing.T) {
	for _, err := range []error{
		clientcfg.ErrFormat, clientcfg.ErrTooLarge, clientcfg.ErrNotFile, clientcfg.ErrReadOnly, clientcfg.ErrBusy, fs.ErrPermission,
		&clientcfg.NoFileError{}, &clientcfg.ForeignEntryError{}, &clientcfg.SyntaxError{}, &clientcfg.AmbiguousPathError{Paths: []string{"/a"}},
	} {
		for _, doing := range []Doing{ReadingToRemove, Removing} {
			hints := strings.Join((&FileError{Doing: doing, Err: err}).Hints(), "\n")
			if hints == "" || strings.Contains(hints, "--print") || strings.Contains(hints, "replaces") || strings.Contains(hints, "paste") {
				t.Errorf("%v: %q", err, hints)
			}
		}
	}
}

func TestErrorsOfSeveralClients(t *testing.T) {
	var e Errors
	if e.Add(nil); e.OrNil() != nil {
		t.Error("an error without any")
	}
	one := errors.New("one")
	if e.Add(one); e.OrNil() != one {
		t.Errorf("%v", e.OrNil())
	}
	e.Add(errors.New("two"))
	var several *Errors
	if err := e.OrNil(); !errors.As(err, &several) || len(several.Errs) != 2 || !errors.Is(err, one) {
		t.Errorf("%v", err)
	}
}
