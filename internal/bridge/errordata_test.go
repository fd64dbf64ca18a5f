// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"crypto/x509"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net"
	"strconv"
	"syscall"
	"testing"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// TestKindsHaveCodes: each Kind has one.
func TestKindsHaveCodes(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if of, ok := spec.Type.(*ast.Ident); !ok || of.Name != "Kind" {
			return true
		}
		found++
		kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || codes[Kind(kind)] == "" {
			t.Errorf("the kind %q has no code (%v)", kind, err)
		}
		return true
	})
	if found < 20 || found != len(codes) {
		t.Errorf("%d kinds, %d with codes", found, len(codes))
	}
}

// noCert is what a transport says that has no certificate to connect with.
type noCert struct{ error }

func (noCert) ClientCertificate() bool { return true }

// TestErrorCode: what the cause says itself, then what is known of it where
// nothing was received, then the kind's.
func TestErrorCode(t *testing.T) {
	denied := errcode.New(errcode.AppDenied, "no")
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, test := range []struct {
		e    Error
		want errcode.Code
	}{
		{Error{Kind: KindForbidden, Err: fmt.Errorf("x: %w", denied)}, errcode.AppDenied},
		{Error{Kind: KindUnreachable, Err: denied}, errcode.AppDenied},
		{Error{Kind: kindSessionLost, Err: &Error{Kind: KindUnreachable, Err: refused}}, errcode.ProxyRefused},
		{Error{Kind: KindUnreachable, Err: refused}, errcode.ProxyRefused},
		{Error{Kind: KindUnreachable, Err: errNoConnection}, errcode.ProxyTimeout},
		{Error{Kind: KindUnreachable, Err: errors.New("x")}, errcode.ProxyUnreachable},
		{Error{Kind: kindServerCertificate, Err: x509.HostnameError{Certificate: &x509.Certificate{}}}, errcode.ProxyCertWrongName},
		{Error{Kind: kindServerCertificate, Err: errors.New("x")}, errcode.ProxyCertUntrusted},
		{Error{Kind: kindClientCertificate, Err: noCert{errors.New("x")}}, errcode.AppCertMissing},
		{Error{Kind: kindClientCertificate, Err: errors.New("x")}, errcode.CertRefused},
		{Error{Kind: KindConnectionLost, Err: io.EOF}, errcode.ConnectionLost},
		{Error{Kind: KindConnectionLost, silent: true}, errcode.ConnectionSilent},
		{Error{Kind: KindTimeout, Err: io.EOF}, errcode.ServerSlow},
		{Error{Kind: KindHTTPStatus, HTTPStatus: 500}, errcode.ServerError},
		{Error{Kind: KindHTTPStatus, HTTPStatus: 404}, errcode.ServerRefused},
		{Error{Kind: kindInternal, Err: io.EOF}, errcode.Internal},
		{Error{Kind: kindConfiguration}, errcode.Usage},
		{Error{Kind: kindUnauthorized}, errcode.ServerAuth},
		{Error{Kind: KindForbidden}, errcode.ServerRefused},
		{Error{Kind: kindThrottled, HTTPStatus: 503}, errcode.ServerBusy},
		{Error{Kind: KindRedirect}, errcode.ServerRedirect},
		{Error{Kind: kindSessionLost, Err: errTooMany}, errcode.MCPSessionLost},
		{Error{Kind: kindStreamLost, Err: io.EOF}, errcode.StreamLost},
		{Error{Kind: KindMalformed}, errcode.AnswerMalformed},
		{Error{Kind: kindTruncated, Err: io.ErrUnexpectedEOF}, errcode.AnswerCut},
		{Error{Kind: kindContentType}, errcode.AnswerUnexpectedType},
		{Error{Kind: kindNoResponse}, errcode.AnswerMissing},
		{Error{Kind: KindResponseTooLarge}, errcode.AnswerTooLarge},
		{Error{Kind: kindRequestTooLarge}, errcode.RequestTooLarge},
		{Error{Kind: kindParseError}, errcode.MessageMalformed},
		{Error{Kind: kindInvalidRequest}, errcode.MessageInvalid},
		{Error{Kind: kindTooManyOpen}, errcode.TooManyRequests},
		{Error{Kind: kindShutdown}, errcode.ShuttingDown},
	} {
		if got := test.e.ErrorCode(); got != test.want {
			t.Errorf("%s: %s, want %s", test.e.Error(), got, test.want)
		}
	}
}
