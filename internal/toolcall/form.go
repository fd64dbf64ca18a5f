// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// maxTyped is how often a person may mistype an answer.
const maxTyped = 5

// widestPrompt is how wide a question may be that is answered on its line, in cells.
const widestPrompt = 60

// form asks for one value after the other, in the server's order.
func (e *Elicitor) form(ctx context.Context, s schema) (*mcp.ElicitResult, error) {
	content := map[string]any{}
	fields := s.declared()
	if len(fields) == 0 {
		return e.agreed(ctx, "Agree? (y/n) ", content)
	}
	e.Say("The server gets what you type. Enter alone takes the default, or skips what is optional.")
	answer, err := e.agreed(ctx, "Answer it? (y/n) ", content)
	if err != nil || answer.Action != "accept" {
		return answer, err
	}
	for _, field := range fields {
		value, err := e.field(ctx, s, field)
		if err != nil {
			return nil, err
		}
		switch {
		case value != nil:
			content[field.Name] = plainNumbers(value)
		case field.Required:
			e.Say("Without " + field.label() + " there is no answer; the question is declined.")
			return &mcp.ElicitResult{Action: "decline"}, nil
		}
	}
	return answer, nil
}

// field asks for one value; nil is none.
func (e *Elicitor) field(ctx context.Context, s schema, a Argument) (any, error) {
	if a.Default != nil {
		if _, err := s.answer(a, typedText(a.Default)); err != nil { // the server would not take it
			a.Default = nil
		}
	}
	prompt := "  " + a.question() + ": "
	if plain.Width(prompt) > widestPrompt {
		e.Say(strings.TrimRight(prompt, " "))
		prompt = "  > "
	}
	for range maxTyped {
		line, err := e.Person.Ask(ctx, prompt)
		if err != nil {
			return nil, err
		}
		if line == "" {
			if a.Default != nil || !a.Required {
				return a.Default, nil
			}
			continue
		}
		value, err := s.answer(a, line)
		if err == nil {
			return value, nil
		}
		e.Say("  " + a.label() + " " + said(err.Error()))
	}
	return nil, nil
}

// label is what a person knows the value as.
func (a *Argument) label() string {
	if title := short(a.title, longestValue); title != "" {
		return title
	}
	return short(a.Name, longestValue)
}

// question is what is asked for, and what may be typed.
func (a *Argument) question() string {
	shown := *a
	var hints []string
	switch {
	case len(a.kind.enum) > 0:
	case a.kind.is("boolean"):
		hints = append(hints, "yes or no")
		if yes, ok := a.Default.(bool); ok {
			shown.Default = map[bool]string{true: "yes", false: "no"}[yes]
		}
	case a.kind.is("integer"):
		hints = append(hints, "whole number")
	case a.kind.is("number"):
		hints = append(hints, "number")
	case a.kind.is("array"):
		hints = append(hints, "comma-separated")
	}
	if !a.Required {
		hints = append(hints, "optional")
	}
	if strings.TrimSpace(a.Description) == "" {
		return strings.TrimSpace(a.label() + " " + shown.meaning(hints...))
	}
	return a.label() + " - " + shown.meaning(hints...)
}

// answer is the value that a line means. Errors read as the end of a sentence that begins
// with its name.
func (s schema) answer(a Argument, line string) (any, error) {
	texts := []string{line}
	switch yes, said := yesNo[strings.ToLower(strings.TrimSpace(line))]; {
	case said && a.kind.is("boolean"):
		texts[0] = yes
	case a.kind.is("array") && !strings.HasPrefix(line, "["):
		texts = split(line, a.of)
	}
	doc, err := s.encode(a.kind, texts)
	if err != nil {
		return nil, err
	}
	value := decoded(doc)
	return value, a.limits.check(value)
}

var yesNo = map[string]string{"y": "true", "yes": "true", "n": "false", "no": "false"}

// split are the values of a list, which may be one with a comma in its name.
func split(line string, of kind) []string {
	if _, err := choice(of.enum, line); err == nil {
		return []string{line}
	}
	var texts []string
	for text := range strings.SplitSeq(line, ",") {
		texts = append(texts, strings.TrimSpace(text))
	}
	return texts
}
