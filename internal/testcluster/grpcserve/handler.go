// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Handler answers calls. It returns how they end.
type Handler func(ctx context.Context, call *Call) error

// ServeHTTP answers one call.
func (h Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header()["Date"], w.Header()["Content-Length"] = nil, nil // gRPC has none
	w.Header().Set("Content-Type", "application/grpc")
	call := &Call{Method: r.URL.Path, Metadata: r.Header, w: w}
	if status, err := malformed(r); err != nil {
		w.WriteHeader(abort(call, status, err))
		return
	}
	ctx, cancel := r.Context(), func() {}
	if given := r.Header.Get("Grpc-Timeout"); given != "" {
		limit, ok := timeout(given)
		if !ok {
			w.WriteHeader(abort(call, http.StatusBadRequest, Errorf(Internal, "malformed grpc-timeout: %q", given)))
			return
		}
		ctx, cancel = context.WithTimeout(ctx, limit)
	}
	defer cancel()
	if !strings.Contains(strings.TrimPrefix(call.Method, "/"), "/") {
		call.end(Errorf(Unimplemented, "malformed method name: %q", call.Method))
		return
	}
	var err error
	if call.Request, err = request(r); err == nil {
		err = h(ctx, call)
	}
	call.end(err)
}

// malformed is what makes a request no call, with the HTTP status of the answer.
func malformed(r *http.Request) (status int, err error) {
	kind := r.Header.Get("Content-Type")
	rest, ok := strings.CutPrefix(strings.ToLower(kind), "application/grpc")
	switch {
	case !ok || rest != "" && rest[0] != '+' && rest[0] != ';':
		return http.StatusUnsupportedMediaType, Errorf(InvalidArgument, "invalid gRPC request content-type %q", kind)
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, Errorf(Internal, "Received a HEADERS frame with :method %q which should be POST", r.Method)
	}
	return 0, nil
}

// abort puts the status into the head of an answer that is nothing else.
func abort(call *Call, status int, err error) int {
	call.end(err)
	return status
}

// request reads the request, of which there is one.
func request(r *http.Request) ([]byte, error) {
	message, err := next(r.Body, r.Header.Get("Grpc-Encoding"))
	if err == io.EOF {
		return nil, Error(Internal, "cardinality violation: received no request message from non-client-streaming RPC")
	}
	if err != nil {
		return nil, err
	}
	if _, err := next(r.Body, ""); err != io.EOF {
		return nil, Error(Internal, "cardinality violation: received multiple request messages for non-client-streaming RPC")
	}
	return message, nil
}

// next reads a message; io.EOF: there is none.
func next(body io.Reader, encoding string) ([]byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(body, head[:]); err != nil {
		return nil, cut(err)
	}
	length := binary.BigEndian.Uint32(head[1:])
	switch {
	case head[0] == 1 && (encoding == "" || encoding == "identity"):
		return nil, Error(Internal, "grpc: compressed flag set with identity or empty encoding")
	case head[0] == 1:
		return nil, Errorf(Unimplemented, "grpc: Decompressor is not installed for grpc-encoding %q", encoding)
	case head[0] != 0:
		return nil, Errorf(Internal, "grpc: received unexpected payload format %d", head[0])
	case length > maxMessage:
		return nil, Errorf(ResourceExhausted, "grpc: received message larger than max (%d vs. %d)", length, maxMessage)
	}
	var message bytes.Buffer
	if _, err := io.CopyN(&message, body, int64(length)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, cut(err)
	}
	return message.Bytes(), nil
}

// cut is the error of a request that does not arrive.
func cut(err error) error {
	if err == io.EOF {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return Error(Internal, err.Error())
	}
	return Error(Canceled, err.Error())
}

// units are those of grpc-timeout.
var units = map[byte]time.Duration{
	'H': time.Hour, 'M': time.Minute, 'S': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': 1,
}

// timeout reads grpc-timeout: up to eight digits and a unit.
func timeout(s string) (time.Duration, bool) {
	if len(s) < 2 || len(s) > 9 {
		return 0, false
	}
	unit, known := units[s[len(s)-1]]
	n, err := strconv.ParseUint(s[:len(s)-1], 10, 32)
	const most = time.Duration(1<<63 - 1)
	if uint64(n) > uint64(most/max(unit, 1)) {
		return most, known && err == nil
	}
	return time.Duration(n) * unit, known && err == nil
}
