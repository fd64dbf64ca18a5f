// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// ToolLimit is how long the names may be under which a client shows tools to
// its model. The zero value is no limit.
type ToolLimit struct {
	Prefix    string // before the server's name
	Separator string // between the server's name and the tool's
	ServerMax int    // so many characters of the server's name count at most; 0: all
	Max       int    // in characters; 0: none is known
	Beyond    string // what happens to a longer name, as the end of "NAME is too long: ..."
	Harmless  bool   // the client shortens a longer name and all works
}

// usualLimit is that of the models' APIs, with the commonest way to build a
// name: the rule for clients that say nothing about it.
var usualLimit = ToolLimit{Prefix: "mcp__", Separator: "__", Max: 64, Beyond: "the model's API may then refuse the tool"}

// Name is the name that counts for a tool of a server.
func (l ToolLimit) Name(server, tool string) string {
	if short := []rune(server); l.ServerMax > 0 && len(short) > l.ServerMax {
		server = string(short[:l.ServerMax])
	}
	return l.Prefix + server + l.Separator + tool
}

// TooLong returns those of a server's tools whose names are beyond the limit.
func (l ToolLimit) TooLong(server string, tools []string) []string {
	var all []string
	for _, tool := range tools {
		if l.Max > 0 && utf8.RuneCountInString(l.Name(server, tool)) > l.Max {
			all = append(all, tool)
		}
	}
	return all
}

// nameRules say which server names a client takes, beyond what any client does.
type nameRules struct {
	bad      *regexp.Regexp // characters that it does not take; nil: none
	says     string         // the others in words
	reserved *regexp.Regexp // nil: none
	folds    bool           // the client takes away case and blanks, so that names which differ in these alone are one
}

// NameKey is the same for names that this client takes for one.
func (c Client) NameKey(name string) string {
	if !c.names.folds {
		return name
	}
	return strings.ToLower(strings.Join(strings.Fields(name), ""))
}

// allBut matches a character that is not in a class such as a-z.
func allBut(class string) *regexp.Regexp {
	return regexp.MustCompile("[^" + class + "]")
}

// longPrefix makes our entries recognisable; shortPrefixes do with less room.
const longPrefix = "teleport-mcp-"

var shortPrefixes = []string{longPrefix, "teleport-", "tp-", ""}

// SafeName returns the nearest name that the client takes for a server. If the
// tools of the server are known and the client's limit needs it, the well-known
// prefix "teleport-mcp-" gets shorter too. Different names may become the same.
func (c Client) SafeName(name string, tools ...string) string {
	best := c.acceptable(name)
	app, ok := strings.CutPrefix(name, longPrefix)
	if !ok || app == "" || c.Limit.Harmless {
		return best
	}
	least := len(c.Limit.TooLong(best, tools))
	for _, prefix := range shortPrefixes[1:] {
		shorter := c.acceptable(prefix + app)
		if n := len(c.Limit.TooLong(shorter, tools)); n < least {
			best, least = shorter, n
		}
	}
	return best
}

// acceptable changes a name until the client takes it.
func (c Client) acceptable(name string) string {
	if c.CheckName(name) == nil {
		return name
	}
	name = strings.TrimSpace(strings.ToValidUTF8(name, "-"))
	name = control.ReplaceAllString(name, "-")
	if c.names.bad != nil && c.names.bad.MatchString("A") {
		name = strings.ToLower(name)
	}
	if c.names.bad != nil {
		name = c.names.bad.ReplaceAllString(name, "-")
	}
	for _, candidate := range []string{name, "mcp-" + name} {
		if c.CheckName(candidate) == nil {
			return candidate
		}
	}
	return "mcp"
}

var control = regexp.MustCompile(`\pC`)

// fits reports whether all characters of a name are taken.
func (r nameRules) fits(name string) bool {
	return r.bad == nil || !r.bad.MatchString(name)
}

// hasFold is [slices.Contains] in any case, as for variables on Windows.
func hasFold(all []string, s string) bool {
	return slices.ContainsFunc(all, func(t string) bool { return strings.EqualFold(s, t) })
}
