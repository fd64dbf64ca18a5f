// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"slices"
	"strings"
	"syscall"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// Doing is what was done with a file when it failed.
type Doing int

// A file is found and read before it is written; entries are put into it or taken
// out of it.
const (
	Reading Doing = iota
	Writing
	ReadingToRemove
	Removing
)

// FileError is what keeps a client's file from being edited.
type FileError struct {
	Doing    Doing
	Err      error    // of package clientcfg, or fs
	Commands []string // of the client's own tool, that make the entries
}

// inFile is a *FileError, or nil.
func inFile(doing Doing, err error) error {
	if err == nil {
		return nil
	}
	var before *FileError // which file it is was found out before what is done with it
	if errors.As(err, &before) {
		err = before.Err
	}
	return &FileError{Doing: doing, Err: err}
}

// forRemoval reports whether entries were to be taken out.
func (e *FileError) forRemoval() bool { return e.Doing == ReadingToRemove || e.Doing == Removing }

func (e *FileError) Error() string { return e.Err.Error() }
func (e *FileError) Unwrap() error { return e.Err }
func (e *FileError) ExitCode() int { return exitError }

// ErrorCode is that of what the file has the matter, or the system says of it.
func (e *FileError) ErrorCode() errcode.Code { return errcode.Or(e.Err, errcode.FileFailed) }

// Hints are for the errors of package clientcfg, which knows no flags, and for what
// the system says.
func (e *FileError) Hints() []string {
	var wrong *clientcfg.WrongFileError
	var ambiguous *clientcfg.AmbiguousPathError
	switch {
	case errors.Is(e.Err, clientcfg.ErrBusy) && len(e.Commands) > 0:
		return append([]string{"the file is untouched; quit the client and run the command again, or let its own tool write the entry:"}, e.Commands...)
	case errors.As(e.Err, &wrong):
		return []string{"name what it reads: " + asFlags(wrong.Right)}
	case errors.As(e.Err, &ambiguous):
		return []string{"name the one that it reads: " + asFlags(ambiguous.Paths[:1])}
	}
	for _, kind := range fileHints() {
		switch {
		case !kind.of(e.Err):
		case e.forRemoval() && kind.removing != "":
			return []string{kind.removing}
		default:
			return kind.hints
		}
	}
	if hint := e.refused(); hint != "" {
		return []string{hint}
	}
	var own interface {
		error
		Hints() []string
	}
	if errors.As(e.Err, &own) {
		return own.Hints()
	}
	return nil
}

// fileHint is what to do about a kind of error, and when entries were to be taken
// out, if that is something else.
type fileHint struct {
	of       func(error) bool
	hints    []string
	removing string
}

// fileHints are for the kinds of errors of package clientcfg; the first counts.
func fileHints() []fileHint {
	is := func(of func(error) bool, hints ...string) fileHint { return fileHint{of, hints, ""} }
	or := func(of func(error) bool, hint, removing string) fileHint {
		return fileHint{of, []string{hint}, removing}
	}
	const pasted = "--print prints the entry to paste"
	return []fileHint{
		is(one(clientcfg.ErrBusy), "the file is untouched; quit the client and run the command again"),
		is(kind[*clientcfg.UnknownFileError],
			"nothing was written; name the client instead of the file, or say whose format it has: --format=CLIENT, for example --format=claude for mcpServers or --format=vscode for servers, and --key=KEY for another place in the file",
			"known clients: "+ClientIDs()),
		is(kind[*clientcfg.ShapeError], "--format takes the id of a client: "+ClientIDs()),
		is(kind[*clientcfg.SyntaxError], "the file is untouched; correct it and run the command again"),
		or(kind[*clientcfg.ForeignEntryError], "--force replaces it; the file is untouched", "--force removes it anyway; the file is untouched"),
		is(kind[*clientcfg.NameError], "choose another name with --name-prefix; the file is untouched"),
		is(kind[*clientcfg.ValueError], "the client would change this value, or cannot hold it: choose another path or header; the file is untouched"),
		or(kind[*clientcfg.NoFileError], pasted+"; --client-config also takes the path of a file",
			"remove the entry in the client; --client-config also takes the path of a file"),
		or(one(clientcfg.ErrFormat, clientcfg.ErrTooLarge, clientcfg.ErrNotFile), "check the path; "+pasted, "check the path"),
		or(one(clientcfg.ErrReadOnly), "the file is untouched; make it writable, or paste what --print prints where the file comes from",
			"the file is untouched; make it writable, or take the entry out where the file comes from"),
		is(kind[*clientcfg.OutsideError], "a project's file has to be in the project, since others would write there, too: replace the link by a file"),
		is(kind[*clientcfg.DamagedError], "free some space on the disk, and copy the backup over the file"),
	}
}

// kind tells whether an error is of type T.
func kind[T error](err error) bool {
	var t T
	return errors.As(err, &t)
}

// one matches some errors.
func one(of ...error) func(error) bool {
	return func(err error) bool {
		return slices.ContainsFunc(of, func(one error) bool { return errors.Is(err, one) })
	}
}

// refused is for what the system says.
func (e *FileError) refused() string {
	writes := e.Doing == Writing || e.Doing == Removing
	switch refusal := errcode.FileRefusal(e.Err); {
	case refusal == errcode.FileDenied && writes:
		return "nothing was changed; you may not write there: check who owns it, and the folder"
	case refusal == errcode.FileDenied:
		return "you may not read it: check who owns it, its mode, and the folders on the way"
	case refusal == errcode.FileReadOnly && e.forRemoval():
		return "nothing was changed; the place is read-only: take the entry out where the file comes from"
	case refusal == errcode.FileReadOnly:
		return "nothing was changed; the place is read-only: paste what --print prints where the file comes from"
	case refusal == errcode.DiskFull:
		return "nothing was changed; free some space on the disk, or in your quota"
	case errors.Is(e.Err, syscall.ELOOP):
		return "check the path: links on it lead in a circle"
	case errors.Is(e.Err, syscall.ENOTEMPTY), errors.Is(e.Err, syscall.EISDIR):
		return "check the path: there is a folder where a file has to be"
	case refusal == errcode.FileInTheWay:
		return "check the path: there is a file where a folder has to be"
	}
	return ""
}

// asFlags names files as a shell takes them.
func asFlags(paths []string) string {
	var flags []string
	for _, path := range paths {
		flags = append(flags, plain.Command("--client-config="+path))
	}
	return strings.Join(flags, ", or ")
}
