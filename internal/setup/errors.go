// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
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

func (e *UnknownClientError) Error() string { return fmt.Sprintf("there is no MCP client %q", e.ID) }
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
		return fmt.Sprintf("%s has no matching MCP server that %s may use", e.Cluster, e.User)
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
	return []string{"another --name-prefix gives it a name of its own, and --remove takes out entries that are no longer needed"}
}
func (e *TakenError) ExitCode() int           { return exitError }
func (e *TakenError) ErrorCode() errcode.Code { return errcode.ConfigName }

// PassingError: this program will not be where it is for long.
type PassingError struct{ Command, Why string }

func (e *PassingError) Error() string {
	return fmt.Sprintf("an entry that runs %s could not be started later: %s", e.Command, e.Why)
}
func (e *PassingError) Hints() []string {
	return []string{"nothing was written; put tshmcp in a lasting place, for example with go install or by copying it into a folder in PATH, and run this command from there"}
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
		return e.File + ": a client on Windows reads this file, and it is not clear which Linux this is, since WSL_DISTRO_NAME is not set"
	}
	return e.File + ": a client in Linux reads this file, and cannot start this program, which is for Windows"
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
	return []string{"choose paths, headers and the like without blanks and shell characters, or run tshmcp.exe on Windows"}
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
		return []string{"the file is for everyone who works on the project and so runs tshmcp from PATH: put it there under this name; --no-check skips this check"}
	}
	return []string{"see what this command says in a terminal; --no-check skips this check"}
}
func (e *StartError) ExitCode() int           { return exitError }
func (e *StartError) ErrorCode() errcode.Code { return errcode.ConfigStart }
