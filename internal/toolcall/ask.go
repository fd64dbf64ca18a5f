// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"sync"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Person is asked at a terminal: the prompt is shown, and a line is typed.
type Person interface {
	Ask(ctx context.Context, prompt string) (string, error)
}

// Elicitor asks a person what a server wants to know during a call.
type Elicitor struct {
	App    string
	Person Person
	Say    func(line string) // shows a line
	Pause  func()            // takes away what is shown of the progress
	Resume func()            // may show it again

	mu sync.Mutex // servers may want several things at a time
}

// maxLines is how long a question may be, so that it is seen whose it is.
const maxLines = 10

// maxTyped is how often a person may mistype an answer.
const maxTyped = 5

// Elicit puts the question. A person who does not want to answer declines, and one who
// ends the input cancels.
func (e *Elicitor) Elicit(ctx context.Context, p *mcp.ElicitParams) (*mcp.ElicitResult, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.Pause()
	defer e.Resume() // before the next question's pause
	answer, err := e.put(ctx, p)
	if errors.Is(err, io.EOF) {
		e.Say("Without an answer the question is cancelled.")
		return &mcp.ElicitResult{Action: "cancel"}, nil
	}
	return answer, err
}

func (e *Elicitor) put(ctx context.Context, p *mcp.ElicitParams) (*mcp.ElicitResult, error) {
	e.Say(fmt.Sprintf("The MCP server %s asks:", e.App))
	for _, line := range quoted(p.Message, maxLines) {
		e.Say(line)
	}
	if p.Mode == "url" || p.URL != "" {
		return e.page(ctx, p.URL)
	}
	doc, err := json.Marshal(p.RequestedSchema)
	if err != nil {
		return nil, err
	}
	return e.form(ctx, newSchema(doc))
}

// page sends the person to a web page, which no one opens for them.
func (e *Elicitor) page(ctx context.Context, link string) (*mcp.ElicitResult, error) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		e.Say("Its link is not a link; the question is declined.")
		return &mcp.ElicitResult{Action: "decline"}, nil
	}
	e.Say("It asks you to open this page, at " + u.Hostname() + ":")
	e.Say("")
	e.Say("  " + u.String())
	e.Say("")
	return e.agreed(ctx, "Have you done so? (y/n) ", nil)
}

// agreed accepts with a yes, and declines with anything else.
func (e *Elicitor) agreed(ctx context.Context, prompt string, content map[string]any) (*mcp.ElicitResult, error) {
	line, err := e.Person.Ask(ctx, prompt)
	if err != nil {
		return nil, err
	}
	if yes := strings.ToLower(strings.TrimSpace(line)); yes != "y" && yes != "yes" {
		return &mcp.ElicitResult{Action: "decline"}, nil
	}
	return &mcp.ElicitResult{Action: "accept", Content: content}, nil
}

// form asks for one value after the other.
func (e *Elicitor) form(ctx context.Context, s schema) (*mcp.ElicitResult, error) {
	content := map[string]any{}
	fields := s.arguments()
	if len(fields) == 0 {
		return e.agreed(ctx, "Agree? (y/n) ", content)
	}
	e.Say("The server gets what you type. Enter alone skips an answer.")
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
			e.Say("Without " + short(field.Name, longestValue) + " there is no answer; the question is declined.")
			return &mcp.ElicitResult{Action: "decline"}, nil
		}
	}
	return answer, nil
}

// field asks for one value; nil is none.
func (e *Elicitor) field(ctx context.Context, s schema, a Argument) (any, error) {
	decl, _ := s.lookup(a.Name)
	k := s.kindOf(decl)
	prompt := "  " + short(a.Name, longestValue)
	if meaning := a.meaning(); meaning != "" {
		prompt += " - " + meaning
	}
	if !a.Required {
		prompt += " - optional"
	}
	for range maxTyped {
		line, err := e.Person.Ask(ctx, prompt+": ")
		if err != nil {
			return nil, err
		}
		if line == "" {
			if a.Default != nil || !a.Required {
				return a.Default, nil
			}
			continue
		}
		texts := []string{line}
		if k.is("array") && !strings.HasPrefix(line, "[") {
			texts = texts[:0]
			for text := range strings.SplitSeq(line, ",") {
				texts = append(texts, strings.TrimSpace(text))
			}
		}
		value, err := s.encode(k, texts)
		if err == nil {
			return decoded(value), nil
		}
		e.Say("  " + short(a.Name, longestValue) + " " + said(err.Error()))
	}
	return nil, nil
}
