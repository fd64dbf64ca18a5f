// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// codes are those of failures whose cause has none, or none that says more.
var codes = map[Kind]errcode.Code{
	KindUnreachable:       errcode.ProxyUnreachable,
	kindClientCertificate: errcode.CertRefused,
	kindServerCertificate: errcode.ProxyCertUntrusted,
	kindUnauthorized:      errcode.ServerAuth,
	KindForbidden:         errcode.ServerRefused,
	kindSessionLost:       errcode.MCPSessionLost,
	KindHTTPStatus:        errcode.ServerRefused,
	kindThrottled:         errcode.ServerBusy,
	KindRedirect:          errcode.ServerRedirect,
	kindStreamLost:        errcode.StreamLost,
	KindConnectionLost:    errcode.ConnectionLost,
	KindTimeout:           errcode.ServerSlow,
	KindMalformed:         errcode.AnswerMalformed,
	kindTruncated:         errcode.AnswerCut,
	kindContentType:       errcode.AnswerUnexpectedType,
	kindNoResponse:        errcode.AnswerMissing,
	kindRequestTooLarge:   errcode.RequestTooLarge,
	KindResponseTooLarge:  errcode.AnswerTooLarge,
	kindParseError:        errcode.MessageMalformed,
	kindInvalidRequest:    errcode.MessageInvalid,
	kindConfiguration:     errcode.Usage,
	kindTooManyOpen:       errcode.TooManyRequests,
	kindShutdown:          errcode.ShuttingDown,
	kindInternal:          errcode.Internal,
}

// ErrorCode is what the cause says of itself. What the network says of one counts
// where nothing was received.
func (e *Error) ErrorCode() errcode.Code {
	code := errcode.Own(e.Err)
	switch {
	case code != "":
		return code
	case e.silent:
		return errcode.ConnectionSilent
	case e.Kind == KindHTTPStatus && e.isServerFault():
		return errcode.ServerError
	case e.Kind == KindUnreachable, e.Kind == kindServerCertificate, e.Kind == kindClientCertificate:
		code = errcode.Foreign(e.Err)
	}
	if code == "" && e.Kind == kindClientCertificate && isCredential(e.Err) {
		return errcode.AppCertMissing
	}
	if code == "" {
		code = codes[e.Kind]
	}
	return code
}

// data is what a program can read out of the failure.
func (e *Error) data() map[string]any {
	d := map[string]any{
		"source":    "tshmcp",
		"kind":      string(e.Kind),
		"code":      string(e.ErrorCode()),
		"executed":  string(e.Executed),
		"retryable": e.Retryable,
	}
	for name, n := range map[string]int64{
		"attempts": int64(e.attempts), "httpStatus": int64(e.HTTPStatus), "limit": e.Limit, "size": e.Size,
	} {
		if n != 0 {
			d[name] = n
		}
	}
	for name, s := range map[string]string{"wwwAuthenticate": e.Challenge, "retryAfter": e.RetryAfter, "detail": cleanDetail(e.Detail)} {
		if s != "" {
			d[name] = plain.Line(s)
		}
	}
	return d
}
