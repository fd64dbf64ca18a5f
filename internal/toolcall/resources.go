// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/plain"
)

// Resource is one that a server lists. All texts are the server's.
type Resource struct {
	URI         string `json:"uri" yaml:"uri"` // of a template, one with {names} to be filled in
	Template    bool   `json:"template" yaml:"template"`
	Name        string `json:"name" yaml:"name"`
	Title       string `json:"title" yaml:"title"`
	Description string `json:"description" yaml:"description"`
	MIMEType    string `json:"mime_type" yaml:"mime_type"`
}

// Resources lists the resources of the server, and its templates of more. Roles do
// not decide over them.
func (s *Session) Resources(ctx context.Context) ([]Resource, error) {
	all := []Resource{}
	if caps := s.Server().Capabilities; caps != nil && caps.Resources == nil {
		return all, nil
	}
	add := func(method string) error {
		var page struct {
			Resources, ResourceTemplates []struct{ URI, URITemplate, Name, Title, Description, MIMEType string }
		}
		if err := json.Unmarshal(s.wire.result(method), &page); err != nil {
			return err
		}
		for _, r := range append(page.Resources, page.ResourceTemplates...) {
			all = append(all, Resource{URI: r.URI + r.URITemplate, Template: r.URITemplate != "", Name: r.Name, Title: r.Title, Description: r.Description, MIMEType: r.MIMEType})
		}
		return nil
	}
	err := s.pages(ctx, "resources/list", func(cursor string) (string, error) {
		page, err := s.client.ListResources(ctx, &mcp.ListResourcesParams{Cursor: cursor})
		if err != nil {
			return "", err
		}
		return page.NextCursor, add("resources/list")
	})
	if err != nil {
		return nil, err
	}
	err = s.pages(ctx, "resources/templates/list", func(cursor string) (string, error) {
		page, err := s.client.ListResourceTemplates(ctx, &mcp.ListResourceTemplatesParams{Cursor: cursor})
		if err != nil {
			return "", err
		}
		return page.NextCursor, add("resources/templates/list")
	})
	var refused *RefusedError
	if errors.As(err, &refused) && refused.Code == jsonrpc.CodeMethodNotFound { // a server without templates
		err = nil
	}
	return all, err
}

// Read reads the resource at the URI. Its parts go to the folder, if there is one.
func (s *Session) Read(ctx context.Context, uri string, out *Folder) (*Result, error) {
	_, err := s.client.ReadResource(ctx, &mcp.ReadResourceParams{URI: uri})
	result, err := s.answer(ctx, "resources/read", err)
	if err != nil {
		return nil, err
	}
	return result, out.save(result, s.App, "resource")
}

// ResourceTable writes one line for each resource.
func ResourceTable(w io.Writer, all []Resource) error {
	if len(all) == 0 {
		return nil
	}
	t := plain.NewTable(w, "URI", "NAME", "TYPE", "DESCRIPTION")
	t.Whole("URI") // it is typed
	for _, r := range all {
		kind := short(r.MIMEType, longestValue)
		if r.Template {
			kind = "template " + kind
		}
		t.Row(r.URI, short(r.Name, longestValue), kind, summary(r.Description, r.Title))
	}
	return t.Flush()
}
