// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// events is an MCP app that answers every request with this stream.
func events(stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, stream)
	}
}

// data lays a text out as the data lines of an event.
func data(text, end string) string {
	return "data: " + strings.ReplaceAll(text, "\n", end+"data: ") + end
}

// ask sends one message to an app that answers with this stream.
func ask(t *testing.T, c *Cluster, method, body string, headers ...string) string {
	t.Helper()
	return readAll(t, do(t, appClient(t, c, "tools"), c, method, "/", body, headers...))
}

func TestFilteredListSSE(t *testing.T) {
	const list, call = `{"jsonrpc":"2.0","id":"x1","method":"tools/list"}`, `{"jsonrpc":"2.0","id":"x1","method":"tools/call","params":{"name":"echo"}}`
	const progress = ": comment\r\n\r\nid:\nretry: 5\ndata:\n\nevent:message\nid: 1\ndata: {\"method\":\"notifications/progress\",\n:in between\ndata:\"params\":{}}\n\n"
	const request = "data: {\"id\":\"x1\",\"method\":\"roots/list\"}\n\n"
	for _, tt := range []struct{ name, message, stream, want string }{
		{"several lines", list,
			progress + "event: message\nid: 2\n" + data(withID(listed, `"x1"`), "\n") + "\n" + request,
			progress + "event: message\nid: 2\n" + data(withID(filtered, `"x1"`), "\n") + "\n" + request},
		{"CRLF", list, data(withID(listed, `"x1"`), "\r\n") + "id: 9\r\n\r\n: end\r\n", data(withID(filtered, `"x1"`), "\r\n") + "id: 9\r\n\r\n: end\r\n"},
		{"CR", list, data(withID(listed, `"x1"`), "\r") + "\r" + request, data(withID(filtered, `"x1"`), "\r") + "\r" + request},
		{"other spelling of the id", list, data(withID(listed, `"\u00781"`), "\n") + "\n", data(withID(filtered, `"\u00781"`), "\n") + "\n"},
		{"byte order mark", list, "\uFEFF" + data(withID(listed, `"x1"`), "\n") + "\n", data(withID(filtered, `"x1"`), "\n") + "\n"},
		{"no end", list, data(withID(listed, `"x1"`), "\n"), data(withID(filtered, `"x1"`), "\n")},
		{"not even a line's end", list, "data: " + withID(filtered, `"x1"`), "data: " + withID(filtered, `"x1"`)},
		{"other id", list, data(withID(listed, `"x2"`), "\n") + "\n", data(withID(listed, `"x2"`), "\n") + "\n"},
		{"other type of id", list, data(withID(listed, `1`), "\n") + "\n", data(withID(listed, `1`), "\n") + "\n"},
		{"other method", call, data(withID(listed, `"x1"`), "\n") + "\n", data(withID(listed, `"x1"`), "\n") + "\n"},
		{"no message", list, "data: {\n\ndata: []\n\nnonsense\n\n", "data: {\n\ndata: []\n\nnonsense\n\n"},
		{"empty", list, "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, events(tt.stream)).URL})
			if got := ask(t, c, "POST", tt.message); got != tt.want {
				t.Errorf("stream = %q\nwant     %q", got, tt.want)
			}
		})
	}
}

// TestFilteredListResumed shows that the answer to a tools/list is filtered
// also where it comes on a GET stream.
func TestFilteredListResumed(t *testing.T) {
	answer := data(withID(listed, "7"), "\n") + "\n"
	up := upstream(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost { // the stream breaks off before the answer
			events("id: 1\ndata:\n\n")(w, r)
			return
		}
		events(answer)(w, r)
	})
	c := startApps(t, App{Name: "tools", URI: "mcp+" + up.URL})
	client := appClient(t, c, "tools")
	do(t, client, c, "POST", "/", `{"id":7,"method":"tools/list"}`, "Mcp-Session-Id", "s").Body.Close()
	if got := readAll(t, do(t, client, c, "GET", "/", "", "Mcp-Session-Id", "other")); got != answer {
		t.Errorf("stream of another session = %q", got)
	}
	want := data(withID(filtered, "7"), "\n") + "\n"
	if got := readAll(t, do(t, client, c, "GET", "/", "", "Mcp-Session-Id", "s", "Last-Event-Id", "1")); got != want {
		t.Errorf("resumed stream = %q", got)
	}
}

func TestStrictStreams(t *testing.T) {
	const note = `{"method":"notifications/progress","params":{}}`
	for _, tt := range []struct{ name, stream, want string }{
		{"messages", ": ping\n\nretry: 5\nid: 1\ndata:\n\nevent: message\nid: 2\ndata: {\"method\":\ndata: \"notifications/progress\",\"params\":{}}\n\n" +
			"event: message\n" + data(withID(filtered, "3"), "\n") + "\n",
			"event: message\ndata: " + strings.Replace(note, `:"notif`, `: "notif`, 1) + "\n\nevent: message\ndata: " + strings.ReplaceAll(withID(filtered, "3"), "\n", " ") + "\n\n"},
		{"other events", "data: " + note + "\n\nevent: ping\ndata: {}\n\n", ""},
		{"request of the server", "event: message\ndata: " + note + "\n\nevent: message\ndata: {\"id\":1,\"method\":\"roots/list\"}\n\nevent: message\ndata: " + note + "\n\n",
			"event: message\ndata: " + note + "\n\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, events(tt.stream)).URL})
			c.SetStrictStreams(true)
			if got := ask(t, c, "POST", `{"id":3,"method":"tools/call","params":{"name":"echo"}}`); got != tt.want {
				t.Errorf("stream = %q\nwant     %q", got, tt.want)
			}
		})
	}
}

func TestStrictStreamsFilterLists(t *testing.T) {
	c := startApps(t, App{Name: "tools", URI: "mcp+" + upstream(t, events("event: message\n"+data(withID(listed, "3"), "\n")+"\n")).URL})
	c.SetStrictStreams(true)
	want := "event: message\ndata: " + strings.ReplaceAll(withID(filtered, "3"), "\n", " ") + "\n\n"
	if got := ask(t, c, "POST", `{"id":3,"method":"tools/list"}`); got != want {
		t.Errorf("stream = %q\nwant     %q", got, want)
	}
}
