// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: the program that the MCP conformance suite runs as the client under test.

package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// The environment of conformanceClient, which the suite passes on.
const (
	envClients = "TSHMCP_TEST_CLIENTS" // the socket of testdata/conformance/clients.cjs
	envApp     = "TSHMCP_TEST_APP"     // a kind of app
	envFault   = "TSHMCP_TEST_FAULT"   // a key of relayFaults, or empty
)

// Kinds of apps that a server is behind.
const (
	plainApp = "HTTP app"
	mcpApp   = "MCP app"
	rawApp   = "stdio app" // whose process passes everything on to the server
)

// rawRelay is the program of a stdio app whose messages go to the server at the
// URL that is its argument.
const rawRelay = "tshmcp-raw-relay"

func runRawRelay() error {
	return bridge.Run(context.Background(), bridge.Config{Transport: http.DefaultTransport, URL: os.Args[1], In: os.Stdin, Out: os.Stdout})
}

// conformanceTime bounds one run of the client, within what the suite grants.
const conformanceTime = suiteTime - 10*time.Second

// conformanceClient is what the conformance suite runs as the client under
// test, with the URL of its server as the last argument. It registers the URL
// as an app of a cluster, and has a program of testdata/conformance run, an SDK
// client that launches tshmcp connect against that app.
func conformanceClient() error {
	ctx, cancel := context.WithTimeout(context.Background(), conformanceTime)
	defer cancel()
	target, err := url.Parse(os.Args[len(os.Args)-1])
	if err != nil {
		return err
	}
	if name := os.Getenv(envFault); name != "" {
		relay, err := startRelay(target, name)
		if err != nil {
			return err
		}
		defer relay.Close()
		target.Host = relay.Listener.Addr().String()
	}
	state, err := os.MkdirTemp("", "tshmcp-conformance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(state)
	app, args := testcluster.App{Name: "mock", URI: "mcp+" + target.String()}, []string{"connect", "mock"}
	switch os.Getenv(envApp) {
	case plainApp:
		app.URI, args = "http://"+target.Host, append(args, "--path="+cmp.Or(target.EscapedPath(), "/"))
	case rawApp:
		app.URI, app.Command = "mcp+stdio://mock", []string{rawRelay, target.String()}
	}
	cluster, err := startLoggedIn(ctx, state, app)
	if err != nil {
		return err
	}
	defer cluster.Close()
	err = runProgram(ctx, state, append(args, "--proxy="+cluster.Addr())...)
	if len(cluster.Requests()) == 0 && len(cluster.Raw.Conns()) == 0 {
		err = errors.Join(err, errors.New("no request came through the proxy"))
	}
	return err
}

// runProgram has the SDK client run with tshmcp as its server.
func runProgram(ctx context.Context, state string, args ...string) error {
	exe, err := exec.LookPath("tshmcp")
	if err != nil {
		return err
	}
	bridge, err := json.Marshal(append([]string{exe}, args...))
	if err != nil {
		return err
	}
	environ := map[string]string{}
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		environ[name] = value
	}
	environ["TSHMCP_TEST_BRIDGE"], environ["TSHMCP_HOME"] = string(bridge), state
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "unix", os.Getenv(envClients))
	if err != nil {
		return err
	}
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(map[string]any{"env": environ}); err != nil {
		return err
	}
	var result struct {
		Code   int
		Output string
	}
	if err := json.NewDecoder(conn).Decode(&result); err != nil {
		return fmt.Errorf("the client does not end: %w", err)
	}
	fmt.Fprint(os.Stderr, result.Output)
	if result.Code != 0 {
		return fmt.Errorf("the client ends with %d", result.Code)
	}
	return nil
}

// A relayFault breaks one rule between the cluster and a server. What the
// server sees is what it would see of a bridge that breaks it.
type relayFault struct {
	refuseGET bool
	header    string   // not passed on
	replace   []string // in the server's answers: what, by what
}

const noListening = "no listening stream"

// relayFaults are the negative controls of the conformance suite
// (transport.md 4.4).
var relayFaults = map[string]relayFault{
	noListening:            {refuseGET: true},
	"no Mcp-Method":        {header: "Mcp-Method"},
	"retry ignored":        {replace: []string{"retry: 500", "retry: 1"}},
	"no filter":            {replace: []string{"x-mcp-header", "x-mcp-hidden"}},
	"no Mcp-Param":         {replace: []string{"x-mcp-header", "x-mcp-hidden"}},
	"the schema is edited": {replace: []string{`"$anchor"`, `"anchors"`}},
}

// startRelay starts a reverse proxy to target with a fault.
func startRelay(target *url.URL, name string) (*httptest.Server, error) {
	fault, ok := relayFaults[name]
	if !ok {
		return nil, fmt.Errorf("there is no fault %q", name)
	}
	origin := &url.URL{Scheme: target.Scheme, Host: target.Host}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(origin)
			r.Out.Header.Del(fault.header)
		},
		ModifyResponse: func(res *http.Response) error {
			if fault.replace != nil {
				res.Header.Del("Content-Length")
				res.ContentLength = -1
				res.Body = &editedBody{lines: bufio.NewReader(res.Body), body: res.Body, replace: fault.replace}
			}
			return nil
		},
		FlushInterval: -1,
	}
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault.refuseGET && r.Method == http.MethodGet {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		// Else the server closes the body of a request when its answer begins,
		// while the proxy may still ask for the end of it.
		if err := http.NewResponseController(w).EnableFullDuplex(); err != nil {
			panic(err)
		}
		proxy.ServeHTTP(w, r)
	})), nil
}

// editedBody replaces text in the lines of a body as they come.
type editedBody struct {
	lines   *bufio.Reader
	body    io.Closer
	replace []string
	rest    []byte
}

func (b *editedBody) Read(p []byte) (int, error) {
	if len(b.rest) == 0 {
		line, err := b.lines.ReadBytes('\n')
		if len(line) == 0 {
			return 0, err
		}
		b.rest = bytes.ReplaceAll(line, []byte(b.replace[0]), []byte(b.replace[1]))
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

func (b *editedBody) Close() error { return b.body.Close() }
