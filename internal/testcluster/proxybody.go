// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"io"
	"net/http"
)

// endedBody is the body of a client's request on its way through a reverse
// proxy. It tells its end as often as it is asked.
//
// The transport that sends a body of known length asks once more behind its
// end. By then the app may have answered, and net/http's server closes the
// client's body when an answer begins: the question would be an error then, for
// which the transport closes its connection to the app, under the answer.
type endedBody struct {
	io.ReadCloser
	ended bool
}

// endBody returns the request with an endedBody. The server's own request stays
// as it is.
func endBody(r *http.Request) *http.Request {
	r = r.WithContext(r.Context())
	if r.Body != nil && r.Body != http.NoBody {
		r.Body = &endedBody{ReadCloser: r.Body}
	}
	return r
}

func (b *endedBody) Read(p []byte) (int, error) {
	if b.ended {
		return 0, io.EOF
	}
	n, err := b.ReadCloser.Read(p)
	b.ended = err == io.EOF
	return n, err
}
