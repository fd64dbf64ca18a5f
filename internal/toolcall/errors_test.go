// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"errors"
	"testing"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// A tool that Teleport denies has its own code also where the roles that are known
// allow it, or cannot be asked; what the server refuses does not.
func TestRefusedBy(t *testing.T) {
	const denied = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."
	notKnown := func() (*Rules, error) { return nil, errors.New("the cluster is away") }
	for _, tt := range []struct {
		code    int64
		message string
		want    errcode.Code
		text    string
	}{
		{-32602, denied, errcode.ToolDenied, "Teleport, in front of the MCP server notes, refused tools/call: " + denied + " (error -32602)"},
		{-32602, "name is missing", errcode.ServerRefused, "the MCP server notes refused tools/call: name is missing (error -32602)"},
		{-32603, denied, errcode.ServerRefused, "the MCP server notes refused tools/call: " + denied + " (error -32603)"},
	} {
		refused := &RefusedError{Place: Place{App: "notes"}, Asked: "tools/call", Code: tt.code, Message: tt.message}
		for name, rules := range map[string]func() (*Rules, error){"not known": notKnown, "unresolved": func() (*Rules, error) { return nil, nil }} {
			err := Order{Place: Place{App: "notes"}, Tool: "read"}.denied(refused, rules)
			if errcode.Of(err) != tt.want || err.Error() != tt.text {
				t.Errorf("rules %s: %v [%s], want %s", name, err, errcode.Of(err), tt.want)
			}
		}
	}
}
