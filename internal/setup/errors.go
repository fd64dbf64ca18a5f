// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/similar"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// Each error of this package says what to do next, in Hints, and with which
// code the program ends because of it: this one, or that of wrong usage.
const exitError = 1

// Errors are what went wrong with some of several clients. The others are done.
type Errors struct{ Errs []error }

func (e *Errors) Error() string   { return errors.Join(e.Errs...).Error() }
func (e *Errors) Unwrap() []error { return e.Errs }

// Add takes an error, or nil.
func (e *Errors) Add(err error) {
	if err != nil {
		e.Errs = append(e.Errs, err)
	}
}

// OrNil is nil if nothing went wrong, and one error alone is itself.
func (e *Errors) OrNil() error {
	switch len(e.Errs) {
	case 0:
		return nil
	case 1:
		return e.Errs[0]
	}
	return e
}

// UnknownClientError: what was named is neither a client nor a path.
type UnknownClientError struct{ ID string }

func (e *UnknownClientError) Error() string { return fmt.Sprintf("no MCP client is called %q", e.ID) }
func (e *UnknownClientError) Hints() []string {
	return append(similar.Hint(similar.To(e.ID, clientIDs())), "known clients: "+ClientIDs()+", or the path of a config file")
}
func (e *UnknownClientError) ExitCode() int           { return usage.ExitCode }
func (e *UnknownClientError) ErrorCode() errcode.Code { return errcode.Usage }

// ClientIDs are the ids of all clients, for people.
func ClientIDs() string { return strings.Join(clientIDs(), ", ") }

func clientIDs() []string {
	var ids []string
	for _, c := range clientcfg.Clients() {
		ids = append(ids, c.ID)
	}
	return ids
}

// NoServerError: the cluster has no MCP server for this user, or none that was
// asked for.
type NoServerError struct {
	Cluster, User string
	Filtered      bool
}

func (e *NoServerError) Error() string {
	if e.Filtered {
		return fmt.Sprintf("%s has no MCP server that %s may use and that matches", e.Cluster, e.User)
	}
	return fmt.Sprintf("%s has no MCP server that %s may use", e.Cluster, e.User)
}
func (e *NoServerError) Hints() []string         { return nil }
func (e *NoServerError) ExitCode() int           { return exitError }
func (e *NoServerError) ErrorCode() errcode.Code { return errcode.AppNotFound }

// NoEntryError: none of the files has an entry for these MCP servers.
type NoEntryError struct{ Names []string }

func (e *NoEntryError) Error() string { return "no entry for " + strings.Join(e.Names, ", ") }
func (e *NoEntryError) Hints() []string {
	return []string{"tshmcp config --list-clients shows which entries there are; nothing was removed"}
}
func (e *NoEntryError) ExitCode() int           { return exitError }
func (e *NoEntryError) ErrorCode() errcode.Code { return errcode.ConfigNoEntry }

// SeveralError: a name is that of servers of several clusters.
type SeveralError struct {
	Name    string
	Entries []string
}

func (e *SeveralError) Error() string {
	return fmt.Sprintf("%s has entries for several clusters: %s", e.Name, strings.Join(e.Entries, ", "))
}
func (e *SeveralError) Hints() []string {
	return []string{"nothing was removed; name the entry, or the cluster with --proxy"}
}
func (e *SeveralError) ExitCode() int           { return exitError }
func (e *SeveralError) ErrorCode() errcode.Code { return errcode.ConfigWhichEntry }

// ClashError: a client's rules leave two servers only one name.
type ClashError struct{ One, Other, Name, Client string }

func (e *ClashError) Error() string {
	return fmt.Sprintf("%s and %s would both be called %s%s", e.One, e.Other, e.Name, e.Client)
}
func (e *ClashError) Hints() []string {
	return []string{"set them up one at a time, with different --name-prefix"}
}
func (e *ClashError) ExitCode() int           { return exitError }
func (e *ClashError) ErrorCode() errcode.Code { return errcode.ConfigName }

// LeftOutError: one of several servers gets no entry.
type LeftOutError struct {
	Server string
	Where  string // the file, or the client
	Err    error
}

func (e *LeftOutError) Error() string {
	text := fmt.Sprintf("%q is left out: %v", e.Server, e.Err)
	if e.Where != "" {
		text = e.Where + ": " + text
	}
	return text
}
func (e *LeftOutError) Unwrap() error   { return e.Err }
func (e *LeftOutError) Hints() []string { return nil }
func (e *LeftOutError) ExitCode() int   { return 0 } // its cause has more to say

// TakenError: all names for a server's entry are those of other servers'.
type TakenError struct {
	Server string
	Names  []string
}

func (e *TakenError) Error() string {
	return fmt.Sprintf("%s are entries for other servers", strings.Join(e.Names, ", "))
}
func (e *TakenError) Hints() []string {
	return []string{"another --name-prefix gives it a name of its own, and --remove takes out entries that are needed no more"}
}
func (e *TakenError) ExitCode() int           { return exitError }
func (e *TakenError) ErrorCode() errcode.Code { return errcode.ConfigName }

// PassingError: this program will not be where it is for long.
type PassingError struct{ Command, Why string }

func (e *PassingError) Error() string {
	return fmt.Sprintf("an entry that runs %s could not be started later: %s", e.Command, e.Why)
}
func (e *PassingError) Hints() []string {
	return []string{"nothing was written; put tshmcp where it stays, for example with go install or by copying it into a folder of PATH, and run this command with that one"}
}
func (e *PassingError) ExitCode() int           { return exitError }
func (e *PassingError) ErrorCode() errcode.Code { return errcode.ConfigStart }

// OtherSystemError: the client that reads a file is on the other side of WSL.
type OtherSystemError struct {
	File    string
	Windows bool // it is on Windows, else in Linux
}

func (e *OtherSystemError) Error() string {
	if e.Windows {
		return e.File + ": a client on Windows reads this file, and which Linux this is cannot be told, since WSL_DISTRO_NAME is not set"
	}
	return e.File + ": a client in Linux reads this file, and cannot start this program, which is one for Windows"
}
func (e *OtherSystemError) Hints() []string {
	if e.Windows {
		return []string{"nothing was written; set WSL_DISTRO_NAME to the name that wsl.exe -l shows, or run tshmcp.exe on Windows"}
	}
	return []string{"nothing was written; run this command with the tshmcp of that Linux"}
}
func (e *OtherSystemError) ExitCode() int           { return exitError }
func (e *OtherSystemError) ErrorCode() errcode.Code { return errcode.ConfigStart }

// WordError: a word of an entry's command line would be changed on the way.
type WordError struct{ Word string }

func (e *WordError) Error() string {
	return fmt.Sprintf("%q would not get through the shell of WSL as it is", e.Word)
}
func (e *WordError) Hints() []string {
	return []string{"choose paths, headers and the like without blanks and characters of shells, or run tshmcp.exe on Windows"}
}
func (e *WordError) ExitCode() int           { return exitError }
func (e *WordError) ErrorCode() errcode.Code { return errcode.ConfigValue }

// StartError: the command of an entry that was written does not start.
type StartError struct {
	File    string
	Command []string
	Err     error
}

func (e *StartError) Error() string {
	return fmt.Sprintf("the entries in %s cannot be started: %s: %v", e.File, strings.Join(e.Command, " "), e.Err)
}
func (e *StartError) Unwrap() error { return e.Err }
func (e *StartError) Hints() []string {
	if e.Command[0] == "tshmcp" {
		return []string{"the file is for all who work on the project, and so runs tshmcp from PATH: put it there, under this name; --no-check leaves this check out"}
	}
	return []string{"see what this command says in a terminal; --no-check leaves this check out"}
}
func (e *StartError) ExitCode() int           { return exitError }
func (e *StartError) ErrorCode() errcode.Code { return errcode.ConfigStart }

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

// Hints are for the errors of package clientcfg, which knows no flags.
func (e *FileError) Hints() []string {
	var (
		syntax    *clientcfg.SyntaxError
		foreign   *clientcfg.ForeignEntryError
		name      *clientcfg.NameError
		value     *clientcfg.ValueError
		ambiguous *clientcfg.AmbiguousPathError
		noFile    *clientcfg.NoFileError
		outside   *clientcfg.OutsideError
		wrong     *clientcfg.WrongFileError
		unknown   *clientcfg.UnknownFileError
		shape     *clientcfg.ShapeError
		damaged   *clientcfg.DamagedError
	)
	hint := ""
	switch err := e.Err; {
	case errors.Is(err, clientcfg.ErrBusy) && len(e.Commands) > 0:
		return append([]string{"the file is untouched; quit the client and run the command again, or let its own tool write the entry:"}, e.Commands...)
	case errors.Is(err, clientcfg.ErrBusy):
		hint = "the file is untouched; quit the client and run the command again"
	case errors.As(err, &wrong):
		hint = "name what it reads: " + asFlags(wrong.Right)
	case errors.As(err, &unknown):
		return []string{
			"nothing was written; name the client instead of the file, or say whose files it is like: --format=CLIENT, for example --format=claude for mcpServers or --format=vscode for servers, and --key=KEY for another place in the file",
			"known clients: " + ClientIDs(),
		}
	case errors.As(err, &shape):
		hint = "--format takes the id of a client: " + ClientIDs()
	case errors.As(err, &syntax):
		hint = "the file is untouched; correct it and run the command again"
	case errors.As(err, &foreign) && e.forRemoval():
		hint = "--force removes it all the same; the file is untouched"
	case errors.As(err, &foreign):
		hint = "--force replaces it; the file is untouched"
	case errors.As(err, &name):
		hint = "choose another name with --name-prefix; the file is untouched"
	case errors.As(err, &value):
		hint = "the client would change this value, or cannot hold it: choose another path or header; the file is untouched"
	case errors.As(err, &ambiguous):
		hint = "name the one that it reads: " + asFlags(ambiguous.Paths[:1])
	case errors.As(err, &noFile) && e.forRemoval():
		hint = "take the entry out where the client shows it; --client-config also takes the path of a file"
	case errors.As(err, &noFile):
		hint = "--print prints the entry to be pasted; --client-config also takes the path of a file"
	case errors.Is(err, clientcfg.ErrFormat), errors.Is(err, clientcfg.ErrTooLarge), errors.Is(err, clientcfg.ErrNotFile):
		hint = "check the path"
		if !e.forRemoval() {
			hint += "; --print prints the entry to be pasted"
		}
	case errors.Is(err, clientcfg.ErrReadOnly) && e.forRemoval():
		hint = "the file is untouched; make it writable, or take the entry out where the file comes from"
	case errors.Is(err, clientcfg.ErrReadOnly):
		hint = "the file is untouched; make it writable, or paste what --print prints where the file comes from"
	case errors.As(err, &outside):
		hint = "a project's file has to be in the project, since others would write there too: replace the link by a file"
	case errors.As(err, &damaged):
		hint = "make room on the disk, and copy the backup over the file"
	default:
		var own interface {
			error
			Hints() []string
		}
		if hint = e.refused(); hint == "" && errors.As(err, &own) {
			return own.Hints()
		}
	}
	if hint == "" {
		return nil
	}
	return []string{hint}
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
		return "nothing was changed; nobody can write there: take the entry out where the file comes from"
	case refusal == errcode.FileReadOnly:
		return "nothing was changed; nobody can write there: paste what --print prints where the file comes from"
	case refusal == errcode.DiskFull:
		return "nothing was changed; make room on the disk, or in your share of it"
	case refusal == errcode.FileInTheWay:
		return "check the path: a file is on the way where a folder has to be"
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
