// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package wire

import "context"

// Caller is a connection to a server, as the generated clients need it. A method is
// named with its service, such as "/proto.AuthService/Ping".
type Caller interface {
	// Unary makes a call that has one answer, which decode reads.
	Unary(ctx context.Context, method string, request []byte, decode func(answer []byte) error) error
	// ServerStream makes a call that has any number of answers, and hands each to each
	// as it arrives. An error of each ends the call.
	ServerStream(ctx context.Context, method string, request []byte, each func(answer []byte) error) error
}

// Call makes a call that has one answer.
func Call[T any, M pointer[T]](ctx context.Context, c Caller, method string, in Message) (M, error) {
	out := M(new(T))
	if err := c.Unary(ctx, method, in.AppendWire(nil), out.DecodeWire); err != nil {
		return nil, err
	}
	return out, nil
}

// Receive makes a call that has any number of answers, and hands on each.
func Receive[T any, M pointer[T]](ctx context.Context, c Caller, method string, in Message, each func(M) error) error {
	return c.ServerStream(ctx, method, in.AppendWire(nil), func(answer []byte) error {
		out := M(new(T))
		if err := out.DecodeWire(answer); err != nil {
			return err
		}
		return each(out)
	})
}

// Service is what a server needs to know of a service.
type Service struct {
	Name    string // with its package: "proto.AuthService"
	Methods []Method
}

// Method is one of a service. What implements it is of the service's generated
// interface.
type Method struct {
	Name    string // "Ping"
	In, Out func() Message
	Unary   func(ctx context.Context, implementation any, in Message) (Message, error)
	// Stream is set instead of Unary where there may be many answers.
	Stream func(ctx context.Context, implementation any, in Message, send func(Message) error) error
}

// Unary describes a method that has one answer.
func Unary[S, I, O any, In pointer[I], Out pointer[O]](name string, call func(S, context.Context, In) (Out, error)) Method {
	method := describe[I, O, In, Out](name)
	method.Unary = func(ctx context.Context, implementation any, in Message) (Message, error) {
		out, err := call(implementation.(S), ctx, in.(In))
		if err != nil {
			return nil, err
		}
		return out, nil
	}
	return method
}

// Stream describes a method that has any number of answers.
func Stream[S, I, O any, In pointer[I], Out pointer[O]](name string, call func(S, context.Context, In, func(Out) error) error) Method {
	method := describe[I, O, In, Out](name)
	method.Stream = func(ctx context.Context, implementation any, in Message, send func(Message) error) error {
		return call(implementation.(S), ctx, in.(In), func(out Out) error { return send(out) })
	}
	return method
}

func describe[I, O any, In pointer[I], Out pointer[O]](name string) Method {
	return Method{
		Name: name,
		In:   func() Message { return In(new(I)) },
		Out:  func() Message { return Out(new(O)) },
	}
}

// UnimplementedError tells that a server does not implement a method that it knows.
type UnimplementedError struct{ Method string }

func (e *UnimplementedError) Error() string { return "method " + e.Method + " not implemented" }
