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
// is no object, or without an integer as its code and a string as its message, is
// common; clients drop the whole message because of it and wait for ever.
func mendFailure(doc, failure []byte) []byte {
	read := frame.Lookup(failure, "code")
	code := failureCode(read)
	text, ok := frame.LookupString(failure, "message")
	if ok && string(read) == code {
		return doc
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

// failureCode is the code of an error as every client takes it: many decode it into
// 32 bits, and none takes a point or an exponent in it.
func failureCode(read []byte) string {
	if frame.IsNumber(read) {
		text, _ := frame.Integer(string(read))
		if _, err := strconv.ParseInt(text, 10, 32); err == nil {
			return text
		}
	}
	return strconv.Itoa(codeInternal)
}
