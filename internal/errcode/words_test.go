// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package errcode

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"testing"
)

// windowsError speaks as Windows does.
type windowsError struct{}

func (windowsError) Error() string { return "The system cannot find the path specified." }

// TestWords is what is said of errors of other modules, wherever in a sentence they
// stand.
func TestWords(t *testing.T) {
	read := func(err error) error { return &net.OpError{Op: "read", Net: "tcp", Err: err} }
	for _, tt := range []struct {
		err  error
		want string
	}{
		{io.EOF, "the connection was closed"},
		{fmt.Errorf("tls handshake: %w", io.ErrUnexpectedEOF), "tls handshake: the connection was closed"},
		{fmt.Errorf("find app: %w; try again", read(os.ErrDeadlineExceeded)), "find app: read tcp: no answer came in time; try again"},
		{fmt.Errorf("a: %w", context.DeadlineExceeded), "a: no answer came in time"},
		{fmt.Errorf("a: %w", context.Canceled), "a: it was given up"},
		{read(net.ErrClosed), "read tcp: the connection was closed"},
		{errors.Join(io.EOF, context.Canceled), "the connection was closed\nit was given up"},
		{&net.DNSError{Err: "i/o timeout", Name: "t.example.test", Server: "10.0.0.53:53", IsTimeout: true}, "lookup t.example.test: the name servers did not answer"},
		{&net.DNSError{Err: "no such host", Name: "t.example.test", IsNotFound: true}, "lookup t.example.test: no such host"},
		{&fs.PathError{Op: "read", Path: "/x", Err: io.ErrUnexpectedEOF}, "read /x: it ends too early"},
		{&fs.PathError{Op: "open", Path: `C:\x`, Err: windowsError{}}, `open C:\x: The system cannot find the path specified`},
		{fmt.Errorf("%w: it was not written (%w); see there", errors.New("no entry"), windowsError{}), "no entry: it was not written (The system cannot find the path specified); see there"},
		{fmt.Errorf(`read C:\GEOFFREY\EOF\EOF.json: %w (EOF-1, %w)`, io.EOF, io.EOF), `read C:\GEOFFREY\EOF\EOF.json: the connection was closed (EOF-1, the connection was closed)`},
		{errors.New("and so on..."), "and so on..."},
		{errors.New("as it is"), "as it is"},
	} {
		if got := Words(tt.err); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
		if worded := InWords(tt.err); worded.Error() != tt.want || !errors.Is(worded, tt.err) {
			t.Errorf("%v is %v", tt.err, worded)
		}
	}
	if InWords(nil) != nil {
		t.Error("no error has words")
	}
}
