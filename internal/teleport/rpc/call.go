// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// maxAttempts is how often a call is sent, where it is known that the attempts
// before were not carried out.
const maxAttempts = 3

// Unary makes a call with one answer, which decode reads; method is
// "/SERVICE/METHOD". Its errors are *[Error]. The answer is the caller's to keep.
func (c *Conn) Unary(ctx context.Context, method string, request []byte, decode func(answer []byte) error) error {
	var answer []byte
	answers := 0
	err := c.ServerStream(ctx, method, request, func(message []byte) error {
		answer = message
		if answers++; answers > 1 {
			return failf(Internal, "a second answer came to a call that has one")
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case answers == 0:
		return failf(Internal, "no answer came with the status that the call succeeded")
	}
	return undecoded(decode(answer))
}

// ServerStream makes a call with any number of answers, and hands each to each as it
// arrives. An error of each ends the call.
func (c *Conn) ServerStream(ctx context.Context, method string, request []byte, each func(answer []byte) error) error {
	began := time.Now()
	resp, err := c.send(ctx, method, request)
	if err != nil {
		return c.failed(ctx, began, err)
	}
	defer resp.Body.Close()
	if err := notGRPC(resp); err != nil {
		return err
	}
	return c.inTime(ctx, began, c.receive(ctx, began, resp, each))
}

// receive hands on the answers, and returns how the call ended.
func (c *Conn) receive(ctx context.Context, began time.Time, resp *http.Response, each func([]byte) error) error {
	answers, none := &answers{body: resp.Body}, true
	for ; ; none = false {
		message, err := answers.next()
		var malformed *Error
		switch {
		case err == nil:
			if err := undecoded(each(message)); err != nil {
				return err
			}
		case errors.As(err, &malformed):
			return malformed
		case !answers.ended:
			return c.failed(ctx, began, err)
		case err == io.EOF:
			return statusOf(resp, none)
		default: // what the server says of it is better than that it ends too early
			return cmp.Or(statusOf(resp, none), error(failf(Internal, "the answer ends within a message")))
		}
	}
}

// undecoded is the error of whoever reads an answer.
func undecoded(err error) error {
	var e *Error
	if err == nil || errors.As(err, &e) {
		return err
	}
	return &Error{Code: Internal, Message: "the answer cannot be read: " + errcode.Words(err), Err: err}
}

// send sends the request and returns the head of the answer. Where the server has
// certainly not carried it out, it is sent again: the connection was found to be
// dead, or the server was about to close it.
func (c *Conn) send(ctx context.Context, method string, request []byte) (*http.Response, error) {
	for attempt := 1; ; attempt++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		l, err := c.connect(ctx)
		if err != nil {
			return nil, err
		}
		var wrote atomic.Bool
		traced := httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
		resp, err := l.http.RoundTrip(c.request(traced, method, request))
		switch {
		case err == nil, ctx.Err() != nil, attempt == maxAttempts:
			return resp, err
		case refused(err):
		case !wrote.Load(), goneAway(err):
			c.leave(l)
		default:
			return nil, err
		}
	}
}
