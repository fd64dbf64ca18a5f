// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"io"
	"slices"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// LoginTable writes one line for each login, what was assumed with them, and the
// commands that renew those that need it; nothing without any.
func LoginTable(w io.Writer, logins []Login) error {
	if len(logins) == 0 {
		return nil
	}
	t := plain.NewTable(w, "", "PROXY", "CLUSTER", "USER", "ROLES", "STATE", "VALID UNTIL", "STORE", "APPS")
	t.Spare("STORE", "ROLES", "APPS", "CLUSTER", "USER")
	t.Whole("PROXY", "CLUSTER", "USER", "STATE", "VALID UNTIL")
	t.Tall()
	t.Colour("STATE", stateColour)
	for _, l := range logins {
		mark := ""
		if l.Current {
			mark = "*"
		}
		t.Row(mark, l.Proxy, l.Cluster, l.Username, strings.Join(l.Roles, ","),
			string(l.State), l.usable(), strings.TrimSpace(l.Store+" "+l.Path), l.appsText())
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, l := range logins {
		for _, a := range l.Assumed {
			if err := plain.Fprintf(w, "%s: %s\n", l.Cluster, a.Text(l.now)); err != nil {
				return err
			}
		}
	}
	return printRenewals(w, logins)
}

// printRenewals names the commands that renew the current login and those that
// have expired or are about to.
func printRenewals(w io.Writer, logins []Login) error {
	text := ""
	for _, l := range logins {
		if l.Renew != "" && (l.Current || l.State != OK) {
			text += "\nTo renew the login to " + plain.Line(l.Cluster) + ", run:\n  " + l.Renew + "\n"
		}
	}
	_, err := io.WriteString(w, plain.WrapFor(w, text))
	return err
}

// stateColour is that of a login's state, which the text says too.
func stateColour(state string) plain.Colour {
	return map[State]plain.Colour{OK: plain.Green, Expiring: plain.Yellow, Expired: plain.Red}[State(state)]
}

// usable is until when, and how, a login can be used.
func (l *Login) usable() string {
	text := validity(l.Expires, l.now)
	if l.Insecure {
		text += ", with --insecure alone"
	}
	return text
}

// appsText is the apps, with the time of those that outlive the login.
func (l *Login) appsText() string {
	outliving, apps := l.outliving(), l.allApps()
	for i, name := range apps {
		if slices.Contains(outliving, name) {
			apps[i] += " (in " + Span(l.AppsExpire[name].Sub(l.now)) + ")"
		}
	}
	return strings.Join(apps, ",")
}

// Text says what is assumed and until when.
func (a Assumed) Text(now time.Time) string {
	what := "the roles " + strings.Join(a.Roles, ", ")
	if len(a.Apps) > 0 {
		what = strings.Join(a.Apps, ", ")
	}
	return plain.Sprintf("Assumed by access request %s: %s, until %s.", strings.Join(a.Requests, " and "), what, validity(a.Expires, now))
}

// serverTable writes one line for each server, as far as they fit, and tells whether
// something was cut; nothing without any.
func serverTable(w io.Writer, servers []Server, now time.Time) (cut bool, err error) {
	t := plain.NewTable(w, "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "LABELS")
	t.Spare("LABELS", "TYPE", "DESCRIPTION")
	t.Whole("NAME") // it is typed
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, s.toolsText(), labelsText(s.Labels))
	}
	err = flushServers(w, t, servers, now)
	return t.Cut(), err
}

// wideTable writes every column, and cuts none.
func wideTable(w io.Writer, servers []Server, now time.Time) error {
	t := plain.NewTable(plain.Unbounded(w), "NAME", "DESCRIPTION", "TYPE", "ALLOWED TOOLS", "DENIED TOOLS", "LABELS", "CLUSTER", "URI")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, s.allowedText(),
			strings.Join(s.DeniedTools, ", "), labelsText(s.Labels), s.Cluster, s.URI)
	}
	return flushServers(w, t, servers, now)
}

// flushServers writes a table of servers, and the notes that explain its marks.
func flushServers(w io.Writer, t *plain.Table, servers []Server, now time.Time) error {
	if len(servers) == 0 {
		return nil
	}
	if err := t.Flush(); err != nil {
		return err
	}
	text := ""
	for i, note := range notesOn(servers, now) {
		if i == 0 {
			text = "\n"
		}
		text += plain.WrapFor(w, note+"\n")
	}
	_, err := io.WriteString(w, text)
	return err
}

// printNames writes one name a line.
func printNames(w io.Writer, servers []Server) error {
	for _, s := range servers {
		if err := plain.Fprintf(w, "%s\n", s.Name); err != nil {
			return err
		}
	}
	return nil
}

// requestableTable writes one line for each server that may be requested; nothing
// without any.
func requestableTable(w io.Writer, servers []RequestableServer) error {
	if len(servers) == 0 {
		return nil
	}
	t := plain.NewTable(w, "NAME", "DESCRIPTION", "TYPE", "LABELS")
	t.Whole("NAME")
	for _, s := range servers {
		t.Row(s.Name, s.Description, s.Type, labelsText(s.Labels))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	return plain.Fprintf(w, "\nTo request one: %s\n", plain.Again(servers[0].named, "request", "create", "NAME", "--reason=why you need it", "--wait"))
}
