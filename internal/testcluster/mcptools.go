// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import "encoding/json"

// listToolsResult is all that passes of a list of tools (protocol.md 15.2). A
// list in which nothing is left is null.
type listToolsResult struct {
	Meta       map[string]any `json:"_meta,omitempty"`
	NextCursor string         `json:"nextCursor,omitempty"`
	Tools      []mcpTool      `json:"tools"`
}

type mcpTool struct {
	Name         string           `json:"name"`
	Description  string           `json:"description,omitempty"`
	InputSchema  toolInputSchema  `json:"inputSchema"`
	OutputSchema *toolInputSchema `json:"outputSchema,omitempty"`
	Annotations  toolAnnotations  `json:"annotations"`
}

type toolInputSchema struct {
	Defs       map[string]any `json:"$defs,omitempty"`
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties,omitempty"`
	Required   []string       `json:"required,omitempty"`
}

type toolAnnotations struct {
	Title           string `json:"title,omitempty"`
	ReadOnlyHint    *bool  `json:"readOnlyHint,omitempty"`
	DestructiveHint *bool  `json:"destructiveHint,omitempty"`
	IdempotentHint  *bool  `json:"idempotentHint,omitempty"`
	OpenWorldHint   *bool  `json:"openWorldHint,omitempty"`
}

// MarshalJSON writes the members in the order of their names.
func (t mcpTool) MarshalJSON() ([]byte, error) {
	members := map[string]any{"name": t.Name, "inputSchema": t.InputSchema, "annotations": t.Annotations}
	if t.Description != "" {
		members["description"] = t.Description
	}
	if t.OutputSchema != nil {
		members["outputSchema"] = t.OutputSchema
	}
	return json.Marshal(members)
}

// filterTools takes the tools out of the answer to a tools/list that are not
// allowed.
func filterTools(msg *rpcMessage, allowed func(string) bool) *rpcMessage {
	if msg.Error != nil {
		return msg
	}
	var list listToolsResult
	if err := decodeJSON(msg.Result, &list); err != nil {
		return msg.failure(-32603, "failed to unmarshal tools/list response", errorData{messageData{err.Error()}})
	}
	var kept []mcpTool
	for _, tool := range list.Tools {
		if allowed(tool.Name) {
			kept = append(kept, tool)
		}
	}
	list.Tools = kept
	filtered := *msg
	filtered.Result = mustJSON(list)
	return &filtered
}
