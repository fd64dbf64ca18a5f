// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-mcp-raw.json, connections to raw apps; the messages on them.

package testcluster

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/rawtest"
)

// What stands for a second of the recording: in the cluster, and in the servers,
// where the order of two answers depends on it.
const (
	rawSecond       = 20 * time.Millisecond
	rawServerSecond = 200 * time.Millisecond
)

// recordedRaw is an entry of app-mcp-raw.json: lines that were sent and received
// on a connection, and how it ended.
type recordedRaw struct {
	Name     string   `json:"name"`
	Mark     string   `json:"mark"`
	Given    string   `json:"given"`
	Sent     []string `json:"sent"`
	Received []string `json:"received"`
	End      string   `json:"end"`
	Note     string   `json:"note"`
}

// rawReplay plays an entry whose words are not all in it.
type rawReplay func(t *testing.T, r *rawRig, e recordedRaw)

// TestRecordedRaw replays connections to raw apps, each against a cluster of its
// own.
func TestRecordedRaw(t *testing.T) {
	data, err := os.ReadFile(filepath.Join(recordings, "app-mcp-raw.json"))
	if err != nil {
		t.Fatal(err)
	}
	var entries []recordedRaw
	if err := json.Unmarshal(data, &entries); err != nil {
		t.Fatal(err)
	}
	special := map[string]rawReplay{}
	for _, table := range []map[string]rawReplay{rawMessages, rawSSE, rawEnds, rawAccess, rawWire} {
		maps.Copy(special, table)
	}
	known := slices.Collect(maps.Keys(special))
	for _, e := range entries {
		replay := special[e.Name]
		if replay == nil {
			replay = replayRaw
		}
		known = slices.DeleteFunc(known, func(name string) bool { return name == e.Name })
		t.Run(e.Name, func(t *testing.T) {
			t.Parallel()
			replay(t, startRawRig(t), e)
		})
	}
	for _, name := range known {
		t.Errorf("there is no entry %q", name)
	}
	t.Logf("app-mcp-raw.json: %d entries, %d of them with words of their own, none skipped", len(entries), len(special))
}

// rawRig is the recorded cluster with raw apps.
type rawRig struct {
	*rig
	t   *testing.T
	sse *rawtest.SSE
}

// startRawRig starts a cluster in which bob may use the apps rawdemo and ssedemo
// with all tools but forbidden, and dave without any; carol needs a second
// factor.
func startRawRig(t *testing.T, change ...func(*Config)) *rawRig {
	t.Helper()
	r := &rawRig{t: t, sse: &rawtest.SSE{Second: rawServerSecond}}
	r.rig = startRig(t, r.sse, append([]func(*Config){func(cfg *Config) {
		cfg.Version = NewestVersion
		s := rawSecond
		cfg.AppTimes = AppTimes{RawDenial: 30 * s, RawLock: s, RawPing: s, RawKill: 10 * s}
		cfg.Roles[0].AllowTools = []string{"echo", "env", "die", "slow", "ask", "raw", "add", "sleep", "big", "last"}
		for name, like := range map[string]string{"ssedemo": "mcp1", "ssedown": "mcpdown"} {
			i := slices.IndexFunc(cfg.Apps, func(app App) bool { return app.Name == like })
			cfg.Apps = append(cfg.Apps, rawRigApp(name, strings.Replace(cfg.Apps[i].URI, "mcp+", "mcp+sse+", 1)))
		}
		for name, args := range map[string][]string{
			"rawdemo": {}, "exits": {"-die"}, "deaf": {"-deaf"}, "greets": {"-greet", "not json"}, "holds": {"-hold", "80"},
		} {
			app := stdioApp(t, name, append(args, "-second", rawServerSecond.String())...)
			cfg.Apps = append(cfg.Apps, rawRigApp(name, app.URI, app.Command...))
		}
		hidden := rawRigApp("rawhidden", "mcp+stdio://")
		hidden.Labels = map[string]string{"env": "other"}
		cfg.Apps = append(cfg.Apps, hidden)
	}}, change...)...)
	return r
}

func rawRigApp(name, uri string, command ...string) App {
	return App{Name: name, URI: uri, Command: command, PublicAddr: name + ".cluster.example", Labels: map[string]string{"env": "rig"}}
}

// identity is a user's, with a new session of an app.
func (r *rawRig) identity(user, app string) identity {
	account, _ := r.Cluster.user(user)
	id := r.loginIdentity(account, time.Now().Add(time.Hour))
	id.Usage, id.AppName, id.AppPublicAddr, id.AppCluster = []string{usageApps}, app, app+".cluster.example", r.cfg.Name
	id.SessionID = r.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	return id
}

func (r *rawRig) dial(user, app string, protos ...string) *rawClient {
	return dialRaw(r.t, r.Cluster, r.identity(user, app), protos...)
}

// replayRaw plays an entry that says it all.
func replayRaw(t *testing.T, r *rawRig, e recordedRaw) {
	app := "rawdemo"
	if strings.Contains(e.Given, "mcp+sse") {
		app = "ssedemo"
	}
	r.t = t
	playRaw(t, r.dial("bob", app), e)
}

// playRaw sends the lines of an entry and compares what comes back, to the end.
func playRaw(t *testing.T, client *rawClient, e recordedRaw) {
	t.Helper()
	if strings.Contains(e.Given, "already initialized") {
		client.open(t, "rawdemo")
	}
	begun, received := time.Now(), e.Received
	for i, line := range e.Sent {
		client.send(t, line)
		// The recorder waited for the answer to initialize. Where a denial was asked
		// for behind calls it waited for each: it would overtake them.
		steps := strings.Contains(e.Name, "-denied-tool") && strings.Contains(line, `"id"`)
		if steps || i == 0 && len(e.Sent) > 1 && len(received) > 0 && strings.Contains(line, "initialize") {
			received = wantRaw(t, client, received, 1)
		}
	}
	wantRaw(t, client, received, len(received))
	wantRawEnd(t, client, e, begun)
}

// wantRaw reads the next n lines, and returns the rest.
func wantRaw(t *testing.T, client *rawClient, lines []string, n int) []string {
	t.Helper()
	for ; n > 0; n-- {
		want := lines[0]
		lines = lines[1:]
		if got := client.line(t); !matchRaw(want, got) {
			t.Fatalf("line = %.900s\nwant   %.900s", got, want)
		}
	}
	return lines
}

var (
	rawCut = regexp.MustCompile(`^((?s).*)\.\.\.<(\d+) bytes>$`)
	rawEnd = regexp.MustCompile(`^EOF, from the dial (\d+)\.\d s$`)
)

// matchRaw compares a line with a recorded one, of which the rest may be left out.
func matchRaw(want, got string) bool {
	if m := rawCut.FindStringSubmatch(want); m != nil {
		n, _ := strconv.Atoi(m[2])
		return len(got) == n && strings.HasPrefix(got, m[1])
	}
	return want == got
}

// wantRawEnd compares how a connection goes on. Only an end that was waited for
// has a time.
func wantRawEnd(t *testing.T, client *rawClient, e recordedRaw, begun time.Time) {
	t.Helper()
	switch m := rawEnd.FindStringSubmatch(e.End); {
	case e.End == "open", e.End == "closed by the client":
		client.wantOpen(t)
	case m == nil:
		t.Errorf("the end %q is not understood", e.End)
	default:
		client.wantEnd(t)
		if m[1] == "30" && time.Since(begun) < 28*rawSecond { // the dial is before
			t.Errorf("the end came after %v, want that of %s", time.Since(begun), e.End)
		}
	}
}

// rawMessages are entries about messages that need more than their lines.
var rawMessages = map[string]rawReplay{
	"stdio-without-ping-framing": func(t *testing.T, r *rawRig, e recordedRaw) {
		playRaw(t, r.dial("bob", "rawdemo", "teleport-mcp"), e)
	},
	"tools-list-role-without-tools": func(t *testing.T, r *rawRig, e recordedRaw) {
		playRaw(t, r.dial("dave", "rawdemo"), e)
	},
	"the-server-prints-a-line-that-is-no-json-before-anything-else": func(t *testing.T, r *rawRig, e recordedRaw) {
		playRaw(t, r.dial("bob", "greets"), e)
	},
	"answers-of-the-server-as-it-writes-them": func(t *testing.T, r *rawRig, e recordedRaw) {
		lines := []string{
			"noise", "", `{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":9007199254740993,"f":1.0},"x":1}`,
			`{"jsonrpc":"2.0","id":99,"result":{"n":9007199254740993,"f":1.0,"b":1, "a": 2},"x":1}`, `[{"jsonrpc":"2.0","method":"n"}]`,
			`{"jsonrpc":"2.0","id":100,"error":{"code":-5,"message":"m","data":{"q":1.0}},"x":1}`, `{"jsonrpc":"2.0","id":101,"result":null}`,
			`{"jsonrpc":"2.0","id":102}`, `{"jsonrpc":"2.0","id":null,"result":{}}`,
		}
		e.Sent = []string{whole(t, e.Sent[0], `{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"raw","arguments":{"lines":`+string(mustJSON(lines))+`}}}`)}
		playRaw(t, r.dial("bob", "rawdemo"), e)
	},
	"byte-order-mark": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.open(t, "rawdemo")
		client.send(t, strings.Replace(e.Sent[0], "<EF BB BF>", "\xef\xbb\xbf", 1))
		client.want(t, e.Received...)
		client.wantOpen(t)
	},
	"invalid-utf8": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.open(t, "rawdemo")
		client.send(t, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"text":"`+"\xff"+`"}}}`)
		client.want(t, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"`+"\ufffd"+`"}]}}`)
		client.wantOpen(t)
	},
	"tool-decision-stays": func(t *testing.T, r *rawRig, e recordedRaw) {
		const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}`
		before := r.dial("bob", "rawdemo")
		before.open(t, "rawdemo")
		role, _ := r.registry.role("rig-user")
		role.AllowTools = []string{"slow"}
		r.SetRole(role)
		before.send(t, call)
		before.want(t, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":""}]}}`)
		after := r.dial("bob", "rawdemo")
		after.open(t, "rawdemo")
		after.send(t, call)
		if got := after.line(t); !strings.Contains(got, "-32602") {
			t.Errorf("a new connection says %s", got)
		}
	},
	"tracker-overflow": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "holds")
		client.open(t, "rawdemo")
		for i := range 80 {
			client.send(t, `{"jsonrpc":"2.0","id":`+strconv.Itoa(i)+`,"method":"tools/list"}`)
		}
		unfiltered := 0
		for range 80 {
			if strings.Contains(client.line(t), "forbidden") {
				unfiltered++
			}
		}
		if unfiltered < 19 || unfiltered > 30 { // 30 if none is answered before all are there
			t.Errorf("%d lists of 80 unfiltered", unfiltered)
		}
	},
	"two-connections-one-certificate": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		a, b := dialRaw(t, r.Cluster, id), dialRaw(t, r.Cluster, id)
		a.open(t, "rawdemo")
		b.open(t, "rawdemo")
		a.send(t, `{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"slow","arguments":{"seconds":1}}}`)
		b.send(t, `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`)
		if got := b.line(t); !strings.Contains(got, `"tools":[{`) || strings.Contains(got, "forbidden") {
			t.Errorf("the list is %s", got)
		}
		a.want(t, `{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"text","text":"slept"}]}}`)
	},
}

// whole is a line of which the recording has the beginning.
func whole(t *testing.T, recorded, line string) string {
	t.Helper()
	m := rawCut.FindStringSubmatch(recorded)
	if m == nil || !strings.HasPrefix(line, m[1]) {
		t.Errorf("the line begins otherwise than the recorded one:\n%s\n%s", line, recorded)
	}
	return line
}

// sseReplay plays an entry against an SSE server that is changed so.
func sseReplay(change func(*rawRig)) rawReplay {
	return func(t *testing.T, r *rawRig, e recordedRaw) {
		change(r)
		playRaw(t, r.dial("bob", "ssedemo"), e)
	}
}

// rawSSE are entries about SSE apps that need more than their lines.
var rawSSE = map[string]rawReplay{
	"sse-server-does-not-listen": func(t *testing.T, r *rawRig, e recordedRaw) {
		playRaw(t, r.dial("bob", "ssedown"), e)
	},
	"sse-404-instead-of-a-stream": sseReplay(func(r *rawRig) { r.sse.Status = http.StatusNotFound }),
	"sse-absolute-endpoint":       sseReplay(func(r *rawRig) { r.sse.Absolute = true }),
	"sse-comment-before-the-endpoint": sseReplay(func(r *rawRig) {
		r.sse.Greeting = func(endpoint string) string { return ": hello\n\nevent: endpoint\ndata: " + endpoint + "\n\n" }
	}),
	"sse-server-answers-the-get-after-5-s": sseReplay(func(r *rawRig) { r.sse.Delay = 5 * rawSecond }),
	"sse-events-as-servers-write-them": func(t *testing.T, r *rawRig, e recordedRaw) {
		events := []string{
			"data: {\"jsonrpc\":\"2.0\",\"method\":\"unnamed\"}\n\n", ": comment\n\n",
			"event: message\nid: 5\nretry: 100\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"method\":\"twolines\"}\n\n",
			"event: other\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"other\"}\n\n", "event: message\ndata: noise\n\n",
			"event: message\ndata: [{\"jsonrpc\":\"2.0\",\"method\":\"batch\"}]\n\n",
			"event: message\r\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"crlf\"}\r\n\r\n",
		}
		var quoted []string
		for _, event := range events {
			quoted = append(quoted, string(mustJSON(event)))
		}
		line := `{"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "raw", "arguments": {"events": [` + strings.Join(quoted, ", ") + `]}}}`
		e.Sent[2] = whole(t, e.Sent[2], line)
		playRaw(t, r.dial("bob", "ssedemo"), e)
	},
	"sse-initialize-list-call-denied-tool-headers": func(t *testing.T, r *rawRig, e recordedRaw) {
		r.mcp.sseHeaders = false // the build that was recorded sent none (protocol.md 13.5)
		last := len(e.Received) - 1
		want := textOf(t, e.Received[last])
		e.Received = e.Received[:last]
		client := r.dial("bob", "ssedemo")
		env := len(e.Sent) - 1
		playRaw(t, client, recordedRaw{Name: e.Name, Sent: e.Sent[:env], Received: e.Received, End: "open"})
		client.send(t, e.Sent[env])
		var recorded map[string]string
		var got http.Header
		if json.Unmarshal([]byte(want), &recorded) != nil || json.Unmarshal([]byte(textOf(t, client.line(t))), &got) != nil {
			t.Fatal("no headers")
		}
		if diff := diffHeaders(recorded, got, false, nil); diff != "" || len(got) != len(recorded) {
			t.Errorf("headers %v, want %v: %s", got, recorded, diff)
		}
		client.wantOpen(t)
	},
	"sse-18-3-time-reader-unnamed-event":          oldReader,
	"sse-18-3-time-reader-comment-and-blank-line": oldReader,
	"sse-18-3-time-reader-other-event":            oldReader,
	"sse-18-3-time-reader-event-without-data":     oldReader,
	"sse-18-3-time-reader-noise":                  oldReader,
	"sse-18-3-time-reader-crlf":                   oldReader,
}

// oldReader replays an entry with the reader of 18.3's time.
func oldReader(t *testing.T, r *rawRig, e recordedRaw) {
	r.mcp.oldStreams = true
	playRaw(t, r.dial("bob", "ssedemo"), e)
}

// textOf is the text in the answer to a call.
func textOf(t *testing.T, line string) string {
	t.Helper()
	var answer struct {
		Result struct{ Content []struct{ Text string } }
	}
	if err := json.Unmarshal([]byte(line), &answer); err != nil || len(answer.Result.Content) != 1 {
		t.Fatalf("no text in %s", line)
	}
	return answer.Result.Content[0].Text
}
