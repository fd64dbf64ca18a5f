// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"strconv"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// maxFailureText bounds what is kept of an error that has no message, in bytes.
const maxFailureText = 1 << 10

// mendFailure makes the error of a response one that clients take. An error that
// is no object, or without a number as its code and a string as its message, is
// common; clients drop the whole message because of it and wait for ever.
func mendFailure(doc, failure []byte) []byte {
	code := frame.Lookup(failure, "code")
	text, ok := frame.LookupString(failure, "message")
	switch isNumber := frame.IsNumber(code); {
	case isNumber && ok:
		return doc
	case !isNumber:
		code = strconv.AppendInt(nil, codeInternal, 10)
	}
	if !ok {
		text, ok = frame.DecodeString(failure)
	}
	if !ok {
		text = "the server's error has no message: " + string(failure[:min(len(failure), maxFailureText)])
	}
	mended := append(append(append([]byte(`{"code":`), code...), `,"message":`...), encodeJSON(text)...)
	if data := frame.Lookup(failure, "data"); data != nil {
		mended = append(append(mended, `,"data":`...), data...)
	}
	at, ok := frame.Find(doc, "error")
	if !ok {
		return doc
	}
	return frame.Splice(doc, at, append(mended, '}'))
}
