// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package grpctest has grpc-go carry the messages of package wire, or bytes as they
// are, in tests: what speaks gRPC here is held against it.
package grpctest

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/tshmcp/tshmcp/internal/wire"
)

// Codec takes the place of grpc-go's own, by grpc.ForceCodec and
// grpc.ForceServerCodec.
type Codec struct{}

// Marshal encodes a wire.Message.
func (Codec) Marshal(v any) ([]byte, error) { return v.(wire.Message).AppendWire(nil), nil }

// Unmarshal decodes into a wire.Message, a new one.
func (Codec) Unmarshal(b []byte, v any) error { return v.(wire.Message).DecodeWire(b) }

// Name is empty: the content type stays application/grpc.
func (Codec) Name() string { return "" }

// Raw is a codec of messages that are bytes, *[]byte, and travel as they are.
type Raw struct{}

// Marshal returns the bytes.
func (Raw) Marshal(v any) ([]byte, error) { return *v.(*[]byte), nil }

// Unmarshal copies them.
func (Raw) Unmarshal(b []byte, v any) error {
	*v.(*[]byte) = append([]byte(nil), b...)
	return nil
}

// Name is empty, as that of Codec.
func (Raw) Name() string { return "" }

// Register has a server answer the calls of a service; its codec must be Codec.
func Register(server grpc.ServiceRegistrar, service wire.Service, implementation any) {
	desc := &grpc.ServiceDesc{ServiceName: service.Name, HandlerType: (*any)(nil)}
	for _, m := range service.Methods {
		full := "/" + service.Name + "/" + m.Name
		if m.Stream != nil {
			desc.Streams = append(desc.Streams, grpc.StreamDesc{StreamName: m.Name, ServerStreams: true, Handler: streams(m)})
			continue
		}
		desc.Methods = append(desc.Methods, grpc.MethodDesc{MethodName: m.Name, Handler: answers(m, full)})
	}
	server.RegisterService(desc, implementation)
}

func answers(m wire.Method, full string) grpc.MethodHandler {
	return func(implementation any, ctx context.Context, decode func(any) error, intercept grpc.UnaryServerInterceptor) (any, error) {
		in := m.In()
		if err := decode(in); err != nil {
			return nil, err
		}
		handle := func(ctx context.Context, in any) (any, error) {
			out, err := m.Unary(ctx, implementation, in.(wire.Message))
			return out, statusOf(err)
		}
		if intercept == nil {
			return handle(ctx, in)
		}
		return intercept(ctx, in, &grpc.UnaryServerInfo{Server: implementation, FullMethod: full}, handle)
	}
}

func streams(m wire.Method) grpc.StreamHandler {
	return func(implementation any, stream grpc.ServerStream) error {
		in := m.In()
		if err := stream.RecvMsg(in); err != nil {
			return err
		}
		return statusOf(m.Stream(stream.Context(), implementation, in, func(out wire.Message) error { return stream.SendMsg(out) }))
	}
}

func statusOf(err error) error {
	var not *wire.UnimplementedError
	if errors.As(err, &not) {
		return status.Error(codes.Unimplemented, not.Error())
	}
	return err
}
