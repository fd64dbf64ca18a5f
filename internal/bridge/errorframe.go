// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"strings"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
	"github.com/tshmcp/tshmcp/internal/plain"
)

// JSON-RPC codes the bridge uses. It never uses one of the range the protocol
// reserves for servers (transport.md 2.1, M16).
const (
	codeParse          = -32700
	codeInvalidRequest = -32600
	codeNoMethod       = -32601
	codeInternal       = -32603

	codeHeaderMismatch = -32020 // the server's
	reservedMin        = -32099
	reservedMax        = -32020
)

const messagePrefix = "tshmcp:"

// errorFrame makes the answer for the request with the given id.
func (cl *client) errorFrame(id []byte, e *Error) []byte {
	text := cl.describe(e)
	data := e.data()
	maps.Copy(data, text.Data)
	return encodeError(id, text.Code, text.Message, data)
}

// describe asks Config.Describe and repairs what it must not say.
func (cl *client) describe(e *Error) ErrorText {
	text := ErrorText{Code: e.Code, Message: e.words()}
	if cl.cfg.Describe != nil {
		own := cl.cfg.Describe(e)
		text.Data = own.Data
		if own.Message != "" {
			text.Message = own.Message
		}
		if own.Code != 0 {
			text.Code = own.Code
		}
	}
	text.Message += e.said(text.Message)
	if text.Code == 0 || text.Code >= reservedMin && text.Code <= reservedMax {
		text.Code = codeInternal
	}
	if !strings.HasPrefix(text.Message, messagePrefix) {
		text.Message = messagePrefix + " " + text.Message
	}
	text.Message += e.ErrorCode().Bracketed()
	return text
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

// encodeError writes the frame. The id is put in as it was read; the message is
// shown to a person, and may quote anybody.
func encodeError(id []byte, code int, message string, data map[string]any) []byte {
	body := encodeJSON(struct {
		Code    int            `json:"code"`
		Message string         `json:"message"`
		Data    map[string]any `json:"data,omitempty"`
	}{code, plain.Line(message), data})
	return frame.NewResponse(id, "error", body)
}

// encodeJSON is json.Marshal without the escapes that only HTML needs.
func encodeJSON(v any) []byte {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil { // Describe put something in that JSON does not know
		return []byte(`{"code":-32603,"message":"tshmcp: internal error"}`)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}

// asError returns the *Error in err's chain, or wraps err as a failure inside
// the bridge.
func asError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: kindInternal, Executed: MayHaveRun, Err: err}
}
