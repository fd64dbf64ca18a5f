// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: MCP clients of the SDKs, and the steps that they take.

//lint:file-ignore SA1019 roots, sampling and logging are deprecated in the newest protocol, and the bridge carries the older ones

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
)

// A step is one thing that a client does. The clients of both SDKs run the
// same steps; testdata/conformance/interop.cjs is the other one.
type step struct {
	Call      string         `json:"call,omitempty"` // a tool
	Args      map[string]any `json:"args,omitempty"`
	Times     int            `json:"times,omitempty"`     // at once, with the argument n from 0 on
	Cancel    int            `json:"cancel,omitempty"`    // of Times, cancel this one when all have begun; answered by the tool release
	Read      string         `json:"read,omitempty"`      // the URI of a resource
	Subscribe string         `json:"subscribe,omitempty"` // the URI of a resource
	Level     string         `json:"level,omitempty"`     // of logging
	// Await are messages of the server, by method, that must have come by the
	// end of the step, counted from the start.
	Await map[string]int `json:"await,omitempty"`

	// Want is in the answer: the text of a tool or a resource, or its size if
	// it is long; the number of answers if Times is set.
	Want string `json:"-"`
}

const longText = 1000

// Methods of a server's messages.
const (
	onProgress  = "notifications/progress"
	onLog       = "notifications/message"
	onUpdated   = "notifications/resources/updated"
	onTools     = "notifications/tools/list_changed"
	onResources = "notifications/resources/list_changed"
	onAck       = "notifications/subscriptions/acknowledged"
)

// chain is the whole of it: a server behind a cluster, and a state folder with
// a login to it.
type chain struct {
	tunnel *httpproxy.Proxy // of the network; nil: none
	*testcluster.Cluster
	state string
	path  string // --path of the bridge, if the server is a plain HTTP app
	flags []string
	env   []string
}

// startChain puts the server at an http URI behind a cluster, as an app of this
// kind, plainApp or mcpApp.
func startChain(t *testing.T, kind, uri string) *chain {
	t.Helper()
	s := &chain{state: t.TempDir()}
	if kind == mcpApp {
		uri = "mcp+" + uri
	} else {
		server, err := url.Parse(uri)
		if err != nil {
			t.Fatal(err)
		}
		s.path, server.Path = server.Path, ""
		uri = server.String()
	}
	cluster, err := startLoggedIn(t.Context(), s.state, testcluster.App{Name: "peer", URI: uri})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeWell(t, cluster) })
	s.Cluster = cluster
	return s
}

// args are those of the bridge to the server.
func (s *chain) args() []string {
	args := append([]string{"connect", "peer"}, s.flags...)
	if s.flags == nil {
		args = append(args, "--proxy="+s.Addr())
	}
	if s.path != "" {
		args = append(args, "--path="+s.path)
	}
	return args
}

// goClient is a client of the Go SDK behind the bridge.
type goClient struct {
	*mcp.ClientSession
	stderr bytes.Buffer // of the bridge, to be read after Close
	loud   bool         // the bridge may say something there

	path    string // of the bridge's program
	environ []string

	mu     sync.Mutex
	counts map[string]int
	more   chan struct{} // closed at the next message of the server
}

// connectGo starts the bridge as a Go SDK client does and wants that version.
func (s *chain) connectGo(t *testing.T, version string) *goClient {
	t.Helper()
	c := &goClient{counts: map[string]int{}, more: make(chan struct{})}
	cmd := exec.Command(tshmcp(t, nil).Path, s.args()...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + s.state, "TSHMCP_HOME=" + s.state, "GORACE=" + os.Getenv("GORACE")}
	cmd.Env = append(cmd.Env, s.env...)
	c.path, c.environ = cmd.Path, cmd.Env
	cmd.Stderr = &c.stderr
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, goClientOptions())
	client.AddRoots(&mcp.Root{URI: "file:///a", Name: "a"}, &mcp.Root{URI: "file:///b", Name: "b"})
	client.AddReceivingMiddleware(c.count)
	ctx, cancel := context.WithTimeout(t.Context(), scriptTime)
	defer cancel()
	session, err := client.Connect(ctx, &mcp.CommandTransport{Command: cmd}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatalf("connect: %v\n%s", err, c.stderr.String())
	}
	c.ClientSession = session
	t.Cleanup(func() {
		closeWell(t, session) // waits for the process
		if t.Failed() || !c.loud && c.stderr.Len() > 0 {
			t.Errorf("the bridge said\n%s", c.stderr.String())
		}
	})
	return c
}

func goClientOptions() *mcp.ClientOptions {
	return &mcp.ClientOptions{
		CreateMessageHandler: func(context.Context, *mcp.CreateMessageRequest) (*mcp.CreateMessageResult, error) {
			return &mcp.CreateMessageResult{Model: "my-model", Role: "assistant", Content: &mcp.TextContent{Text: "Hello"}}, nil
		},
		ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
			return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"name": "Ada", "username": "ada"}}, nil
		},
		// A modern client listens for what it has a handler for.
		ToolListChangedHandler: func(context.Context, *mcp.ToolListChangedRequest) {},
	}
}

// count is middleware that counts the server's messages.
func (c *goClient) count(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, req mcp.Request) (mcp.Result, error) {
		result, err := next(ctx, method, req)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.counts[method]++
		close(c.more)
		c.more = make(chan struct{})
		return result, err
	}
}

// await waits until the server has sent so many messages of these methods.
func (c *goClient) await(ctx context.Context, want map[string]int) error {
	for {
		c.mu.Lock()
		counts, more := maps.Clone(c.counts), c.more
		c.mu.Unlock()
		missing := false
		for method, n := range want {
			missing = missing || counts[method] < n
		}
		if !missing {
			return nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return fmt.Errorf("the server's messages are %v, want %v", counts, want)
		}
	}
}

// stepTime bounds one step: ten times what the longest takes on a machine that
// does nothing else.
const stepTime = scriptTime

// run runs the steps and checks their answers.
func (c *goClient) run(t *testing.T, steps []step) {
	t.Helper()
	for i, s := range steps {
		ctx, cancel := context.WithTimeout(t.Context(), stepTime)
		got, err := c.step(ctx, s)
		if err == nil {
			err = c.await(ctx, s.Await)
		}
		cancel()
		checkStep(t, i, s, got, err)
	}
}

func checkStep(t *testing.T, i int, s step, got string, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("step %d, %+v: %v", i, s, err)
	}
	if !strings.Contains(got, s.Want) {
		t.Errorf("step %d, %+v: got %q", i, s, got)
	}
}

func (c *goClient) step(ctx context.Context, s step) (string, error) {
	switch {
	case s.Cancel > 0:
		return c.cancelOne(ctx, s)
	case s.Times > 0:
		return c.callMany(ctx, s)
	case s.Call != "":
		return c.call(ctx, s.Call, s.Args)
	case s.Read != "":
		result, err := c.ReadResource(ctx, &mcp.ReadResourceParams{URI: s.Read})
		if err != nil {
			return "", err
		}
		return result.Contents[0].Text, nil
	case s.Subscribe != "":
		return "", c.subscribe(ctx, s.Subscribe)
	case s.Level != "":
		return "", c.SetLoggingLevel(ctx, &mcp.SetLoggingLevelParams{Level: mcp.LoggingLevel(s.Level)})
	}
	return "", nil
}

// subscribe returns when the server has the subscription. That of a modern
// client is the second stream on which it listens; it opens one by itself.
func (c *goClient) subscribe(ctx context.Context, uri string) error {
	if err := c.Subscribe(ctx, &mcp.SubscribeParams{URI: uri}); err != nil || !c.modern() {
		return err
	}
	return c.await(ctx, map[string]int{onAck: 2})
}

func (c *goClient) modern() bool { return c.InitializeResult().ProtocolVersion >= v2607 }

// call calls a tool and returns its text, or the size of a long one.
func (c *goClient) call(ctx context.Context, tool string, args map[string]any) (string, error) {
	if args == nil {
		args = map[string]any{}
	}
	params := &mcp.CallToolParams{Name: tool, Arguments: args}
	params.SetProgressToken(fmt.Sprint("token of ", tool, args))
	result, err := c.CallTool(ctx, params)
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, content := range result.Content {
		if part, ok := content.(*mcp.TextContent); ok {
			text.WriteString(part.Text)
		}
	}
	if result.IsError {
		return "", errors.New(text.String())
	}
	if text.Len() > longText {
		return fmt.Sprintf("%d characters", text.Len()), nil
	}
	return text.String(), nil
}

// callMany makes calls at once, each of which must answer with its number.
func (c *goClient) callMany(ctx context.Context, s step) (string, error) {
	errs := make([]error, s.Times)
	var wg sync.WaitGroup
	for n := range s.Times {
		wg.Go(func() {
			got, err := c.call(ctx, s.Call, map[string]any{"n": n})
			if err == nil && got != fmt.Sprint(n) {
				err = fmt.Errorf("call %d answers %q", n, got)
			}
			errs[n] = err
		})
	}
	wg.Wait()
	return fmt.Sprintf("%d answers", s.Times), errors.Join(errs...)
}

// cancelOne starts calls, cancels one when the server has begun them all, and
// then has the server release the others.
func (c *goClient) cancelOne(ctx context.Context, s step) (string, error) {
	before := c.counted(onProgress)
	cancels, results := make([]context.CancelFunc, s.Times), make([]chan error, s.Times)
	for n := range s.Times {
		callCtx, cancel := context.WithCancel(ctx)
		defer cancel()
		cancels[n], results[n] = cancel, make(chan error, 1)
		go func() {
			_, err := c.call(callCtx, s.Call, map[string]any{"n": n})
			results[n] <- err
		}()
	}
	if err := c.await(ctx, map[string]int{onProgress: before + s.Times}); err != nil {
		return "", err
	}
	cancels[s.Cancel]()
	answer, err := c.call(ctx, "release", nil)
	if err != nil {
		return "", fmt.Errorf("release: %w", err)
	}
	for n, result := range results {
		if err := <-result; n == s.Cancel && !errors.Is(err, context.Canceled) || n != s.Cancel && err != nil {
			return "", fmt.Errorf("call %d: %w", n, err)
		}
	}
	return answer, nil
}

func (c *goClient) counted(method string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[method]
}

// runTypeScript has a client of the TypeScript SDK run the steps. mode is how
// it finds the version: legacy, auto, or a version to insist on.
func (s *chain) runTypeScript(t *testing.T, parts *npmParts, mode, version string, steps []step) {
	t.Helper()
	plan, err := json.Marshal(map[string]any{"mode": mode, "steps": steps})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*scriptTime)
	defer cancel()
	exe := tshmcp(t, nil).Path
	bridge, err := json.Marshal(append([]string{exe}, s.args()...))
	if err != nil {
		t.Fatal(err)
	}
	cmd := parts.command(ctx, parts.program("interop.cjs"))
	cmd.Env = append(cmd.Env, "TSHMCP_TEST_BRIDGE="+string(bridge), "TSHMCP_TEST_PLAN="+string(plan), "TSHMCP_HOME="+s.state)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if leftBehind(cmd) {
		t.Error("the client left processes behind")
	}
	var result struct {
		Version string
		Answers []string
	}
	if jsonErr := json.Unmarshal(out, &result); jsonErr != nil || err != nil || stderr.Len() > 0 {
		t.Fatalf("the client ends: %v\n%s\n%s", err, out, stderr.String())
	}
	if result.Version != version {
		t.Errorf("the client speaks %s, want %s", result.Version, version)
	}
	if len(result.Answers) != len(steps) {
		t.Fatalf("%d answers to %d steps", len(result.Answers), len(steps))
	}
	for i, answer := range result.Answers {
		checkStep(t, i, steps[i], answer, nil)
	}
}
