// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// notGRPC is the error of an answer that is none of gRPC: of somebody in between.
func notGRPC(resp *http.Response) error {
	kind := resp.Header.Get("Content-Type")
	rest, ok := strings.CutPrefix(kind, "application/grpc")
	if ok && (rest == "" || rest[0] == '+' || rest[0] == ';') {
		return nil
	}
	return failf(httpCode(resp.StatusCode), "the answer is not gRPC's: HTTP status %d, content type %q",
		resp.StatusCode, kind[:min(len(kind), 80)])
}

// httpCode is the code of an answer that has an HTTP status alone.
func httpCode(status int) Code {
	switch status {
	case http.StatusBadRequest:
		return Internal
	case http.StatusUnauthorized:
		return Unauthenticated
	case http.StatusForbidden:
		return PermissionDenied
	case http.StatusNotFound:
		return Unimplemented
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return Unavailable
	}
	return Unknown
}

// statusOf is the status with which an answer ended, nil if the call succeeded. It
// stands in the trailers, or in the headers of an answer that is nothing else.
func statusOf(resp *http.Response, headersOnly bool) error {
	head := resp.Trailer // which has, without a value, what was announced and did not come
	if headersOnly && len(head["Grpc-Status"]) == 0 {
		head = resp.Header
	}
	said := head.Get("Grpc-Status")
	if said == "" && resp.StatusCode != http.StatusOK {
		return failf(httpCode(resp.StatusCode), "the answer has no status but HTTP's: %d", resp.StatusCode)
	}
	if said == "" {
		return failf(Internal, "the answer ends without a status")
	}
	number, err := strconv.ParseUint(said, 10, 32)
	if err != nil {
		return failf(Unknown, "the answer has the malformed status %q", said[:min(len(said), 20)])
	}
	code, message := Code(number), unescape(head.Get("Grpc-Message"))
	switch {
	case code == OK:
		return nil
	case int(number) < len(codeNames):
		return &Error{Code: code, Message: message}
	case message == "":
		message = fmt.Sprintf("the answer has the unknown status %d", number)
	}
	return &Error{Code: Unknown, Message: message}
}

// unescape takes off the percent-encoding of grpc-message. What is none stays as it
// is.
func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if c, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				b.WriteByte(byte(c))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return strings.ToValidUTF8(b.String(), "\uFFFD")
}

// reset is how net/http says that a stream alone was broken off: by its type's
// fields, since the type itself is its own.
type reset struct {
	StreamID uint32
	Code     uint32
	Cause    error
}

func (r reset) Error() string {
	return fmt.Sprintf("the stream was reset, HTTP/2 error code %d", r.Code)
}

// Codes of HTTP/2 (RFC 9113, section 7) that do not mean an error of the software.
const (
	h2FlowControl        = 3
	h2RefusedStream      = 7
	h2Cancel             = 8
	h2EnhanceYourCalm    = 11
	h2InadequateSecurity = 12
)

// code is that of a stream that was broken off, by gRPC's table.
func (r reset) code() Code {
	switch r.Code {
	case h2RefusedStream:
		return Unavailable
	case h2Cancel:
		return Canceled
	case h2FlowControl, h2EnhanceYourCalm:
		return ResourceExhausted
	case h2InadequateSecurity:
		return PermissionDenied
	}
	return Internal
}

// refused tells that the server did not look at what was sent.
func refused(err error) bool {
	var r reset
	return errors.As(err, &r) && r.Code == h2RefusedStream
}

// goneAway tells that the server did not look at what was sent before it went away.
// net/http's error is told by its text alone.
func goneAway(err error) bool {
	return err.Error() == "http2: Transport received Server's graceful shutdown GOAWAY"
}

// over is why the time of a call is over, nil if it is not. The server may notice its
// end sooner than the timer of the context.
func over(ctx context.Context) error {
	if deadline, ok := ctx.Deadline(); ok && ctx.Err() == nil && !time.Now().Before(deadline) {
		return context.DeadlineExceeded
	}
	return ctx.Err()
}

// inTime is err, but for a call whose time was over: whoever ended it, the caller's
// deadline is the cause. The call began then.
func (c *Conn) inTime(ctx context.Context, began time.Time, err error) error {
	if code := CodeOf(err); (code != Canceled && code != DeadlineExceeded) || !errors.Is(over(ctx), context.DeadlineExceeded) {
		return err
	}
	what := "did not answer"
	if errors.Is(err, errUnconnected) {
		what = "was not reached"
	}
	late := errcode.Silence(context.DeadlineExceeded, began, c.name(), what, "")
	return &Error{Code: DeadlineExceeded, Message: late.Error(), Err: late}
}

// failed is the error of a call that came to no status.
func (c *Conn) failed(ctx context.Context, began time.Time, err error) error {
	var (
		known *Error
		r     reset
	)
	switch {
	case errors.As(err, &known):
		return known
	case over(ctx) != nil:
		return c.inTime(ctx, began, &Error{Code: Canceled, Message: context.Canceled.Error(), Err: err})
	case c.isClosed():
		return errClosed
	case errors.As(err, &r) && r.Cause != nil && r.code() == Internal:
		return &Error{Code: Internal, Message: r.Error() + ": " + errcode.Words(r.Cause), Err: err}
	case errors.As(err, &r):
		return &Error{Code: r.code(), Message: r.Error(), Err: err}
	}
	return &Error{Code: Unavailable, Message: "the connection was lost: " + errcode.Words(err), Err: err}
}
