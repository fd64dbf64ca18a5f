// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package clientcfg

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tshmcp/tshmcp/internal/pattern"
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

// Fits tells whether some of a server's tools would have names within the limit if the
// server had that name.
func (l ToolLimit) Fits(server string, tools []string) bool {
	return len(l.TooLong(server, tools)) < len(tools)
}

// nameRules say which server names a client takes, beyond what any client does.
type nameRules struct {
	bad      *pattern.Pattern // characters that it does not take; nil: none
	says     string           // the others in words
	reserved *pattern.Pattern // nil: none
	folds    bool             // the client takes away case and blanks, so that names which differ in these alone are one
}

// check reports, as a *[NameError], why a server of that name is not taken by the
// client.
func (r nameRules) check(client, name string) error {
	fail := func(client, msg string) error { return &NameError{Client: client, Name: name, Msg: msg} }
	switch {
	case name == "":
		return fail("", "empty")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, isUnseen):
		return fail("", "has characters that cannot be printed")
	case len(name) > maxName:
		return fail("", fmt.Sprintf("is longer than %d bytes", maxName))
	case strings.TrimSpace(name) != name:
		return fail("", "begins or ends with a blank")
	case !r.fits(name):
		return fail(client, r.says)
	case r.reserved != nil && r.reserved.MatchString(name):
		return fail(client, "the name is reserved")
	}
	return nil
}

// key is the same for names that are taken for one.
func (r nameRules) key(name string) string {
	if !r.folds {
		return name
	}
	return strings.ToLower(strings.Join(strings.Fields(name), ""))
}

// allBut matches a character that is not in a class such as a-z.
func allBut(class string) *pattern.Pattern {
	return pattern.New("[^" + class + "]")
}

// maxName bounds a name in bytes. A key of YAML may have 1,024 characters; with a longer
// one the client could not read any of its file.
const maxName = 200

// otherPrefix is for names that are not taken without one.
const otherPrefix = "mcp-"

// longPrefix makes our entries recognisable; shortPrefixes do with less room.
const longPrefix = "teleport-mcp-"

var shortPrefixes = []string{longPrefix, "teleport-", "tp-", ""}

// safe is [Client.SafeName] for a client with that limit.
func (r nameRules) safe(limit ToolLimit, name string, tools []string) string {
	best := r.acceptable(name)
	app, ok := strings.CutPrefix(name, longPrefix)
	if !ok || app == "" || limit.Harmless {
		return best
	}
	least := len(limit.TooLong(best, tools))
	for _, prefix := range shortPrefixes[1:] {
		shorter := r.acceptable(prefix + app)
		if n := len(limit.TooLong(shorter, tools)); n < least {
			best, least = shorter, n
		}
	}
	return best
}

// acceptable changes a name until it is taken, and no command takes it for a flag.
func (r nameRules) acceptable(name string) string {
	if r.check("", name) == nil && name[0] != '-' {
		return name
	}
	name = unseen.ReplaceAllString(strings.TrimSpace(strings.ToValidUTF8(name, "-")), "-")
	name = strings.TrimSpace(strings.ToValidUTF8(name[:min(len(name), maxName-len(otherPrefix))], ""))
	if r.bad != nil && r.bad.MatchString("A") {
		name = strings.ToLower(name)
	}
	if r.bad != nil {
		name = r.bad.ReplaceAllString(name, "-")
	}
	name = strings.TrimLeft(name, "- ")
	for _, candidate := range []string{name, otherPrefix + name} {
		if r.check("", candidate) == nil {
			return candidate
		}
	}
	return "mcp"
}

var control = pattern.New(`\pC`)

// unseen matches what isUnseen, and all else that is not seen.
var unseen = pattern.New(`[\pC\p{Zl}\p{Zp}]`)

// isUnseen reports whether a character is not seen, and changes how others are.
func isUnseen(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}

// fits reports whether all characters of a name are taken.
func (r nameRules) fits(name string) bool {
	return r.bad == nil || !r.bad.MatchString(name)
}

// hasFold is [slices.Contains] in any case, as for variables on Windows.
func hasFold(all []string, s string) bool {
	return slices.ContainsFunc(all, func(t string) bool { return strings.EqualFold(s, t) })
}
