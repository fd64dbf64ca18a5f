// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxMCPBody bounds the body of a POST to an MCP app, and of its JSON answer.
const maxMCPBody = 10 << 20

// toolDeniedMessage is the JSON-RPC error of a tools/call that no role allows
// (protocol.md 8.3).
const toolDeniedMessage = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."

// rpcMessage is what the cluster reads of a JSON-RPC message. Keys are case
// sensitive.
type rpcMessage struct {
	id     json.RawMessage // the bytes of the id; nil if there is none
	method string
	result bool // a response: it has a result or an error
	tool   string
}

// mcpCall is a request to an MCP app.
type mcpCall struct {
	*appCall
	roles   []Role
	message rpcMessage // of a POST
	listKey string     // of a POST of tools/list
}

// serveMCP serves an MCP app over streamable HTTP (protocol.md 8.3).
func (c *Cluster) serveMCP(w http.ResponseWriter, r *http.Request, base *appCall) {
	call := &mcpCall{appCall: base, roles: base.home.rolesOf(base.identity)}
	switch r.Method {
	case http.MethodGet, http.MethodDelete:
	case http.MethodPost:
		if !c.readMessage(w, r, call) {
			return
		}
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	c.forward(w, r, base, proxyHooks{
		rewritePath: func(u *url.URL) { defaultPath(u, call.target) },
		onResponse:  func(resp *http.Response) error { return c.mcpResponse(resp, call) },
		onError:     func(w http.ResponseWriter, _ *http.Request, err error) { mcpError(w, base, err) },
	})
}

// defaultPath gives a request for "/" the path of the app's URI.
func defaultPath(u, target *url.URL) {
	if target.Path != "" && (u.Path == "" || u.Path == "/") {
		u.Path, u.RawPath = target.Path, target.RawPath
	}
}

// readMessage reads and judges the body of a POST; false means that it was
// answered. The body goes on to the app as the client wrote it.
func (c *Cluster) readMessage(w http.ResponseWriter, r *http.Request, call *mcpCall) bool {
	body, err := readBounded(r.Body)
	if err != nil {
		refuse(w, call.appCall, "invalid request body: "+err.Error())
		return false
	}
	r.Body, r.ContentLength, r.TransferEncoding = io.NopCloser(bytes.NewReader(body)), int64(len(body)), nil
	if isArray(body) {
		refuse(w, call.appCall, "not a MCP request or notification")
		return false
	}
	msg, err := parseMessage(body)
	if err != nil {
		refuse(w, call.appCall, "invalid request body: not a JSON object")
		return false
	}
	call.message = msg
	c.faults.log.update(func() { call.record.MCPMethod = msg.method })
	if msg.method == "" && !(msg.result && call.faults.allowResponses) {
		refuse(w, call.appCall, "not a MCP request or notification")
		return false
	}
	return c.checkMessage(w, r, call)
}

// checkMessage applies the tool rules to a request.
func (c *Cluster) checkMessage(w http.ResponseWriter, r *http.Request, call *mcpCall) bool {
	if call.message.id == nil {
		return true
	}
	switch call.message.method {
	case "tools/call":
		if !call.toolAllowed(call.message.tool) {
			denyTool(w, call.message)
			return false
		}
	case "tools/list":
		call.listKey = listKey(r.Header.Get("Mcp-Session-Id"), call.message.id)
		c.sessions.pushList(call.session, call.listKey)
	}
	return true
}

func (call *mcpCall) toolAllowed(tool string) bool {
	return toolAllowed(call.roles, call.identity.Traits, call.app, tool)
}

// refuse answers a body that does not go to the app.
func refuse(w http.ResponseWriter, call *appCall, message string) {
	if call.faults.errorOrigin {
		w.Header().Set(errorOriginHeader, originAppService)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(http.StatusBadRequest)
	io.WriteString(w, message)
}

// denyTool answers a tools/call for the app. The id is echoed byte for byte.
func denyTool(w http.ResponseWriter, msg rpcMessage) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"jsonrpc":"2.0","id":%s,"error":{"code":-32602,"message":%s,"data":{"message":%s}}}`,
		msg.id, mustJSON(toolDeniedMessage), mustJSON(fmt.Sprintf("access to tool %q denied", msg.tool)))
}

// mcpError answers for an MCP app that gave no usable answer.
func mcpError(w http.ResponseWriter, call *appCall, err error) {
	status, origin := errorStatus(err), originAppService
	if status != http.StatusInternalServerError {
		origin = originUnreachable
	}
	if call.faults.errorOrigin {
		w.Header().Set(errorOriginHeader, origin)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, http.StatusText(status))
}

var errBodyTooLarge = errors.New("larger than 10 MiB")

// readBounded reads a body of at most maxMCPBody bytes.
func readBounded(r io.Reader) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, maxMCPBody+1))
	if err != nil {
		return nil, err
	}
	if len(body) > maxMCPBody {
		return nil, errBodyTooLarge
	}
	return body, nil
}

// parseMessage reads one JSON-RPC message; anything but an object is an error.
func parseMessage(body []byte) (rpcMessage, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return rpcMessage{}, err
	}
	var msg rpcMessage
	if id := fields["id"]; string(id) != "null" {
		msg.id = id
	}
	msg.method = stringField(fields, "method")
	msg.result = msg.method == "" && (fields["result"] != nil || fields["error"] != nil)
	var params map[string]json.RawMessage
	if json.Unmarshal(fields["params"], &params) == nil {
		msg.tool = stringField(params, "name")
	}
	return msg, nil
}

// stringField returns a field that is a string, "" for any other.
func stringField(fields map[string]json.RawMessage, name string) string {
	var s string
	if json.Unmarshal(fields[name], &s) != nil {
		return ""
	}
	return s
}

func isArray(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("["))
}

// listKey names a tools/list request within an app session. Servers may write
// the id in another form, hence the detour.
func listKey(mcpSession string, id json.RawMessage) string {
	var v any
	dec := json.NewDecoder(bytes.NewReader(id))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return ""
	}
	return fmt.Sprintf("%s\x00%T\x00%v", mcpSession, v, v)
}

// isWellKnown reports whether a path is for metadata, which passes untouched.
func isWellKnown(path string) bool { return strings.HasPrefix(path, "/.well-known/") }

// untouched reports whether the answer to a request passes whatever it is.
func untouched(r *http.Request) bool {
	return r.Method == http.MethodDelete || r.Method == http.MethodGet && isWellKnown(r.URL.Path)
}
