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
	"unicode"

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
	mu     sync.Mutex        // servers may want several things at a time
}

// maxLines is how long a question may be, so that it is seen whose it is.
const maxLines = 10

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
	if host := u.Hostname(); strings.Contains(host, "xn--") || strings.ContainsFunc(host, func(r rune) bool { return r > unicode.MaxASCII }) {
		e.Say("Mind that name: letters of other scripts can look like others.")
	}
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
