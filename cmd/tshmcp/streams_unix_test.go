// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build unix

// Scenario: connect with streams that nobody reads, that are closed, or that others made non-blocking.

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// pipe has both ends open until the test ends: this process keeps that of the
// other, as a wrapper does whose streams are inherited.
type pipe struct{ r, w *os.File }

func newPipe(t *testing.T) pipe {
	t.Helper()
	var fds [2]int
	if err := unix.Pipe(fds[:]); err != nil { // not os.Pipe, which is non-blocking
		t.Fatal(err)
	}
	unix.CloseOnExec(fds[0])
	unix.CloseOnExec(fds[1])
	p := pipe{os.NewFile(uintptr(fds[0]), "read"), os.NewFile(uintptr(fds[1]), "write")}
	t.Cleanup(func() { p.r.Close(); p.w.Close() })
	return p
}

// fill writes until the pipe takes no more.
func (p pipe) fill(t *testing.T) {
	t.Helper()
	fd := int(p.w.Fd())
	must(t, unix.SetNonblock(fd, true))
	for size := 4096; size > 0; {
		if _, err := unix.Write(fd, bytes.Repeat([]byte("x"), size)); err != nil {
			size /= 2
		}
	}
	must(t, unix.SetNonblock(fd, false))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// piped is a bridge to the stub as an ordinary app, with streams of the test.
type piped struct {
	t            *testing.T
	stub         *stubServer
	in, out, err pipe
	cmd          *exec.Cmd
	lines        *bufio.Reader
}

func newPiped(t *testing.T) *piped {
	t.Helper()
	b := &piped{t: t, stub: startStub(t), in: newPipe(t), out: newPipe(t), err: newPipe(t)}
	_, environ, _ := startStubCluster(t, b.stub, true)
	exe, err := exec.LookPath("tshmcp")
	must(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	t.Cleanup(cancel)
	b.cmd = exec.CommandContext(ctx, exe, "connect", "notes", "--path=/mcp", "--login=never")
	b.cmd.Env = environ
	b.cmd.Stdin, b.cmd.Stdout, b.cmd.Stderr = b.in.r, b.out.w, b.err.w
	b.lines = bufio.NewReader(b.out.r)
	return b
}

func (b *piped) start() *piped {
	b.t.Helper()
	must(b.t, b.cmd.Start())
	b.t.Cleanup(func() {
		if b.cmd.ProcessState == nil {
			_ = b.cmd.Process.Kill()
			_ = b.cmd.Wait()
		}
	})
	return b
}

func (b *piped) send(line string) {
	b.t.Helper()
	_, err := io.WriteString(b.in.w, line+"\n")
	must(b.t, err)
}

// answer is the next line of the bridge.
func (b *piped) answer() string {
	b.t.Helper()
	line := make(chan string, 1)
	go func() {
		text, _ := b.lines.ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		return text
	case <-time.After(scriptTime):
		b.t.Fatal("no answer")
		return ""
	}
}

func (b *piped) hello() {
	b.t.Helper()
	b.send(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`)
	if text := b.answer(); !strings.Contains(text, `"result"`) {
		b.t.Fatalf("initialize: %q", text)
	}
	b.send(`{"jsonrpc":"2.0","method":"notifications/initialized"}`)
}

func (b *piped) call(id int) {
	b.t.Helper()
	b.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"x"}}`, id))
}

// ends waits for the end of the process, which must be in time and with code 0.
func (b *piped) ends() {
	b.t.Helper()
	done := make(chan error, 1)
	go func() { done <- b.cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			b.t.Errorf("the process ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		b.t.Error("the process does not end")
		_ = b.cmd.Process.Kill()
		<-done
	}
	if n := b.stub.ends.Load(); n != 1 {
		b.t.Errorf("the session was deleted %d times, want once", n)
	}
}

// TestStderrNeverStopsTheBridge: nobody has to read stderr. It is full, closed or
// non-blocking, and everything else goes on: answers, and each kind of end.
func TestStderrNeverStopsTheBridge(t *testing.T) {
	t.Parallel()
	for name, prepare := range map[string]func(t *testing.T, p pipe){
		"full":              func(t *testing.T, p pipe) { p.fill(t) },
		"closed":            func(_ *testing.T, p pipe) { p.r.Close() },
		"full, no blocking": func(t *testing.T, p pipe) { p.fill(t); must(t, unix.SetNonblock(int(p.w.Fd()), true)) },
	} {
		for how, end := range map[string]func(b *piped){
			"end of input": func(b *piped) { b.in.w.Close() },
			"SIGTERM":      func(b *piped) { _ = b.cmd.Process.Signal(syscall.SIGTERM) },
		} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				b := newPiped(t)
				prepare(t, b.err)
				b.start().hello()
				n := 0
				b.stub.says(func(w http.ResponseWriter, _ *http.Request) {
					n++
					http.Error(w, fmt.Sprint("failure ", n), http.StatusInternalServerError)
				})
				for i := 1; i <= 150; i++ {
					b.call(i)
					if text := b.answer(); !strings.Contains(text, "failure") {
						t.Fatalf("call %d: %q", i, text)
					}
				}
				b.stub.says(junkEvents(20_000))
				b.call(200)
				if text := b.answer(); !strings.Contains(text, "stream_lost") {
					t.Fatalf("%q", text)
				}
				if how == "end of input" {
					b.in.r.Close()
				}
				end(b)
				b.ends()
			})
		}
	}
}

// junkEvents answers with a stream of that many events that are no messages.
func junkEvents(n int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, strings.Repeat("data: x\n\n", n))
	}
}

// TestLogIsBounded: what a server sends, however much of it and however varied,
// makes a short log.
func TestLogIsBounded(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"the same": junkEvents(200_000),
		"varied": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			for i := range 20_000 {
				fmt.Fprintf(w, "data: {\"jsonrpc\":\"2.0\",\"id\":\"q%d\",\"result\":{}}\n\ndata: {\"x%d\"\n\n", i, i)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newPiped(t)
			var log bytes.Buffer
			var read sync.WaitGroup
			read.Go(func() { _, _ = io.Copy(&log, b.err.r) })
			b.cmd.Args = append(b.cmd.Args, "--debug")
			b.start().hello()
			b.stub.says(answer)
			b.call(1)
			b.answer()
			b.in.r.Close()
			b.in.w.Close()
			b.ends()
			b.err.w.Close()
			read.Wait()
			if log.Len() > 64<<10 || !strings.Contains(log.String(), "repeated=") {
				t.Errorf("%d bytes of log, its end:\n%s", log.Len(), log.Bytes()[max(0, log.Len()-500):])
			}
		})
	}
}

// TestClosedStdout: a client that closes its end of stdout has left. The session
// is ended as after the end of stdin.
func TestClosedStdout(t *testing.T) {
	t.Parallel()
	b := newPiped(t)
	b.start().hello()
	b.out.r.Close()
	b.out.w.Close()
	b.call(1)
	b.ends()
}

// TestClosedStdoutOfOthers: the commands for people end as silently as any
// program whose output goes to head.
func TestClosedStdoutOfOthers(t *testing.T) {
	t.Parallel()
	b := newPiped(t)
	b.out.r.Close()
	for _, args := range [][]string{{"status"}, {"--help"}, {"config", "--list-clients"}} {
		cmd := tshmcp(t, b.cmd.Env, args...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = b.out.w, &stderr
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE || stderr.Len() > 0 {
			t.Errorf("%v: %v\n%s", args, err, stderr.String())
		}
	}
}

// TestNonBlockingStreams: another process that holds the same pipes makes them
// non-blocking, before the start or while a bridge runs. Nothing is lost.
func TestNonBlockingStreams(t *testing.T) {
	t.Parallel()
	for _, early := range []bool{true, false} {
		t.Run(fmt.Sprint("early ", early), func(t *testing.T) {
			t.Parallel()
			b := newPiped(t)
			nonBlocking := func(on bool) {
				for _, f := range []*os.File{b.in.r, b.out.w, b.err.w} {
					must(t, unix.SetNonblock(int(f.Fd()), on))
				}
			}
			nonBlocking(early)
			b.start().hello()
			nonBlocking(true)
			b.stub.says(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				fmt.Fprintf(w, `{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":%q}]}}`, strings.Repeat("y", 2<<20))
			})
			for range 3 {
				b.call(1)
				for !b.out.isFull() { // and not read before
					time.Sleep(time.Millisecond)
				}
				if text := b.answer(); len(text) < 2<<20 || !strings.HasSuffix(text, "}\n") {
					t.Fatalf("%d bytes of an answer: %.100q", len(text), text)
				}
			}
			b.in.w.Close()
			b.ends()
		})
	}
}

// isFull says whether a pipe takes no more.
func (p pipe) isFull() bool {
	fds := []unix.PollFd{{Fd: int32(p.w.Fd()), Events: unix.POLLOUT}}
	n, err := unix.Poll(fds, 0)
	return n == 0 && err == nil
}
