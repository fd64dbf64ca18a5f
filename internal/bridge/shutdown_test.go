// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// hang makes a server that never answers some methods.
func hang(methods string, also ...string) *mcpServer {
	s := &mcpServer{}
	s.Post = onPost(methods, func(w http.ResponseWriter, r *http.Request, m frame.Message) { <-r.Context().Done() })
	wait := func(w http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true }
	for _, m := range also {
		switch m {
		case "GET":
			s.Get = wait
		case "DELETE":
			s.Delete = wait
		}
	}
	return s
}

// Even if the server hangs everywhere, Run ends within two seconds and answers
// what is open (transport.md A13).
func TestShutdownWithHungServer(t *testing.T) {
	s := hang("tools/call notifications/roots/list_changed", "GET", "DELETE")
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(`{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`, call("1", "x"), call("2", "x"))
		time.Sleep(3 * time.Second)
		r.end()
		r.refused("1", kindShutdown, MayHaveRun)
		r.refused("2", kindShutdown, MayHaveRun)
	})
	if n := s.count("DELETE"); n != 1 {
		t.Errorf("%d DELETE requests", n)
	}
}

func TestShutdownByContext(t *testing.T) {
	s := hang("tools/call")
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		synctest.Wait()
		began := time.Now()
		r.stop()
		if err := <-r.done; err != nil {
			t.Errorf("Run: %v", err)
		} else {
			r.done <- nil
		}
		if d := time.Since(began); d > 2*time.Second {
			t.Errorf("the end took %v", d)
		}
		r.refused("1", kindShutdown, MayHaveRun)
	}, func(c *Config) { c.closeIn = true })
}

// What is already on its way still arrives after the end of input.
func TestShutdownGrace(t *testing.T) {
	s := &mcpServer{Post: onPost("tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		time.Sleep(300 * time.Millisecond)
		respond(w, m.ID, `{}`)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		synctest.Wait()
		r.end()
		if m := r.response("1"); m.Result == nil {
			t.Errorf("got %s", m.raw)
		}
	})
}

// A final line without a line end is a message, too.
func TestInputWithoutFinalNewline(t *testing.T) {
	s := &mcpServer{}
	bubble(t, s, func(t *testing.T, r *rig) {
		if _, err := io.WriteString(r.in, "\xef\xbb\xbf"+initializeLine); err != nil {
			t.Fatal(err)
		}
		r.end()
		r.response("0")
	})
}

// Once the client cannot be written to, nothing more is done for it
// (transport.md F-24).
func TestOutputFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &mcpServer{}
		net := newMemory()
		net.serve(t, s)
		in, w := io.Pipe()
		out := closedPipe{}
		go func() { _, _ = io.WriteString(w, initializeLine+"\n") }()
		err := Run(context.Background(), Config{Transport: net.transport(t), URL: "http://server.test", In: in, closeIn: true, Out: out})
		if !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("Run: %v", err)
		}
		if n := s.count("DELETE"); n != 1 {
			t.Errorf("%d DELETE requests", n)
		}
	})
}

// closedPipe is a writer whose reader is gone.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// stuck is a writer whose reader is gone to sleep.
type stuck struct{ release chan struct{} }

func (s stuck) Write(p []byte) (int, error) { <-s.release; return len(p), nil }

// runStuck runs a bridge for at most a minute, whose client does not read, and returns how
// long that took.
func runStuck(t *testing.T, write func(in *io.PipeWriter)) time.Duration {
	t.Helper()
	net := newMemory()
	net.serve(t, &mcpServer{})
	in, w := io.Pipe()
	out := stuck{make(chan struct{})}
	defer close(out.release) // the abandoned Write
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	go write(w)
	began := time.Now()
	if err := Run(ctx, Config{Transport: net.transport(t), URL: "http://server.test", In: in, closeIn: true, Out: out}); err != nil {
		t.Errorf("Run: %v", err)
	}
	return time.Since(began)
}

// A client that neither reads nor closes cannot hold Run up.
func TestOutputStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := runStuck(t, func(in *io.PipeWriter) {
			_, _ = io.WriteString(in, initializeLine+"\n"+initializedLine+"\n"+call("1", "a")+"\n"+call("2", "a")+"\n")
		})
		if d := took - time.Minute; d > 2*time.Second {
			t.Errorf("the end took %v", d)
		}
	})
}

// A client that ends its input and does not read what its last lines are refused
// with cannot hold Run up either: the intake itself hangs in the Write then.
func TestOutputStuckAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		took := runStuck(t, func(in *io.PipeWriter) {
			_, _ = io.WriteString(in, `{"jsonrpc":"2.0","id":7,"method":5}`+"\n")
			_ = in.Close()
		})
		if took > 2*time.Second {
			t.Errorf("the end took %v", took)
		}
	})
}

// deafTransport hangs, and hears no end.
type deafTransport chan struct{}

func (d deafTransport) RoundTrip(*http.Request) (*http.Response, error) {
	<-d
	return nil, errors.New("too late")
}

// What hangs in something that hears no end, such as a file or a keyring, is
// answered all the same, once.
func TestShutdownWithDeafTransport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		deaf := make(deafTransport)
		r := startRig(t, deaf, "http://server.test")
		r.send(initializeLine, call("1", "x"))
		synctest.Wait()
		r.end()
		r.refused("0", kindShutdown, NotExecuted)
		r.refused("1", kindShutdown, NotExecuted)
		close(deaf)
		synctest.Wait()
		if r.answers("0") != 1 || r.answers("1") != 1 {
			t.Errorf("%d and %d answers", r.answers("0"), r.answers("1"))
		}
	})
}

// Run must not wait for a Read that blocks for ever.
func TestInputAbandoned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, w := io.Pipe()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := Run(ctx, Config{Transport: http.DefaultTransport, URL: "http://server.test", In: in, Out: io.Discard}); err != nil {
			t.Errorf("Run: %v", err)
		}
		w.Close()
	})
}

func TestRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out strings.Builder
		in := strings.NewReader(initializedLine + "\n" + `{"jsonrpc":"2.0","id":1,"result":{}}` + "\n" + initializeLine + "\n" + call("1", "x") + "\n")
		cause := errors.New("not logged in")
		err := refuseAll(context.Background(), Config{In: in, Out: &out}, cause)
		if !errors.Is(err, cause) {
			t.Errorf("Refuse: %v", err)
		}
		if n := strings.Count(out.String(), "\n"); n != 1 || !strings.Contains(out.String(), "tshmcp: the bridge cannot start: not logged in") {
			t.Errorf("wrote %q", out.String())
		}
	})
}

func TestRunRefusesBadConfig(t *testing.T) {
	good := func() Config {
		return Config{Transport: http.DefaultTransport, URL: "https://h/", In: strings.NewReader(initializeLine), Out: io.Discard}
	}
	for name, spoil := range map[string]func(*Config){
		"no transport": func(c *Config) { c.Transport = nil },
		"no input":     func(c *Config) { c.In = nil },
		"no output":    func(c *Config) { c.Out = nil },
		"ftp":          func(c *Config) { c.URL = "ftp://h/" },
		"no host":      func(c *Config) { c.URL = "http:///x" },
		"policy":       func(c *Config) { c.SessionLoss = "x" },
		"header":       func(c *Config) { c.Header = http.Header{"Host": {"x"}} },
		"negative":     func(c *Config) { c.MaxMessageSize = -1 },
	} {
		c := good()
		spoil(&c)
		if err := Run(context.Background(), c); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestValidateHeader(t *testing.T) {
	for _, ok := range [][2]string{{"Authorization", "Bearer x"}, {"X-Custom", ""}, {"x-tab", "a\tb"}, {"Cookie", "a=b"}} {
		if err := ValidateHeader(ok[0], ok[1]); err != nil {
			t.Errorf("%v: %v", ok, err)
		}
	}
	for _, bad := range [][2]string{
		{"", "x"}, {"a b", "x"}, {"X:", "x"}, {"X-A", "a\r\nb"}, {"X-A", "a\x00"}, {"connection", "close"}, {"TRANSFER-ENCODING", "x"},
		{"Host", "x"}, {"mcp-session-id", "x"}, {"MCP-Protocol-Version", "x"}, {"Mcp-Param-X", "x"}, {"Content-Length", "1"},
		{"accept", "x"}, {"Idempotency-Key", "x"}, {"last-event-id", "x"}, {"Origin", "x"}, {"Upgrade", "x"}, {"TE", "x"},
	} {
		if err := ValidateHeader(bad[0], bad[1]); err == nil {
			t.Errorf("%v was accepted", bad)
		} else if strings.Contains(err.Error(), bad[1]) && bad[1] != "x" && bad[1] != "1" && bad[1] != "close" {
			t.Errorf("%v: the error has the value", err)
		}
	}
}

// A client that leaves with requests open is nothing to warn of.
func TestShutdownIsQuiet(t *testing.T) {
	s := listenServer(func(w http.ResponseWriter, r *http.Request, id string) {
		startStream(w)
		emit(w, ack(id, filter))
		<-r.Context().Done()
	})
	bubble(t, s, func(t *testing.T, r *rig) {
		r.send(modern("1", methodListen, listenLine))
		r.other()
		r.end()
		if log := r.log.String(); strings.Contains(log, "level=WARN") || strings.Contains(log, "level=ERROR") {
			t.Errorf("log:\n%s", log)
		}
	})
}
