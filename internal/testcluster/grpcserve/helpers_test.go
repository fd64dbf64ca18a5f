// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: this server and that of grpc-go, which are asked the same.

package grpcserve

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/grpctest"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0")
	goleak.VerifyTestMain(m)
}

// known is the method that there is.
const known = "/test.Service/Method"

// handler answers calls of both servers.
type handler func(ctx context.Context, request string, header func(name, value string), send func(string) error) error

// both are the servers' addresses, by names.
func both(t *testing.T, h handler) map[string]string {
	t.Helper()
	return map[string]string{"here": startHere(t, h), "grpc-go": startGRPC(t, h)}
}

// startHere starts the server of this package.
func startHere(t *testing.T, h handler) string {
	server := &http.Server{Handler: Handler(func(ctx context.Context, call *Call) error {
		if call.Method != known {
			return Errorf(Unimplemented, "unknown method %s", call.Method)
		}
		return h(ctx, string(call.Request), call.SetHeader, func(answer string) error { return call.Send([]byte(answer)) })
	})}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetUnencryptedHTTP2(true)
	l := listen(t)
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(guarded{l}) })
	t.Cleanup(func() { server.Close(); serving.Wait() })
	return l.Addr().String()
}

// guarded has each of its connections watched.
type guarded struct{ net.Listener }

func (g guarded) Accept() (net.Conn, error) {
	c, err := g.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return Guard(c), nil
}

// startGRPC starts a server of grpc-go with the same policy.
func startGRPC(t *testing.T, h handler) string {
	server := grpc.NewServer(grpc.ForceServerCodec(grpctest.Raw{}),
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: minPing, PermitWithoutStream: true}),
		grpc.WaitForHandlers(true))
	server.RegisterService(&grpc.ServiceDesc{ServiceName: "test.Service", HandlerType: (*any)(nil), Methods: []grpc.MethodDesc{{
		MethodName: "Method",
		Handler: func(_ any, ctx context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
			var request, answer []byte
			if err := decode(&request); err != nil {
				return nil, err
			}
			header := func(name, value string) { grpc.SetHeader(ctx, metadata.Pairs(name, value)) }
			err := h(ctx, string(request), header, func(a string) error { answer = []byte(a); return nil })
			if e, ok := err.(*statusError); ok {
				err = status.Error(codes.Code(e.code), e.text)
			}
			return &answer, err
		},
	}}}, struct{}{})
	l := listen(t)
	var serving sync.WaitGroup
	serving.Go(func() { server.Serve(l) })
	t.Cleanup(func() { server.Stop(); serving.Wait() })
	return l.Addr().String()
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// dial returns a client of grpc-go.
func dial(t *testing.T, addr string) *grpc.ClientConn {
	t.Helper()
	conn, err := grpc.NewClient("passthrough:///"+addr, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(grpctest.Raw{})))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return conn
}

// invoke makes a call.
func invoke(ctx context.Context, conn *grpc.ClientConn, method, request string, options ...grpc.CallOption) (string, error) {
	in, out := []byte(request), []byte(nil)
	err := conn.Invoke(ctx, method, &in, &out, options...)
	return string(out), err
}

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	t.Cleanup(cancel)
	return ctx
}
