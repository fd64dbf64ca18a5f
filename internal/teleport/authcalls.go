// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport/rpc"
)

// rpcAgent follows the program's name in what the auth service's log says of it.
const rpcAgent = "grpc-go-nethttp/1"

// toldCalls makes calls, and tells of each.
type toldCalls struct {
	conn    *rpc.Conn
	proxy   *Proxy
	link    *authLink
	cluster string
}

// Unary is that of wire.Caller.
func (c *toldCalls) Unary(ctx context.Context, method string, request []byte, decode func([]byte) error) error {
	began := time.Now()
	err := c.conn.Unary(ctx, method, request, decode)
	c.proxy.tell("rpc", began, c.link.coded(ctx, err), "method", method, "cluster", c.cluster)
	return err
}

// ServerStream is that of wire.Caller.
func (c *toldCalls) ServerStream(ctx context.Context, method string, request []byte, each func([]byte) error) error {
	began := time.Now()
	err := c.conn.ServerStream(ctx, method, request, each)
	c.proxy.tell("rpc stream", began, c.link.coded(ctx, err), "method", method, "cluster", c.cluster)
	return err
}
