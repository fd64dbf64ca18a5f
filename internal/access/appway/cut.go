// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"io"
	"net/http"

	"github.com/tshmcp/tshmcp/internal/access"
	"github.com/tshmcp/tshmcp/internal/teleport"
)

// emptied is about a success at an MCP app that the client waits for, and that
// may hold nothing: so looks one that was cut before its first byte, by a lock for
// one. nil passes it on, and the end of its body is seen when it is read. An event
// stream that is cut is opened again, which tells as much.
func (s *sending) emptied(l *link, res *http.Response) error {
	waits := s.w.cfg.Waits
	switch {
	case !l.cert.MCP || res.StatusCode != http.StatusOK || teleport.IsStream(res.Header):
		return nil
	case s.req.Method != http.MethodPost || waits == nil || !waits(s.ctx):
		return nil
	case res.ContentLength == 0:
		return s.cut(l)
	}
	res.Body = &firstByte{ReadCloser: res.Body, missing: func() error { return s.cut(l) }}
	return nil
}

// cut is the denial that is behind an answer that ended before it began, or nil.
// It may have come long after the request, so what was looked for since then does
// not count.
func (s *sending) cut(l *link) error {
	why := s.w.look.result(s.ctx, s.w.cfg.Now()).over(l).why
	if !access.IsDenial(why) {
		return nil
	}
	answer := teleport.Answer{Refusal: teleport.Unexplained}
	s.w.noteDenial(l, &denial{answer, true})
	return s.deny(answer, 0, why)
}

// firstByte is a body that asks why it has none, when it is read.
type firstByte struct {
	io.ReadCloser
	missing func() error // nil: nothing is known
	begun   bool         // it has one
}

func (b *firstByte) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && n == 0 && !b.begun {
		if why := b.missing(); why != nil {
			return 0, why
		}
	}
	b.begun = b.begun || n > 0
	return n, err
}
