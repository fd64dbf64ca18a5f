// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-mcp-http.json, the messages of an MCP app.

package testcluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// accessEntries are replayed with the other decisions on who may use what.
const accessEntries = "decides on access, replayed in TestRecordedMCPAccess"

// TestRecordedMCP replays what an MCP app's messages look like through a server
// of the newest release.
func TestRecordedMCP(t *testing.T) {
	t.Parallel() // it waits
	skip := map[string]string{}
	for name := range mcpAccess {
		skip[name] = accessEntries
	}
	rig := startMCPRig(t)
	replayFile(t, "app-mcp-http.json", skip, rig.replay)
}

// TestRecordedOldStreams replays event streams through the reader of 18.3. The
// recorded server was the newest in all else.
func TestRecordedOldStreams(t *testing.T) {
	rig := startMCPRig(t)
	rig.mcp.oldStreams = true
	replayFile(t, "app-mcp-http-18.3-streams.json", nil, rig.replay)
}

// mcpRig is the recorded cluster with the newest handling of MCP apps, and one
// server behind all of them.
type mcpRig struct {
	*rig
	server  *scriptedApp
	user    string
	app     string
	clients map[string]*http.Client // by user and app
}

func startMCPRig(t *testing.T, change ...func(*Config)) *mcpRig {
	t.Helper()
	server := newScriptedApp()
	r := startRig(t, server, append(change, func(cfg *Config) { cfg.Version = NewestVersion })...)
	return &mcpRig{rig: r, server: server, clients: map[string]*http.Client{}}
}

var givenApp = regexp.MustCompile(`app (mcp\w+)`)

// enter takes the state that an entry is in: its user and its app. "the same" is
// that of the entry before.
func (r *mcpRig) enter(given string) {
	if strings.HasPrefix(given, "the same, GET") {
		return
	}
	r.user, r.app = "bob", "mcp1"
	if strings.HasPrefix(given, "dave") {
		r.user = "dave"
	}
	if m := givenApp.FindStringSubmatch(given); m != nil {
		r.app = m[1]
	}
}

// client is one with a certificate for the app, as the recorder was: it asks for
// gzip and unpacks it.
func (r *mcpRig) client(t *testing.T) *http.Client {
	t.Helper()
	key := r.user + " " + r.app
	if r.clients[key] == nil {
		r.clients[key] = r.newClient(t)
	}
	return r.clients[key]
}

func (r *mcpRig) newClient(t *testing.T) *http.Client {
	t.Helper()
	account, _ := r.Cluster.user(r.user)
	app, _ := r.Cluster.app(r.app)
	id := r.loginIdentity(account, time.Now().Add(time.Hour))
	id.Usage, id.AppName, id.AppPublicAddr, id.AppCluster = []string{usageApps}, app.Name, app.PublicAddr, r.cfg.Name
	id.SessionID = r.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
	client := clientOf(t, r.Cluster, id)
	client.Transport.(*http.Transport).DisableCompression = false
	return client
}

// post sends a recorded request.
func (r *mcpRig) post(t *testing.T, client *http.Client, want recordedRequest) *http.Response {
	t.Helper()
	headers := maps.Clone(want.Headers)
	if headers == nil && want.Method == http.MethodPost {
		headers = map[string]string{"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
	}
	pairs := []string{"Host", firstOf(headers["Host"], "localhost")}
	for name, value := range headers {
		if name != "Host" {
			pairs = append(pairs, name, value)
		}
	}
	return do(t, client, r.Cluster, want.Method, want.Path, bodyText(t, want.Body), pairs...)
}

func (r *mcpRig) replay(t *testing.T, e recorded) {
	r.enter(e.Given)
	switch {
	case strings.HasPrefix(e.Name, "crossed-"):
		r.replayCrossed(t, e)
		return
	case strings.HasPrefix(e.Name, "slow-"):
		r = startMCPRig(t, func(cfg *Config) { cfg.AppTimes.MCPHeaders = 60 * shortSecond })
		r.enter(e.Given)
	}
	client := r.client(t)
	if e.Extra != nil {
		client = r.newClient(t) // whose token is new
	}
	r.server.play(e)
	resp := r.post(t, client, e.Request)
	if strings.HasPrefix(e.Response.End, "open after ") {
		wantOpen(t, *e.Response, resp, r.server)
	} else {
		wantMCPAnswer(t, e, resp)
	}
	r.server.check(t, e)
	if e.Extra != nil {
		r.checkToken(t, e.Extra, r.server.seen[0].Headers[jwtHeader])
	}
}

// wantMCPAnswer is wantRecorded, and holds JSON to the order of its members.
func wantMCPAnswer(t *testing.T, e recorded, resp *http.Response) {
	t.Helper()
	body, err := io.ReadAll(resp.Body)
	if e.Name == "answer-gzip" {
		// The server said gzip and sent none; the recorder's client failed to
		// unpack it, which is what the empty body means.
		if err == nil || len(body) > 0 {
			t.Errorf("the body is %q, %v", body, err)
		}
		err = nil
	}
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	want := *e.Response
	text := bodyText(t, want.Body)
	if json.Valid([]byte(text)) && json.Valid(body) {
		if !slices.Equal(jsonTokens(t, text), jsonTokens(t, string(body))) {
			t.Errorf("body = %.300s\nwant   %.300s", body, text)
		}
	}
	if repeats.Match(want.Body) {
		if string(body) != text {
			t.Errorf("body of %d bytes, want %d", len(body), len(text))
		}
		want.Body = mustJSON(string(body))
	}
	wantRecorded(t, want, resp, true, nil)
}

// jsonTokens are the tokens of JSON, with the texts of numbers.
func jsonTokens(t *testing.T, text string) (all []json.Token) {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	for {
		token, err := dec.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, token)
	}
}

// wantOpen holds that a stream is open after what was recorded, until the client
// closes it.
func wantOpen(t *testing.T, want recordedAnswer, resp *http.Response, server *scriptedApp) {
	t.Helper()
	if diff := diffHeaders(want.Headers, resp.Header, true, nil); diff != "" || resp.StatusCode != want.Status {
		t.Errorf("status = %d, %s", resp.StatusCode, diff)
	}
	text := bodyText(t, want.Body)
	got := make([]byte, len(text))
	if _, err := io.ReadFull(resp.Body, got); err != nil || string(got) != text {
		t.Errorf("stream = %q, %v, want %q", got, err, text)
	}
	ended := make(chan error, 1)
	go func() {
		_, err := resp.Body.Read(make([]byte, 1))
		ended <- err
	}()
	resp.Body.Close()
	if err := <-ended; err == nil || err == io.EOF {
		t.Errorf("the stream goes on with %v, want it open", err)
	}
	select {
	case <-server.left:
	case <-time.After(limit):
		t.Error("the server is not told that the client has left")
	}
}

// replayCrossed has two requests in flight, which end in the order in which they
// began.
func (r *mcpRig) replayCrossed(t *testing.T, e recorded) {
	var bodies map[string]json.RawMessage
	if err := json.Unmarshal(e.Request.Body, &bodies); err != nil || len(bodies) != 2 {
		t.Fatal(err)
	}
	first := r.newClient(t)
	clients := []*http.Client{first, first}
	if e.Name == "crossed-two-certificates" {
		clients[1] = r.newClient(t)
	}
	release := r.server.hold()
	answers := make([]chan *http.Response, 2)
	for i, word := range slices.Sorted(maps.Keys(bodies)) {
		answers[i] = make(chan *http.Response, 1)
		go func() {
			answers[i] <- r.post(t, clients[i], recordedRequest{Method: "POST", Path: "/", Body: bodies[word]})
		}()
		r.server.awaitCalls(t, i+1)
	}
	for i, want := range e.Then {
		release(i)
		wantMCPAnswer(t, recorded{Name: e.Name, Response: &want}, <-answers[i])
	}
}

// checkToken compares the recorded claims of a JWT with those of the token that
// the server saw. Times are words there.
func (r *mcpRig) checkToken(t *testing.T, extra json.RawMessage, token string) {
	t.Helper()
	var want struct {
		JWT struct{ Claims, Header map[string]any }
	}
	if err := json.Unmarshal(extra, &want); err != nil {
		t.Fatal(err)
	}
	header, claims := splitToken(t, token)
	issued, _ := claims["iat"].(float64)
	if now := float64(time.Now().Unix()); issued < now-60 || issued > now {
		t.Errorf("iat = %v, now it is %v", issued, now)
	}
	claims["iat"] = "now +0 s"
	for _, name := range []string{"exp", "nbf"} {
		at, _ := claims[name].(float64)
		claims[name] = fmt.Sprintf("iat %+d s", int(at-issued))
	}
	for _, diff := range []string{diffJSON(want.JWT.Claims, claims, nil, "claims"), diffJSON(want.JWT.Header, header, nil, "header")} {
		if diff != "" {
			t.Error(diff)
		}
	}
}
