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
