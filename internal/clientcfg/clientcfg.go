// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package clientcfg edits the config files of MCP clients: Claude, Cursor, VS
// Code, Codex, Goose and the rest of some thirty, and any file of their shapes.
//
// A client is a row of a table (table.go, table_*.go): where its file is, where
// in the file its servers live, what an entry looks like, which names and values
// it takes, what it passes on to a server. There is one pure editor per format,
// bytes in and bytes out (json*.go, toml*.go, yaml*.go): it tells what is in a
// file and how to put one thing in or take it out, while edit.go and merge.go
// say what is to be done, for all formats alike. [Client.Write] puts the result
// on disk. To add a client, add a row; to add a format, add an editor.
//
// These files belong to somebody else, often to several programs at once, so
// the rules are strict:
//
//   - A file that cannot be read, or only in part, is refused with line and
//     column, never replaced. YAML is refused too where flow style, anchors or
//     tags stand in the way of a safe edit.
//   - Only bytes of the servers change. Where there is no place for them yet,
//     one is added to the end of what should hold it. Comments, blank lines,
//     trailing commas, indentation, line ends, a byte order mark and the end of
//     the file stay as they are.
//   - An entry that exists keeps the fields this package does not know, such as
//     disabled or autoApprove, and its form: inline, dotted or under a header.
//   - An entry of the same name that runs another program is refused, unless
//     the caller insists.
//   - A second run with the same entries changes nothing, and removing what was
//     added gives the file as it was.
package clientcfg

import (
	"context"
	"errors"
)

// Format is the syntax of a config file.
type Format string

// The formats of config files.
const (
	JSON         Format = "json"          // the client refuses comments and trailing commas
	JSONComments Format = "json-comments" // comments are accepted, trailing commas are not
	JSONC        Format = "jsonc"         // comments and trailing commas are accepted
	TOML         Format = "toml"
	YAML         Format = "yaml"
)

// Entry is one stdio server as a client starts it.
type Entry struct {
	Command string            // program, an absolute path
	Args    []string          // its arguments
	Env     map[string]string // added to what the client passes on; nil: nothing
	EnvVars []string          // names the client is to pass on with their values of that time, if it can; see [Client.Environ]
}

// Client is one MCP client and its config file. The zero value is one of the
// usual shape, JSON with servers under "mcpServers".
// Clients are read-only and safe for concurrent use.
type Client struct {
	ID      string   // as in --client-config; "" for a file of no known client
	Aliases []string // other ids
	Name    string   // for people
	Format  Format   // "" means JSONC
	After   string   // what the person has to do once the file has changed
	Logs    string   // where the client says what it made of a server; "" if nothing is known

	Instead     string // id of the client that is meant where this one cannot be here; "" for none
	PrintOnly   bool   // no file is written: the entry is printed to be pasted
	PrintReason string // why; "" unless PrintOnly

	Shared bool   // the file is that of a project, for all who work on it
	Root   string // the project's folder, if Shared

	Project      string // path of a project's file below the project's folder, with slashes; "" if there is none
	ProjectAfter string // as After, for a project's file; "" means After

	Limit     ToolLimit // how long names may be
	VendorCLI string    // command of the vendor that writes the same entry, with NAME, COMMAND and ARGS; "" if none

	// Processes are the names, by GOOS, under which the app runs, if a running
	// app writes its own copy of the file over ours.
	Processes map[string][]string

	file     string // set by ForPath and In: the path that was asked for
	files    []string
	places   map[string][]place
	nowhere  string            // why, if none of the places applies
	marks    []string          // folders that show that the client is installed, as place.path
	managed  map[string]notice // by GOOS
	gates    []gate            // settings that keep servers from being started
	admin    map[string]string // by GOOS: folder of an administrator's settings
	project  *projectFile      // how a project's file differs; nil: not at all
	layouts  []layout
	preamble string // what a new file needs besides the servers
	noMark   bool   // its parser takes no byte order mark
	names    nameRules
	values   valueRules
	env      envRules
}

// Edit returns data, the content of a config file, with the entries added or
// brought up to date. Empty data starts a new file. If everything is there
// already, the result equals data. In an entry that exists, command, args and
// the given environment names are replaced and all else is kept.
//
// Errors: *[SyntaxError], *[ForeignEntryError], *[NameError], *[ValueError],
// *[UnknownFileError], [ErrFormat].
func (c Client) Edit(data []byte, entries map[string]Entry) ([]byte, error) {
	return c.editor().apply(context.Background(), data, change{set: entries})
}

// Remove returns data without the named entries; names that are not there are
// ignored. What a person wrote around an entry stays, except a comment that
// follows it on its last line. Errors as for [Client.Edit]; an entry is ours if
// its program is called tshmcp.
func (c Client) Remove(data []byte, names []string) ([]byte, error) {
	return c.editor().apply(context.Background(), data, change{remove: names})
}

// RenderAll returns what a person can paste into a config file of this client
// for these entries, in the format of the file, with a final newline.
func (c Client) RenderAll(entries map[string]Entry, opts Options) ([]byte, error) {
	c.preamble = ""
	return c.editor().apply(context.Background(), nil, opts.change(change{set: entries}))
}

// Entries lists the servers in data, the content of a config file, in the order
// of the file. An entry is ours if it runs tshmcp, or one of the programs at the
// paths of self. Errors: *[SyntaxError], [ErrFormat].
func (c Client) Entries(data []byte, self ...string) ([]Found, error) {
	return c.editor().entries(data, func(string) bool { return true }, self)
}

// editor edits texts of this client.
func (c Client) editor() editor {
	ed := editor{format: c.Format, noMark: c.noMark, layouts: c.layouts, preamble: c.preamble, check: c.Check, checkName: c.CheckName}
	if ed.format == "" {
		ed.format = JSONC
	}
	if len(ed.layouts) == 0 {
		ed.layouts = []layout{mcpServers}
	}
	return ed
}

// Check reports why an entry cannot be written for this client, under whatever
// name, as a *[ValueError].
func (c Client) Check(e Entry) error {
	err := c.values.check(e)
	var value *ValueError
	if errors.As(err, &value) {
		value.Client = c.Name
	}
	return err
}

// CheckName reports, as a *[NameError], why this client does not take a server
// of that name; nil means that it does.
func (c Client) CheckName(name string) error { return c.names.check(c.Name, name) }

// NameKey is the same for names that this client takes for one.
func (c Client) NameKey(name string) string { return c.names.key(name) }

// SafeName returns the nearest name that the client takes for a server. If the
// tools of the server are known and the client's limit needs it, the well-known
// prefix "teleport-mcp-" gets shorter too. Different names may become the same.
func (c Client) SafeName(name string, tools ...string) string {
	return c.names.safe(c.Limit, name, tools)
}

// Environ sorts out what a server's environment needs from its entry. names are
// the variables that the program reads; of those that are set now, frozen has
// what the client would not pass on, with the values of now, for [Entry.Env],
// and live the names of those that the client can be told to pass on, for
// [Entry.EnvVars]. To frozen come the variables without which no program works,
// such as HOME, if the client takes away even these.
func (c Client) Environ(env Env, names ...string) (frozen map[string]string, live []string) {
	return c.env.divide(env, c.values.envNames, names)
}
