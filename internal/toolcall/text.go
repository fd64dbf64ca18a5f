// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// The widest texts of a table, in characters.
const (
	longestSummary   = 72
	longestSignature = 48
	longestMeaning   = 400
)

// short are the words of a text from elsewhere, at most so many characters of them.
// Of a long one no more than its beginning is looked at.
func short(text string, most int) string { return plain.Cut(plain.Words(begin(text, most)), most) }

// begin is as much of a text as is worth looking at for a number of characters.
func begin(text string, most int) string { return text[:min(len(text), 16*most)] }

// Summary is the beginning of what a tool is said to do.
func (t *Tool) Summary() string { return summary(t.Description, t.Title) }

// summary is the first line of a description, or the title.
func summary(description, title string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(begin(description, longestSummary)), "\n")
	if first == "" {
		first = title
	}
	return short(first, longestSummary)
}

// signature is the names of the arguments, required ones with a star.
func (t *Tool) signature() string {
	var names []string
	for _, a := range t.Arguments {
		name := short(a.Name, longestSignature)
		if a.Required {
			name += "*"
		}
		names = append(names, name)
	}
	return plain.Cut(strings.Join(names, " "), longestSignature)
}

// accessText says whether the tool may be used, and which roles say so.
func (t *Tool) accessText() string {
	roles := strings.Join(t.Roles, ", ")
	switch {
	case t.Access == Allowed:
		return "allowed by " + roles
	case t.Access == Denied && roles == "":
		return "denied: no role allows it"
	case t.Access == Denied:
		return "denied by " + roles
	case roles != "":
		return "listed; decided by a condition of " + roles
	}
	return "listed"
}

// commandLine is a call of the tool with what it needs.
func (t *Tool) commandLine(at Place) string {
	words := []string{t.Name}
	for _, a := range t.Arguments {
		if a.Required {
			words = append(words, a.Name+"="+a.example())
		}
	}
	return at.command("call", words...)
}

// requiredText is the cell of a table.
func (a *Argument) requiredText() string {
	if a.Required {
		return "yes"
	}
	return "no"
}

// meaning is what an argument is for, the values that it may have, hints and its limits,
// and the value that it has if it is left out.
func (a *Argument) meaning(hints ...string) string {
	text := short(a.Description, longestMeaning)
	if values := a.valuesText(); values != "" {
		text += " [" + plain.Cut(values, longestMeaning) + "]"
	}
	notes := append(hints, a.limits.texts(a.kind)...)
	if a.Default != nil {
		notes = append(notes, "default: "+a.defaultText())
	}
	if len(notes) > 0 {
		text += " (" + strings.Join(notes, "; ") + ")"
	}
	return strings.TrimSpace(text)
}

// fewValues is how many values are told where there are more than worth telling.
const fewValues = 5

// valuesText are the values that there are, or the first of many: of an array's elements
// if it is one.
func (a *Argument) valuesText() string {
	values := a.kind.enum
	if len(values) == 0 {
		values = a.of.enum
	}
	more := 0
	if len(values) > maxValues {
		more = len(values) - fewValues
	}
	var texts []string
	for _, o := range values[:len(values)-more] {
		texts = append(texts, o.text())
	}
	if more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(texts, ", ")
}

// defaultText is the default as it is typed.
func (a *Argument) defaultText() string {
	if a.Default == "" {
		return `""`
	}
	list, ok := a.Default.([]any)
	if !ok || len(a.of.enum) == 0 {
		return valueText(a.Default)
	}
	var texts []string
	for _, v := range list {
		texts = append(texts, valueText(v))
	}
	return strings.Join(texts, ", ")
}

// example is a value of the argument's type.
func (a *Argument) example() string {
	if len(a.Values) > 0 {
		return typedText(a.Values[0])
	}
	name, _, _ := strings.Cut(a.Type, " ")
	if text, ok := map[string]string{"integer": "1", "number": "1", "boolean": "true", "object": "{}"}[name]; ok {
		return text
	}
	return "..."
}

// valueText is a value as it is typed, for people to see.
func valueText(v any) string { return short(typedText(v), longestSaid) }

// typedText is a value as it is typed.
func typedText(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	text, err := json.Marshal(v)
	if err != nil {
		return "?"
	}
	return string(text)
}

// quoted are the lines of a text of the server, as many as there may be, each with a
// bar before it: none of them can be taken for ours.
func quoted(text string, most int) []string {
	lines := strings.SplitN(strings.TrimSpace(plain.Text(begin(text, 2*longestSaid*most))), "\n", most+1)
	if len(lines) > most {
		lines[most] = "..."
	}
	for i, line := range lines {
		lines[i] = "  | " + plain.Cut(line, 2*longestSaid)
	}
	return lines
}

// progressText is how far a call is, on one line.
func progressText(p *mcp.ProgressNotificationParams) string {
	text := fmt.Sprint(p.Progress)
	if p.Total > 0 {
		text += fmt.Sprintf("/%v", p.Total)
	}
	return text + " " + said(p.Message)
}

// Complete offers what can follow on a command line behind the words that are
// there: the arguments that are missing, or the values of one.
func (t *Tool) Complete(given []string, word string) []string {
	var all []string
	offer := func(text string) {
		if plain.Typable(strings.ReplaceAll(text, "=", "")) {
			all = append(all, text)
		}
	}
	for _, a := range t.Arguments {
		if !strings.HasPrefix(word, a.Name+"=") {
			used := slices.ContainsFunc(given, func(g string) bool { return strings.HasPrefix(g, a.Name+"=") })
			if !used || strings.HasPrefix(a.Type, "array") {
				offer(a.Name + "=")
			}
			continue
		}
		for _, v := range a.Values {
			offer(a.Name + "=" + typedText(v))
		}
		if a.Type == "boolean" {
			offer(a.Name + "=true")
			offer(a.Name + "=false")
		}
	}
	return all
}
