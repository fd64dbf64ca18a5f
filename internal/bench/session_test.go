// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: a client of a process that speaks MCP over stdio, which costs as little as it can.

//go:build bench

package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"strconv"
	"sync"
	"time"
)

// A caller makes calls of the backend's tool.
type caller interface {
	// call waits for a result of that many bytes, about.
	call(size int) error
}

const (
	initialize  = `{"jsonrpc":"2.0","id":%d,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}`
	initialized = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
	callTool    = `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"text","arguments":{"size":%d}}}`
)

// patience bounds everything that is waited for.
const patience = 30 * time.Second

// A session is a process with its handshake done.
type session struct {
	cmd *exec.Cmd
	in  io.WriteCloser

	mu      sync.Mutex // of what follows, and of writing
	next    int
	pending map[int]chan int // the sizes of answers, by id

	log    bytes.Buffer // stderr; to be read when the process has ended
	closed chan struct{}
}

// start starts a process and returns when initialize is answered, with the time
// that it took.
func start(cmd *exec.Cmd) (*session, time.Duration, error) {
	s := &session{cmd: cmd, pending: map[int]chan int{}, closed: make(chan struct{})}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, 0, err
	}
	s.in, cmd.Stderr = in, &s.log
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, 0, err
	}
	go s.read(out)
	if _, err := s.ask(func(id int) string { return fmt.Sprintf(initialize, id) }); err != nil {
		return nil, 0, errors.Join(err, s.close())
	}
	took := time.Since(began)
	_, err = io.WriteString(in, initialized+"\n")
	return s, took, err
}

// close lets the process end, as clients do.
func (s *session) close() error {
	_ = s.in.Close()
	kill := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	defer kill.Stop()
	<-s.closed
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("%v: %w\n%s", s.cmd.Args, err, s.log.Bytes())
	}
	return nil
}

func (s *session) call(size int) error {
	got, err := s.ask(func(id int) string { return fmt.Sprintf(callTool, id, size) })
	if err == nil && got < size-len(logLine)*2 {
		return fmt.Errorf("%v: a result of %d bytes, want %d", s.cmd.Args, got, size)
	}
	return err
}

// ask sends a request and returns the size of its answer.
func (s *session) ask(request func(id int) string) (int, error) {
	answered := make(chan int, 1)
	s.mu.Lock()
	s.next++
	s.pending[s.next] = answered
	_, err := io.WriteString(s.in, request(s.next)+"\n")
	s.mu.Unlock()
	if err != nil {
		return 0, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case size := <-answered:
		return size, nil
	case <-s.closed:
		return 0, fmt.Errorf("%v has ended", s.cmd.Args)
	case <-late.C:
		return 0, fmt.Errorf("%v does not answer", s.cmd.Args)
	}
}

// idPattern finds the id of a message in its beginning or end.
var idPattern = regexp.MustCompile(`"id":(\d+)`)

// read hands the answers to those who wait. Of a line no more is kept than it takes
// to find its id: what is measured is the process, not this.
func (s *session) read(out io.Reader) {
	defer close(s.closed)
	lines := bufio.NewReaderSize(out, 1<<20)
	for {
		head, tail, size, err := readLine(lines)
		if err != nil {
			return
		}
		found := idPattern.FindSubmatch(head)
		if found == nil {
			found = idPattern.FindSubmatch(tail)
		}
		if found == nil {
			continue
		}
		id, _ := strconv.Atoi(string(found[1]))
		s.mu.Lock()
		answered := s.pending[id]
		delete(s.pending, id)
		s.mu.Unlock()
		if answered != nil {
			answered <- size
		}
	}
}

// readLine reads a line and returns 100 bytes of its beginning and of its end.
func readLine(lines *bufio.Reader) (head, tail []byte, size int, err error) {
	for {
		part, err := lines.ReadSlice('\n')
		if size == 0 {
			head = bytes.Clone(part[:min(100, len(part))])
		}
		size += len(part)
		tail = part[max(0, len(part)-100):]
		if !errors.Is(err, bufio.ErrBufferFull) {
			return head, tail, size, err
		}
	}
}
