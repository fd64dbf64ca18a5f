// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package grpcserve

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// TestCalls is what a client of grpc-go gets, of either server.
func TestCalls(t *testing.T) {
	messages := []string{"", "plain", "100% of it", "two\nlines\r\t", "Grüße, 世界", "\x00\x7f", strings.Repeat("long ", 2000)}
	for name, addr := range both(t, func(_ context.Context, request string, header func(string, string), send func(string) error) error {
		if request == "bare" {
			return Error(PermissionDenied, "no")
		}
		header("version", "18.0.0")
		if n, failing := strings.CutPrefix(request, "fail"); failing {
			return Error(Code(n[0]), messages[n[1]])
		}
		return send("answer to " + request)
	}) {
		t.Run(name, func(t *testing.T) {
			conn := dial(t, addr)
			for _, request := range []string{"", "one", strings.Repeat("x", 3<<20)} {
				var header, trailer metadata.MD
				got, err := invoke(testContext(t), conn, known, request, grpc.Header(&header), grpc.Trailer(&trailer))
				if err != nil || got != "answer to "+request {
					t.Errorf("request of %d bytes: answer of %d bytes, %v", len(request), len(got), err)
				}
				if v := header.Get("version"); len(v) != 1 || v[0] != "18.0.0" || len(trailer) != 0 {
					t.Errorf("header %v, trailer %v", header, trailer)
				}
			}
			for code := range codes.Code(17) {
				for n, message := range messages {
					if code == codes.OK {
						continue
					}
					var header, trailer metadata.MD
					_, err := invoke(testContext(t), conn, known, "fail"+string([]byte{byte(code), byte(n)}), grpc.Header(&header), grpc.Trailer(&trailer))
					if got := status.Convert(err); got.Code() != code || got.Message() != message {
						t.Errorf("%v %q: %v", code, message, err)
					}
					if len(header.Get("version")) != 1 || len(trailer) != 0 {
						t.Errorf("header %v, trailer %v", header, trailer)
					}
				}
			}
			var trailer metadata.MD
			_, err := invoke(testContext(t), conn, known, "bare", grpc.Trailer(&trailer))
			if status.Code(err) != codes.PermissionDenied || len(trailer) != 1 || len(trailer.Get("content-type")) != 1 {
				t.Errorf("headers alone: %v, %v", err, trailer)
			}
			for _, method := range []string{"/test.Service/None", "/other.Service/Method"} {
				if _, err := invoke(testContext(t), conn, method, "x"); status.Code(err) != codes.Unimplemented {
					t.Errorf("%s: %v", method, err)
				}
			}
		})
	}
}

// TestBounds is messages at the bound and beyond, both ways.
func TestBounds(t *testing.T) {
	for name, addr := range both(t, func(_ context.Context, request string, _ func(string, string), send func(string) error) error {
		if request == "large" {
			return send(strings.Repeat("x", maxMessage+1))
		}
		return send(request)
	}) {
		t.Run(name, func(t *testing.T) {
			conn := dial(t, addr)
			if _, err := invoke(testContext(t), conn, known, strings.Repeat("x", maxMessage)); err != nil {
				t.Errorf("at the bound: %v", err)
			}
			for _, request := range []string{strings.Repeat("x", maxMessage+1), "large"} {
				if _, err := invoke(testContext(t), conn, known, request); status.Code(err) != codes.ResourceExhausted {
					t.Errorf("request of %d bytes: %v", len(request), err)
				}
			}
		})
	}
}

// TestClientGivesUp is a deadline that the server is told of, and a call that is
// cancelled.
func TestClientGivesUp(t *testing.T) {
	limits, ends := make(chan time.Duration, 4), make(chan error, 4)
	for name, addr := range both(t, func(ctx context.Context, _ string, _ func(string, string), _ func(string) error) error {
		deadline, _ := ctx.Deadline()
		limits <- time.Until(deadline)
		<-ctx.Done()
		ends <- ctx.Err()
		return ctx.Err()
	}) {
		t.Run(name, func(t *testing.T) {
			conn := dial(t, addr)
			for patience, heard := 100*time.Millisecond, false; !heard; patience *= 4 {
				ctx, cancel := context.WithTimeout(t.Context(), patience)
				_, err := invoke(ctx, conn, known, "x")
				cancel()
				if status.Code(err) != codes.DeadlineExceeded {
					t.Errorf("error %v", err)
				}
				select {
				case limit := <-limits:
					if limit > patience {
						t.Errorf("the server has %v of %v", limit, patience)
					}
					<-ends
					heard = true
				case <-time.After(5 * time.Second): // the machine was so busy that the call never left
				}
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			go func() { <-limits; cancel() }()
			if _, err := invoke(ctx, conn, known, "x"); status.Code(err) != codes.Canceled {
				t.Errorf("error %v", err)
			}
			if err := <-ends; !errors.Is(err, context.Canceled) {
				t.Errorf("the server's call ends with %v", err)
			}
		})
	}
}

// TestMalformed is requests that no client of gRPC makes.
func TestMalformed(t *testing.T) {
	for name, addr := range both(t, func(_ context.Context, request string, _ func(string, string), send func(string) error) error {
		return send(request)
	}) {
		t.Run(name, func(t *testing.T) {
			client := &http.Transport{}
			client.Protocols = new(http.Protocols)
			client.Protocols.SetUnencryptedHTTP2(true)
			defer client.CloseIdleConnections()
			for name, test := range map[string]struct {
				change func(*http.Request)
				body   []byte
				http   int
				status string
			}{
				"well":              {nil, frame(0, "x"), 200, "0"},
				"another type":      {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, frame(0, "x"), 415, "3"},
				"a longer type":     {func(r *http.Request) { r.Header.Set("Content-Type", "application/grpcx") }, frame(0, "x"), 415, "3"},
				"a type with codec": {func(r *http.Request) { r.Header.Set("Content-Type", "application/grpc+proto") }, frame(0, "x"), 200, "0"},
				"GET":               {func(r *http.Request) { r.Method = "GET" }, frame(0, "x"), 405, "13"},
				"no timeout":        {func(r *http.Request) { r.Header.Set("Grpc-Timeout", "soon") }, frame(0, "x"), 400, "13"},
				"a long timeout":    {func(r *http.Request) { r.Header.Set("Grpc-Timeout", "123456789S") }, frame(0, "x"), 400, "13"},
				"an endless one":    {func(r *http.Request) { r.Header.Set("Grpc-Timeout", "99999999H") }, frame(0, "x"), 200, "0"},
				"no method":         {func(r *http.Request) { r.URL.Path = "/nothing" }, frame(0, "x"), 200, "12"},
				"no message":        {nil, nil, 200, "13"},
				"two messages":      {nil, append(frame(0, "x"), frame(0, "y")...), 200, "13"},
				"a part of one":     {nil, frame(0, "x")[:5], 200, "13"},
				"compressed":        {nil, frame(1, "x"), 200, "13"},
				"compressed, named": {func(r *http.Request) { r.Header.Set("Grpc-Encoding", "gzip") }, frame(1, "x"), 200, "12"},
				"another flag":      {nil, frame(7, "x"), 200, "13"},
				"a great length":    {nil, []byte{0, 0xff, 0xff, 0xff, 0xff, 1}, 200, "8"},
			} {
				req, err := http.NewRequestWithContext(testContext(t), http.MethodPost, "http://"+addr+known, bytes.NewReader(test.body))
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Content-Type", "application/grpc")
				req.Header.Set("Te", "trailers")
				if test.change != nil {
					test.change(req)
				}
				resp, err := client.RoundTrip(req)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
				said := resp.Trailer.Get("Grpc-Status") + resp.Header.Get("Grpc-Status")
				if resp.StatusCode != test.http || said != test.status {
					t.Errorf("%s: HTTP %d, status %q %q; want %d, %q", name, resp.StatusCode, said,
						resp.Trailer.Get("Grpc-Message")+resp.Header.Get("Grpc-Message"), test.http, test.status)
				}
			}
		})
	}
}

func frame(flag byte, text string) []byte {
	return append(binary.BigEndian.AppendUint32([]byte{flag}, uint32(len(text))), text...)
}

// TestHTTP1 is a client that does not speak HTTP/2.
func TestHTTP1(t *testing.T) {
	for name, addr := range both(t, nil) {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"+strings.Repeat("x", len(http2.ClientPreface)))
		if got, err := io.ReadAll(conn); bytes.Contains(got, []byte("HTTP/1")) || errors.Is(err, os.ErrDeadlineExceeded) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}
