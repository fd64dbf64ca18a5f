// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

var (
	// ErrFormat: files of this format cannot be edited.
	ErrFormat = errcode.New(errcode.ConfigFormat, "config files of this format cannot be edited; print the entry and paste it")
	// ErrBusy: another program kept changing the file, or held its lock.
	ErrBusy = errcode.New(errcode.ConfigBusy, "another program keeps changing the file")
	// ErrReadOnly: the file's mode forbids writing.
	ErrReadOnly = errcode.New(errcode.FileReadOnly, "the file is read-only")
	// ErrNotFile: a directory, a device or the like is at the path.
	ErrNotFile = errcode.New(errcode.FileKind, "not a regular file")
	// ErrTooLarge: the file is larger than any config file should be.
	ErrTooLarge = errcode.New(errcode.FileTooLarge, "the file is too large to be a config file")
)

// SyntaxError says at which place a file cannot be edited: it is not JSON, has
// a comment although its client accepts none, a key twice, or something else
// than an object where the servers should be. The file is untouched.
type SyntaxError struct {
	Line   int    // from 1
	Column int    // from 1, in characters
	Msg    string // never quotes a value of the file
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Msg)
}
func (e *SyntaxError) ErrorCode() errcode.Code { return errcode.ConfigSyntax }

// ForeignEntryError: an entry of that name exists and runs another program.
type ForeignEntryError struct {
	Name    string
	Command string // base name of the program it runs; "" if it runs none
}

func (e *ForeignEntryError) Error() string {
	if e.Command == "" {
		return fmt.Sprintf("entry %q exists and is not a tshmcp entry", e.Name)
	}
	return fmt.Sprintf("entry %q exists and runs %s", e.Name, e.Command)
}
func (e *ForeignEntryError) ErrorCode() errcode.Code { return errcode.ConfigForeignEntry }

// NameError: the client does not take a server of that name.
type NameError struct {
	Client string // the client's name, "" for any client
	Name   string
	Msg    string
}

func (e *NameError) Error() string {
	return fmt.Sprintf("server name %q%s: %s", e.Name, forClient(e.Client), e.Msg)
}
func (e *NameError) ErrorCode() errcode.Code { return errcode.ConfigName }

// ValueError: the client would change the value of a field, or cannot hold it.
type ValueError struct {
	Client string
	Field  string // "command", "args[1]", "env HTTPS_PROXY"; never the value
	Msg    string
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s%s: %s", e.Field, forClient(e.Client), e.Msg)
}
func (e *ValueError) ErrorCode() errcode.Code { return errcode.ConfigValue }

// AmbiguousPathError: a client's file can be at several places, and which one
// it reads cannot be told.
type AmbiguousPathError struct {
	Client string
	Paths  []string // sorted
}

func (e *AmbiguousPathError) Error() string {
	return fmt.Sprintf("%s has more than one config file, name the one to edit: %s", e.Client, strings.Join(e.Paths, ", "))
}
func (e *AmbiguousPathError) ErrorCode() errcode.Code { return errcode.ConfigWhichFile }

// NoFileError: there is no file that could be written for a client, always or
// on this system. Its entry can be printed and pasted.
type NoFileError struct {
	Client string
	Reason string // such as "servers are set in the app only"
}

func (e *NoFileError) Error() string {
	return fmt.Sprintf("%s has no config file to write: %s", e.Client, e.Reason)
}
func (e *NoFileError) ErrorCode() errcode.Code { return errcode.ConfigNoFile }

// WrongFileError: the client reads no servers from this file.
type WrongFileError struct {
	File   string
	Client string   // name
	Right  []string // what to name instead: files that it reads, or its id
}

func (e *WrongFileError) Error() string {
	return fmt.Sprintf("%s: %s reads no MCP servers from this file", e.File, e.Client)
}
func (e *WrongFileError) ErrorCode() errcode.Code { return errcode.ConfigWhichFile }

// ShapeError: a file cannot have the shape that was asked for.
type ShapeError struct{ Msg string }

func (e *ShapeError) Error() string           { return e.Msg }
func (e *ShapeError) ErrorCode() errcode.Code { return errcode.ConfigFormat }

// UnknownFileError: neither the place of a file, nor its name, nor what is in it
// tells which client reads it, and so in what shape.
type UnknownFileError struct {
	Old bool // it has mcp.servers, where older versions of VS Code had them
}

func (e *UnknownFileError) Error() string {
	if e.Old {
		return "no client reads servers under mcp.servers any longer: VS Code has them in mcp.json, under servers"
	}
	return "it is not clear which MCP client reads this file, neither from its place and name nor from its content"
}
func (e *UnknownFileError) ErrorCode() errcode.Code { return errcode.ConfigWhichFile }

// OutsideError: a symlink leads out of the folder that a file has to be in.
type OutsideError struct {
	Folder string
	File   string // where it leads
}

func (e *OutsideError) Error() string {
	return fmt.Sprintf("a link leads out of %s, to %s", e.Folder, e.File)
}
func (e *OutsideError) ErrorCode() errcode.Code { return errcode.ConfigOutside }

func forClient(name string) string {
	if name == "" {
		return ""
	}
	return " for " + name
}
