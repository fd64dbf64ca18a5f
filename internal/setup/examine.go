// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"fmt"
	"strings"

	"github.com/tshmcp/tshmcp/internal/clientcfg"
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
	"github.com/tshmcp/tshmcp/internal/plainfile"
)

// Trouble is what keeps an entry of ours from doing what it is there for.
type Trouble struct {
	Entry   string
	Text    string
	Fatal   bool   // the client gets nothing from the server
	Do      string // what mends it, in words; "" if Command says it
	Command string // a command line that mends it; "" if there is none
}

// Examiner looks at entries as their clients use them. The same command is started
// once only.
type Examiner struct {
	Machine *Machine
	Command string                    // this program
	Known   func(app string) []string // names of tools that the app has; nil: nothing is known

	started starts
}

// Examine returns the troubles of some of a client's entries.
func (x *Examiner) Examine(ctx context.Context, s ClientState, entries []ListedEntry) []Trouble {
	var all []Trouble
	for _, e := range entries {
		all = append(all, x.program(ctx, s, e)...)
		all = append(all, x.long(s, e)...)
	}
	return append(all, x.off(s, entries)...)
}

// again is the command line that writes an entry anew, with more flags, or takes it out
// where it does not say which server is meant.
func (s ClientState) again(e ListedEntry, more ...string) string {
	where := []string{"--client-config=" + s.Ref()}
	if s.Shared && s.ID != "" {
		where = append(where, "--scope="+string(clientcfg.ProjectScope))
	}
	if e.App == "" {
		return plain.Command(append([]string{"tshmcp", "config", "--remove", e.Name}, where...)...)
	}
	if e.Proxy != "" {
		where = append(where, proxyArg+e.Proxy)
	}
	if e.Leaf != "" {
		where = append(where, clusterArg+e.Leaf)
	}
	if e.Path != "" {
		where = append(where, pathArg+e.Path)
	}
	return plain.Command(append(append([]string{"tshmcp", "config", e.App}, where...), more...)...)
}

// program is about what an entry starts.
func (x *Examiner) program(ctx context.Context, s ClientState, e ListedEntry) []Trouble {
	if e.App == "" {
		return []Trouble{{Entry: e.Name, Fatal: true, Command: s.again(e), Do: "then set the server up again",
			Text: fmt.Sprintf("%s runs %s without tshmcp connect and the name of an MCP server", e.Name, e.Command)}}
	}
	switch err := x.start(ctx, e); {
	case err != nil:
		return []Trouble{{Entry: e.Name, Fatal: true, Command: s.again(e),
			Text: fmt.Sprintf("%s runs %s, which does not start: %s", e.Name, e.Command, startText(err))}}
	case e.Drift:
		return []Trouble{{Entry: e.Name, Command: s.again(e), Text: fmt.Sprintf("%s runs a different tshmcp than this one: %s", e.Name, e.Command)}}
	}
	return nil
}

// start starts the command of an entry, unless that is this program itself or on
// another system.
func (x *Examiner) start(ctx context.Context, e ListedEntry) error {
	if !e.Drift {
		return nil
	}
	return x.started.start(ctx, x.Machine, e.Command)
}

// startText leaves out what the sentence has said.
func startText(err error) string {
	text := errcode.Words(err)
	if i := strings.LastIndex(text, ": "); i >= 0 && strings.HasPrefix(text, "fork/exec ") {
		return text[i+2:]
	}
	return text
}

// long is about tools whose names are beyond the client's limit.
func (x *Examiner) long(s ClientState, e ListedEntry) []Trouble {
	if s.Limit.Harmless || x.Known == nil {
		return nil
	}
	long := s.Limit.TooLong(e.Name, x.Known(e.App))
	if len(long) == 0 {
		return nil
	}
	trouble := Trouble{Entry: e.Name, Do: onlyShorter,
		Text: fmt.Sprintf("%d of its tools have names that are too long for %s, such as %s: %s", len(long), s.Title(), s.Limit.Name(e.Name, long[0]), s.Limit.Beyond)}
	if s.Limit.Fits(e.App, long) {
		trouble.Do, trouble.Command = "a shorter name helps", s.again(e, "--name-prefix=")+" && "+s.again(ListedEntry{Name: e.Name})
	}
	return []Trouble{trouble}
}

// maxExamined bounds a client's file, in bytes.
const maxExamined = 64 << 20

// off is about entries that the client does not start.
func (x *Examiner) off(s ClientState, entries []ListedEntry) []Trouble {
	data, err := plainfile.Read(s.File, plainfile.Named, maxExamined)
	if err != nil {
		return nil // States has told why
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	var all []Trouble
	for _, off := range clientcfg.SwitchedOff(s.Client, x.Machine.clientEnv(), s.File, data, names) {
		all = append(all, Trouble{Entry: off.Name, Fatal: !off.Partly, Do: off.Do,
			Text: fmt.Sprintf("%s is switched off: in %s, %s", off.Name, off.Where, off.Why)})
	}
	found, _ := s.Client.EntriesOf(s.File, nil)
	return append(all, noServers(s.File, found)...)
}

// noServers are what in a file is no server: many clients then read nothing in it.
func noServers(file string, found []clientcfg.Found) []Trouble {
	var all []Trouble
	for _, f := range found {
		if f.NoServer {
			all = append(all, Trouble{Entry: f.Name, Do: "take it out",
				Text: fmt.Sprintf("%s has something else than a server under the name %s, because of which the client may start none of them", file, f.Name)})
		}
	}
	return all
}

// Runs reports whether the client runs now, if it is one that writes its own copy
// of the file over what others have changed there.
func (m *Machine) Runs(ctx context.Context, t Target) bool {
	names := t.Processes[m.GOOS]
	return len(names) > 0 && runs(ctx, m.GOOS, names)
}
