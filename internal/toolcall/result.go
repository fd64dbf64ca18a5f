// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Result is what a tool answered, or a resource or a prompt that was asked for. All texts are the server's.
type Result struct {
	Server     string    `json:"server" yaml:"server"`
	Tool       string    `json:"tool,omitempty" yaml:"tool,omitempty"`
	IsError    bool      `json:"is_error" yaml:"is_error"`
	Content    []Content `json:"content" yaml:"content"`
	Structured any       `json:"structured_content,omitempty" yaml:"structured_content,omitempty"`

	// Raw is the result as the server wrote it.
	Raw json.RawMessage `json:"-" yaml:"-"`
}

// Content is one part of it.
type Content struct {
	Role     string `json:"role,omitempty" yaml:"role,omitempty"` // of a prompt's message
	Type     string `json:"type" yaml:"type"`                     // text, image, audio, resource, resource_link, or what else there is
	Text     string `json:"text,omitempty" yaml:"text,omitempty"`
	MIMEType string `json:"mime_type,omitempty" yaml:"mime_type,omitempty"`
	URI      string `json:"uri,omitempty" yaml:"uri,omitempty"`
	Name     string `json:"name,omitempty" yaml:"name,omitempty"`
	Data     string `json:"data,omitempty" yaml:"data,omitempty"` // base64, unless it is in File
	File     string `json:"file,omitempty" yaml:"file,omitempty"` // where it was written
}

// block is a part of a result on the wire.
type block struct {
	Type, Text, Data, MIMEType, URI, Name string
	Resource                              struct{ URI, MIMEType, Text, Blob string }
}

// resultOf reads a result as it was written, also one of a kind that the SDK does
// not know; nil is none.
func resultOf(doc []byte) *Result {
	var wire struct {
		ResultType        string
		IsError           bool
		Content           []json.RawMessage
		Contents          []json.RawMessage // of a resource
		Messages          []message         // of a prompt
		StructuredContent json.RawMessage
	}
	if doc == nil || json.Unmarshal(doc, &wire) != nil || wire.ResultType == "input_required" {
		return nil
	}
	r := &Result{IsError: wire.IsError, Content: []Content{}, Structured: decoded(wire.StructuredContent), Raw: doc}
	for _, part := range wire.Content {
		var b block
		_ = json.Unmarshal(part, &b) // as much of it as is what it should be
		r.Content = append(r.Content, b.content())
	}
	for _, part := range wire.Contents {
		b := block{Type: "resource"}
		_ = json.Unmarshal(part, &b.Resource)
		r.Content = append(r.Content, b.content())
	}
	for _, m := range wire.Messages {
		var b block
		_ = json.Unmarshal(m.Content, &b)
		c := b.content()
		c.Role = m.Role
		r.Content = append(r.Content, c)
	}
	return r
}

// message is one of a prompt.
type message struct {
	Role    string
	Content json.RawMessage
}

func (b block) content() Content {
	c := Content{Type: b.Type, Text: b.Text, MIMEType: b.MIMEType, URI: b.URI, Name: b.Name, Data: b.Data}
	if r := b.Resource; b.Type == "resource" {
		c.URI, c.MIMEType, c.Text, c.Data = r.URI, r.MIMEType, r.Text, r.Blob
	}
	return c
}

// shown is the part as text, for people and pipes; ok is false for what is none.
func (c *Content) shown() (text string, ok bool) {
	switch {
	case c.Type == "resource_link":
		return plain.Sprintf("%s: %s", c.Name, c.URI), true
	case c.Text != "" && c.File == "" && c.Role != "":
		return short(c.Role, longestValue) + ": " + c.Text, true
	case c.Text != "" && c.File == "":
		return c.Text, true
	}
	return "", c.Type == "text"
}

// note says what became of a part that is no text.
func (c *Content) note() string {
	what := short(c.Type, longestValue)
	if c.MIMEType != "" {
		what += " (" + short(c.MIMEType, longestValue) + ")"
	}
	if c.URI != "" {
		what += " " + said(c.URI)
	}
	if c.File != "" {
		return "wrote " + c.File + ": " + what
	}
	return "not shown: " + c.unseen(what)
}

// unseen is what a part that is not shown is, and how to get it. The messages of a
// prompt are not written to files, and have no raw form.
func (c *Content) unseen(what string) string {
	all, file := "--raw shows all of it", "--out=DIR writes it to a file"
	if c.Role != "" {
		all, file = "--format=json has what is known of it", "--format=json has it"
	}
	if c.Data == "" && !slices.Contains([]string{"image", "audio", "resource"}, c.Type) {
		return fmt.Sprintf("%s; this version does not know it, %s", cmp.Or(what, "a part without a type"), all)
	}
	data, err := base64.StdEncoding.DecodeString(c.Data)
	if err != nil {
		return fmt.Sprintf("%s; it is not base64, %s", what, all)
	}
	return fmt.Sprintf("%s, %d bytes; %s", what, len(data), file)
}

// maxFailure is how many lines of a failure are shown.
const maxFailure = 1000

// failure is what a tool that failed says, by lines that are marked as its own.
func (r *Result) failure() []string { return quoted(strings.Join(r.text(), "\n"), maxFailure) }

// text is the whole result as text: its texts, or if it has no content what it has
// instead.
func (r *Result) text() []string {
	var texts []string
	for _, c := range r.Content {
		if text, ok := c.shown(); ok {
			texts = append(texts, text)
		}
	}
	if len(r.Content) > 0 || r.Structured == nil {
		return texts
	}
	doc, err := json.MarshalIndent(r.Structured, "", "  ")
	if err != nil {
		return nil
	}
	return []string{string(doc)}
}
