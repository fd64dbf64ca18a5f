// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package toolcall

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// transport is the way to the bridge, with an ear on it.
type transport struct {
	to   mcp.Transport
	wire *wire
}

// Connect is mcp.Transport's.
func (t transport) Connect(ctx context.Context) (mcp.Connection, error) {
	conn, err := t.to.Connect(ctx)
	t.wire.Connection = conn
	return t.wire, err
}

// wire is a connection that keeps results as they were said: the order of members,
// long numbers and what the SDK does not know are part of what a person is shown.
type wire struct {
	mcp.Connection
	refused func() error // why a handshake is not worth a try, or nil
	forms   forms

	mu      sync.Mutex
	asked   map[jsonrpc.ID]string // methods of open requests
	results map[string][]byte     // the last one of each method

	cancelled chan struct{} // closed when a cancel was written
	once      sync.Once
}

func newWire(refused func() error) *wire {
	return &wire{refused: refused, asked: map[jsonrpc.ID]string{}, results: map[string][]byte{}, cancelled: make(chan struct{})}
}

// Write is mcp.Connection's.
func (w *wire) Write(ctx context.Context, msg jsonrpc.Message) error {
	req, ok := msg.(*jsonrpc.Request)
	if !ok {
		return w.Connection.Write(ctx, msg)
	}
	if req.Method == "initialize" {
		if err := w.refused(); err != nil {
			return err
		}
	}
	if req.IsCall() {
		w.mu.Lock()
		w.asked[req.ID] = req.Method
		delete(w.results, req.Method)
		w.mu.Unlock()
	}
	err := w.Connection.Write(ctx, msg)
	if req.Method == "notifications/cancelled" {
		w.once.Do(func() { close(w.cancelled) })
	}
	return err
}

// Read is mcp.Connection's.
func (w *wire) Read(ctx context.Context) (jsonrpc.Message, error) {
	msg, err := w.Connection.Read(ctx)
	w.forms.keep(msg)
	if answer, ok := msg.(*jsonrpc.Response); ok {
		w.mu.Lock()
		if method, open := w.asked[answer.ID]; open {
			delete(w.asked, answer.ID)
			w.results[method] = answer.Result
		}
		w.mu.Unlock()
	}
	return msg, err
}

// result is the last result of a method, nil if it had none.
func (w *wire) result(method string) []byte {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.results[method]
}

// cancelTime bounds the wait for a pipe inside this process.
const cancelTime = time.Second

// awaitCancel waits until the cancel of a call is on its way: the SDK writes it
// beside the error that it returns.
func (w *wire) awaitCancel() {
	timer := time.NewTimer(cancelTime)
	defer timer.Stop()
	select {
	case <-w.cancelled:
	case <-timer.C:
	}
}

// isOfBridge says whether an error is the bridge's own.
func isOfBridge(e *jsonrpc.Error) bool {
	var data struct {
		Source string `json:"source"`
	}
	return json.Unmarshal(e.Data, &data) == nil && data.Source == "tshmcp"
}
