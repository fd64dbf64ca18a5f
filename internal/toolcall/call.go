// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// Order is a call of a tool as it was typed.
type Order struct {
	Place
	Tool string
	Given
	Out *Folder // where images and the like go; nil: nowhere
}

// Run calls the tool in a session that open begins. rules are asked for if there is
// no such tool. The result of a tool that failed comes with a [ToolError].
func (o Order) Run(ctx context.Context, open func(context.Context) (*Session, error), rules func() (*Rules, error)) (*Result, error) {
	given, err := o.read(ctx)
	if err != nil {
		return nil, err
	}
	s, err := open(ctx)
	if err != nil {
		return nil, err
	}
	result, err := o.in(ctx, s, given, rules)
	if closed := s.Close(); err == nil {
		err = closed
	}
	if err == nil && result.IsError {
		err = &ToolError{App: o.App, Tool: o.Tool}
	}
	return result, err
}

// in calls the tool.
func (o Order) in(ctx context.Context, s *Session, given *typed, rules func() (*Rules, error)) (*Result, error) {
	list, err := s.Tools(ctx, nil)
	if err != nil {
		return nil, err
	}
	tool, err := list.find(o.Tool, rules)
	if err != nil {
		return nil, err
	}
	arguments, err := tool.encode(s.Place, given)
	if err != nil {
		return nil, err
	}
	result, err := s.call(ctx, o.Tool, arguments)
	if err != nil {
		return nil, o.denied(err, rules)
	}
	result.Tool = o.Tool
	return result, o.Out.save(result, o.App, o.Tool)
}

// denied names the roles where Teleport refused a tool that was listed: it does not
// say more than that it did.
func (o Order) denied(err error, rules func() (*Rules, error)) error {
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Code != codeDenied {
		return err
	}
	r, unknown := rules()
	if unknown != nil {
		return err
	}
	if verdict, roles := r.judge(o.Tool); verdict == Denied {
		return &DeniedToolError{Place: refused.Place, Cluster: r.Cluster, Tool: o.Tool, Roles: roles, Request: r.request(roles)}
	}
	return err
}

// codeDenied is the error of a call that Teleport denies (protocol.md 8.3), and of
// arguments that a server refuses.
const codeDenied = -32602

// call calls a tool. When ctx ends, the call is cancelled at the server.
func (s *Session) call(ctx context.Context, tool string, arguments json.RawMessage) (*Result, error) {
	params := &mcp.CallToolParams{Name: tool, Arguments: arguments}
	params.SetProgressToken("call")
	_, err := s.client.CallTool(ctx, params)
	if err != nil && s.opened(ctx, err) {
		_, err = s.client.CallTool(ctx, params)
	}
	return s.answer(ctx, "tools/call", err)
}

// maxOpened bounds the pages that a server wants to have opened for a call.
const maxOpened = 5

// opened shows the pages that a server wants to have opened before it does anything, and
// tells whether they all were.
func (s *Session) opened(ctx context.Context, err error) bool {
	var refusal *jsonrpc.Error
	if s.ask == nil || !errors.As(err, &refusal) || refusal.Code != mcp.CodeURLElicitationRequired {
		return false
	}
	var data struct{ Elicitations []*mcp.ElicitParams }
	if json.Unmarshal(refusal.Data, &data) != nil || len(data.Elicitations) == 0 || len(data.Elicitations) > maxOpened {
		return false
	}
	for _, p := range data.Elicitations {
		if p == nil || p.URL == "" {
			return false
		}
		if answer, err := s.ask(ctx, p); err != nil || answer.Action != "accept" {
			return false
		}
	}
	return true
}

// answer is the result of a request that the SDK has made, as the server wrote it: also
// one that the SDK takes for an error, which is err then.
func (s *Session) answer(ctx context.Context, method string, err error) (*Result, error) {
	if ctx.Err() != nil {
		s.wire.awaitCancel()
		return nil, ctx.Err()
	}
	if result := resultOf(s.wire.result(method)); result != nil {
		result.Server = s.App
		return result, nil
	}
	if err == nil { // the SDK takes what there is for a result
		err = errNoResult
	}
	return nil, s.explain(ctx, method, err)
}

var errNoResult = errors.New("it has no result")
