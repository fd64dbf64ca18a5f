// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// maxMCPBody bounds the JSON answer of an MCP app, and an event of its streams.
const maxMCPBody = 10 << 20

var (
	errNoResponse = errors.New("message is not a response")
	errReadLimit  = errors.New("the read limit is reached")
)

// typeError says that an answer is of a type that is not MCP's.
type typeError string

func (e typeError) Error() string { return fmt.Sprintf("unsupported response type %s", string(e)) }

// rewriteResponse reads an MCP app's answer and writes it anew, without the tools
// that the user may not call.
func (call *mcpCall) rewriteResponse(resp *http.Response) error {
	release := call.home.mcp
	if resp.StatusCode >= http.StatusInternalServerError && release.explains {
		resp.Header.Set(errorOriginHeader, originUpstream)
	}
	if untouched(resp.Request) || resp.StatusCode != http.StatusOK || resp.ContentLength == 0 {
		return nil
	}
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil {
		return err
	}
	switch mediaType {
	case "application/json":
		return rewriteJSON(resp, call.filterResponse)
	case "text/event-stream":
		resp.Body = newEventStream(resp.Body, release.oldStreams, call.filterResponse)
		resp.ContentLength = -1
		resp.Header.Del("Content-Length")
		return nil
	}
	return typeError(mediaType)
}

// filterResponse applies the tool rules to a response. Which request it answers
// is what the tracker says.
func (call *mcpCall) filterResponse(msg *rpcMessage) *rpcMessage {
	if call.service.sessions.popRequest(call.session, msg) != "tools/list" {
		return msg
	}
	return filterTools(msg, call.toolAllowed)
}

// rewriteJSON replaces a JSON answer.
func rewriteJSON(resp *http.Response, process func(*rpcMessage) *rpcMessage) error {
	body, err := readBounded(resp.Body)
	resp.Body.Close()
	if err != nil {
		return err
	}
	msg, err := decodeResponse(body)
	if err != nil {
		return err
	}
	body = mustJSON(process(msg))
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	resp.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}

// readBounded reads a body of at most maxMCPBody bytes.
func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxMCPBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxMCPBody {
		return nil, errReadLimit
	}
	return body, nil
}

// mcpError answers for an MCP app that gave no usable answer.
func mcpError(w http.ResponseWriter, release mcpRelease, err error) {
	status, origin := errorStatus(err), originUnreachable
	if status == http.StatusInternalServerError {
		origin = originAppService
		if release.explains {
			status = answerStatus(err)
		}
	}
	writeMCPError(w, release, status, origin, err.Error())
}

// answerStatus is the status for an answer that cannot be passed on.
func answerStatus(err error) int {
	var wrongType typeError
	switch {
	case errors.Is(err, errReadLimit):
		return http.StatusTooManyRequests
	case errors.Is(err, errNoResponse), errors.As(err, &wrongType):
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// writeMCPError answers with an error of the app service.
func writeMCPError(w http.ResponseWriter, release mcpRelease, status int, origin, text string) {
	if release.explains {
		w.Header().Set(errorOriginHeader, origin)
	} else if status != http.StatusBadRequest {
		text = http.StatusText(status)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, text)
}
