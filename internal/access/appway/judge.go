// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package appway

import (
	"bytes"
	"io"
	"net/http"
	"time"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// judgeTime is how long the text of a refusal may take to arrive.
const judgeTime = 2 * time.Second

// judge tells who answered at an MCP app or an ordinary one. Only the beginning
// of a refusal is read for it, and put back.
func judge(res *http.Response, mcp bool) teleport.Answer {
	if !mcp && teleport.OnlyOfMCPApps(res.Header) {
		return teleport.Answer{Origin: teleport.FromApp}
	}
	if !teleport.MayBeTeleports(res.StatusCode, res.Header) {
		return teleport.WhoAnswered(res.StatusCode, res.Header, nil)
	}
	body := res.Body
	late := time.AfterFunc(judgeTime, func() { body.Close() })
	defer late.Stop()
	prefix, err := io.ReadAll(io.LimitReader(body, teleport.AnswerPrefix))
	rest := io.Reader(body)
	if err != nil {
		rest = failingReader{err}
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(prefix), rest), body}
	return teleport.WhoAnswered(res.StatusCode, res.Header, prefix)
}

// failingReader is the end of a body that broke off.
type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }
