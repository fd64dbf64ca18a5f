// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package rpc

import (
	"context"
	"encoding/binary"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

func (c *Conn) request(ctx context.Context, method string, message []byte) *http.Request {
	header := http.Header{
		"Content-Type": {"application/grpc"},
		"Te":           {"trailers"},
		"User-Agent":   {c.UserAgent},
	}
	if deadline, ok := ctx.Deadline(); ok {
		header["Grpc-Timeout"] = []string{timeout(time.Until(deadline))}
	}
	req := &http.Request{
		Method: http.MethodPost, Host: authority, Header: header,
		URL:  &url.URL{Scheme: "https", Host: authority, Path: method},
		Body: &frame{data: framed(message)}, // no ContentLength: gRPC sends none
	}
	return req.WithContext(ctx)
}

// framed is a message as it is sent: not compressed, its length, itself.
func framed(message []byte) []byte {
	b := make([]byte, 1, 5+len(message))
	b = binary.BigEndian.AppendUint32(b, uint32(len(message)))
	return append(b, message...)
}

// frame is the body of a request. It says with the last byte that it was the last
// one, so that the end needs no frame of its own.
type frame struct{ data []byte }

func (f *frame) Read(b []byte) (int, error) {
	n := copy(b, f.data)
	if f.data = f.data[n:]; len(f.data) == 0 {
		return n, io.EOF
	}
	return n, nil
}

func (f *frame) Close() error { return nil }

// maxTimeout is the greatest number in grpc-timeout: it has eight digits.
const maxTimeout = 99_999_999

// timeout is a time as grpc-timeout has it, rounded up to the unit that fits.
func timeout(d time.Duration) string {
	d = max(d, 0)
	for _, unit := range []struct {
		size time.Duration
		name string
	}{{1, "n"}, {time.Microsecond, "u"}, {time.Millisecond, "m"}, {time.Second, "S"}, {time.Minute, "M"}} {
		n := d / unit.size
		if d%unit.size > 0 {
			n++
		}
		if n <= maxTimeout {
			return strconv.FormatInt(int64(n), 10) + unit.name
		}
	}
	return strconv.FormatInt(int64(d/time.Hour), 10) + "H"
}
