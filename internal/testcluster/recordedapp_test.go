// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-http.json, web apps.

package testcluster

import (
	"cmp"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestRecordedWebApps replays web apps through the proxy: all 77 entries.
func TestRecordedWebApps(t *testing.T) {
	t.Parallel() // it waits
	r := startWebRig(t)
	r.t, r.replays = t, webReplays
	replayFile(t, "app-http.json", nil, r.replay)
}

// webRig is the recorded cluster with one server behind all of its web apps.
type webRig struct {
	*rig
	t       *testing.T        // of all entries
	uses    map[string]webUse // by entry
	replays map[string]func(*webRig, *testing.T, recorded)
	app     *scriptedApp
	clients map[webUse]*webClient
	stream  *http.Response // that stays open over entries
	held    *heldStream    // what it gets
}

// webClient is a client with the certificate of a session.
type webClient struct {
	*http.Client
	cert    *tls.Certificate
	session string
}

// webUse is what an entry is recorded with; the zero value is bob with a
// certificate for the app web that other entries use too.
type webUse struct {
	user string // bob
	app  string // web
	addr string // of the app, that of its name
	host string // Host header, localhost
	own  string // certificate of an entry's own, by a name
	ttl  time.Duration
}

// webUses are those of entries that are recorded with something else.
var webUses = map[string]webUse{
	"headers":                        {host: "web.cluster.example:<port>"},
	"headers-rewrite":                {app: "webjwt"},
	"host-other":                     {host: "other.example"},
	"host-other-app":                 {host: "webjwt.cluster.example"},
	"root-uri-path":                  {app: "webpath"},
	"root-uri-path-post":             {app: "webpath"},
	"root-uri-path-query":            {app: "webpath"},
	"uri-path-other":                 {app: "webpath"},
	"upstream-down":                  {app: "webdown"},
	"deadapp":                        {app: "deadapp"},
	"hidden":                         {app: "webhidden"},
	"hidden-static":                  {app: "hidden"},
	"hidden-accept-json":             {app: "webhidden"},
	"session-mfa":                    {user: "carol"},
	"unknown-app":                    {app: "nosuch"},
	"wrong-public-addr":              {addr: "wrong.cluster.example"},
	"wrong-name":                     {app: "webjwt", addr: "web.cluster.example"},
	"no-cert-app-host":               {host: "web.cluster.example"},
	"no-cert-app-host-post":          {host: "web.cluster.example"},
	"no-cert-unknown-app-host":       {host: "nosuch.cluster.example"},
	"before-session-delete":          {own: "to be deleted"},
	"session-deleted-kept-alive":     {own: "to be deleted"},
	"session-deleted-new-connection": {own: "to be deleted"},
	"logout-path":                    {own: "to log out"},
	"after-logout-path":              {own: "to log out"},
	"before-app-delete":              {app: "webgone"},
	"app-deleted":                    {app: "webgone"},
	"app-deleted-new-cert":           {app: "webgone", own: "new"},
	"expired-kept-alive":             {own: "short", ttl: 2 * time.Second},
	"expired-new-connection":         {own: "short", ttl: 2 * time.Second},
	"expired-open-stream":            {own: "short", ttl: 2 * time.Second},
	"stream-client-idle-timeout":     {user: "dave"},
	"stream-disconnect-expired-cert": {user: "dave", own: "short", ttl: 2 * time.Second},
	"stream-lock":                    {user: "dave"},
	"locked-new-connection":          {user: "dave"},
	"unlocked":                       {user: "dave"},
	"stream-role-lost":               {user: "dave"},
	"role-back":                      {user: "dave"},
}

// shortTimes are in place of those that are waited for; TestAppTimes holds what
// they are otherwise.
var shortTimes = AppTimes{Lock: 10 * time.Millisecond, Expired: time.Millisecond, Denial: 200 * time.Millisecond}

func startWebRig(t *testing.T, change ...func(*Config)) *webRig {
	t.Helper()
	app := newScriptedApp()
	r := startRig(t, app, append([]func(*Config){func(cfg *Config) {
		cfg.WebNames = []string{"cluster.example"}
		cfg.AppTimes = shortTimes
	}}, change...)...)
	return &webRig{rig: r, app: app, uses: webUses, clients: map[webUse]*webClient{}}
}

// client returns the client of a use, which asks for gzip as the recorder did.
func (r *webRig) client(t *testing.T, u webUse) *webClient {
	t.Helper()
	u.host = ""
	if r.clients[u] == nil {
		name := cmp.Or(u.app, "web")
		account, _ := r.user(cmp.Or(u.user, "bob"))
		id := r.loginIdentity(account, time.Now().Add(cmp.Or(u.ttl, 12*time.Hour)))
		id.Usage, id.AppName, id.AppCluster = []string{usageApps}, name, r.Name()
		id.AppPublicAddr = cmp.Or(u.addr, name+".cluster.example")
		id.SessionID = r.newAppSession(id, id.AppName, id.AppPublicAddr, id.Expires)
		client := clientOf(t, r.Cluster, id)
		transport := client.Transport.(*http.Transport)
		transport.DisableCompression = false
		cert, _ := transport.TLSClientConfig.GetClientCertificate(nil)
		r.clients[u] = &webClient{client, cert, id.SessionID}
	}
	return r.clients[u]
}

// ask sends a recorded request.
func (r *webRig) ask(t *testing.T, client *http.Client, e recorded) *http.Response {
	t.Helper()
	host := cmp.Or(r.uses[e.Name].host, "localhost")
	pairs := []string{"Host", strings.Replace(host, "<port>", portOf(t, r.Addr()), 1)}
	if _, ok := mcpAccess[e.Name]; ok && e.Request.Method == http.MethodPost {
		pairs = append(pairs, "Accept", "application/json, text/event-stream")
	}
	for name, value := range e.Request.Headers {
		pairs = append(pairs, name, value)
	}
	if len(e.Request.Body) > 0 && e.Request.Headers == nil && e.Request.Body[0] == '{' {
		pairs = append(pairs, "Content-Type", "application/json")
	}
	return do(t, client, r.Cluster, e.Request.Method, e.Request.Path, bodyText(t, e.Request.Body), pairs...)
}

func (r *webRig) replay(t *testing.T, e recorded) {
	replay := r.replays[e.Name]
	if replay == nil {
		replay = (*webRig).once
	}
	replay(r, t, e)
}

// once sends the request of an entry.
func (r *webRig) once(t *testing.T, e recorded) { r.onceBy(t, e, r.client(t, r.uses[e.Name]).Client) }

// onceBy compares what this client is answered and what the app saw.
func (r *webRig) onceBy(t *testing.T, e recorded, client *http.Client) {
	t.Helper()
	r.app.play(e)
	wantRecorded(t, *e.Response, r.ask(t, client, e), true, r.words)
	r.app.check(t, e)
}

// webReplays are the entries that take more than a request of the usual client.
var webReplays = map[string]func(*webRig, *testing.T, recorded){
	"headers":                        (*webRig).headers,
	"upstream-hangs-up":              (*webRig).reused,
	"user-cert":                      (*webRig).userCert,
	"no-cert-app-host":               (*webRig).noCert,
	"no-cert-app-host-post":          (*webRig).noCert,
	"no-cert-unknown-app-host":       (*webRig).noCert,
	"h2":                             (*webRig).http2,
	"session-deleted-kept-alive":     (*webRig).sessionDeleted,
	"session-deleted-new-connection": (*webRig).newConnection,
	"app-deleted":                    (*webRig).appDeleted,
	"expired-kept-alive":             (*webRig).expired,
	"expired-new-connection":         (*webRig).expiredNewConnection,
	"expired-open-stream":            (*webRig).expiredStream,
	"idle-keep-alive":                (*webRig).idle,
	"stream-client-idle-timeout":     (*webRig).idleStream,
	"stream-disconnect-expired-cert": (*webRig).disconnected,
	"stream-lock":                    (*webRig).lockedStream,
	"locked-issue":                   (*webRig).lockedIssue,
	"locked-new-connection":          (*webRig).newConnection,
	"unlocked":                       (*webRig).unlocked,
	"stream-role-lost":               (*webRig).roleLost,
	"role-back":                      (*webRig).roleBack,
}

// headers compares the token, too.
func (r *webRig) headers(t *testing.T, e recorded) {
	client := r.client(t, r.uses[e.Name])
	r.onceBy(t, e, client.Client)
	var want struct {
		JWT struct{ Claims, Header map[string]any }
	}
	if err := json.Unmarshal(e.Extra, &want); err != nil {
		t.Fatal(err)
	}
	header, claims := splitToken(t, r.app.seen[0].Headers[jwtHeader])
	issued, _ := claims["iat"].(float64)
	if end := r.identityOf(t, client).Expires; claims["exp"] != float64(end.Unix()) {
		t.Errorf("exp = %v, want the end of the certificate, %d", claims["exp"], end.Unix())
	}
	if now := float64(time.Now().Unix()); issued < now-60 || issued > now || claims["nbf"] != issued-10 {
		t.Errorf("iat = %v, nbf = %v, now it is %v", claims["iat"], claims["nbf"], now)
	}
	for _, name := range []string{"exp", "iat", "nbf"} { // words in the recording
		claims[name] = want.JWT.Claims[name]
	}
	for _, diff := range []string{diffJSON(want.JWT.Claims, claims, nil, "claims"), diffJSON(want.JWT.Header, header, nil, "header")} {
		if diff != "" {
			t.Error(diff)
		}
	}
}

func (r *webRig) identityOf(t *testing.T, client *webClient) identity {
	t.Helper()
	cert, err := x509.ParseCertificate(client.cert.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	id, err := parseIdentity(cert)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// reused has the app asked before, so that its connection is one that was used.
func (r *webRig) reused(t *testing.T, e recorded) {
	r.app.playBy(hello)
	readAll(t, r.ask(t, r.client(t, webUse{}).Client, e))
	r.once(t, e)
}

func (r *webRig) userCert(t *testing.T, e recorded) {
	account, _ := r.user("bob")
	r.onceBy(t, e, clientOf(t, r.Cluster, r.loginIdentity(account, time.Now().Add(time.Hour))))
}

func (r *webRig) noCert(t *testing.T, e recorded) {
	r.onceBy(t, e, tlsClient(t, r.Cluster, tls.Certificate{}))
}

func (r *webRig) http2(t *testing.T, e recorded) {
	config := r.client(t, webUse{}).Transport.(*http.Transport).TLSClientConfig.Clone()
	config.NextProtos = []string{alpnHTTP2}
	transport := &http.Transport{TLSClientConfig: config, Protocols: new(http.Protocols)}
	transport.Protocols.SetHTTP2(true) // and nothing else
	defer transport.CloseIdleConnections()
	r.app.play(e)
	resp := r.ask(t, &http.Client{Transport: transport}, e)
	if resp.ProtoMajor != 2 {
		t.Errorf("the answer came by %s", resp.Proto)
	}
	wantRecorded(t, *e.Response, resp, true, r.words)
	r.app.check(t, e)
}
