// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: an event stream that stops until it is let go on.

package testcluster

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// heldStream is an event stream that stops behind its first events until it is
// let go on, and in the end stays open until its client is gone, unless it ends.
type heldStream struct {
	parts []string
	first int
	ends  bool
	goOn  chan struct{}
}

// holding makes a stream of the recorded events, which stops behind the first of
// them.
func holding(t *testing.T, e recorded, first int, ends bool) *heldStream {
	parts := strings.SplitAfter(bodyText(t, e.Response.Body), "\n\n")
	return &heldStream{parts: parts, first: first, ends: ends, goOn: make(chan struct{})}
}

func (s *heldStream) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for i, part := range s.parts {
		if i == s.first {
			select {
			case <-s.goOn:
			case <-r.Context().Done():
				return
			}
		}
		io.WriteString(w, part)
		http.NewResponseController(w).Flush()
	}
	if !s.ends {
		<-r.Context().Done()
	}
}
