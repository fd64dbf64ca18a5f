// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package rawtest is an MCP server for tests of raw apps, by hand and down to the
// byte: as the stdio process that a cluster starts, and over SSE. It knows no more
// of MCP than a client's first steps; its tools do what a server should not.
//
//	echo {text}                 answers with it
//	env                         what a stdio server knows of its surroundings; the headers of a POST
//	slow {seconds}              answers after that
//	big {bytes}                 a text of that length
//	die {rc}                    the process exits with rc, or the event stream ends
//	last {bytes, rc}            such a text, and the end right behind it
//	ask {after, method, id}     sends the client a request, and says after a time (seconds) whether it was answered
//	raw {lines}, raw {events}   writes these lines, or these bytes of the event stream, before it answers
//	add {status}                the POST is answered with that status (SSE)
//	sleep {seconds}             the POST is answered after that, then the call (SSE)
//
// A test's process becomes such a server by its TestMain:
//
//	if len(os.Args) > 1 && os.Args[1] == rawtest.Arg {
//		os.Exit(rawtest.Serve(os.Stdin, os.Stdout, os.Args[2:]))
//	}
package rawtest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// Arg is the argument by which a process is told to be the server.
const Arg = "rawtest-server"

// message is a message as the server reads it.
type message struct {
	ID     json.RawMessage `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  json.RawMessage `json:"error"`
}

// arguments are those of all tools.
type arguments struct {
	Text    string
	Seconds float64
	Bytes   int
	RC      int
	Status  int
	After   float64
	Method  string
	ID      any
	Lines   []string
	Events  []string
}

// server answers messages, in whatever order they are ready.
type server struct {
	name   string        // in serverInfo
	tools  string        // the result of tools/list
	second time.Duration // how long one is
	hold   int           // how many tools/list are answered together

	write func([]byte)
	raw   func(arguments)   // writes what is asked for
	die   func(rc int)      // ends the server
	env   func() any        // what it knows
	post  func(a arguments) // does to the POST what is asked for; nil at stdio
	gone  <-chan struct{}   // closed when the client is; nil at stdio

	held    []json.RawMessage // ids of lists
	mu      sync.Mutex
	waiting map[string]chan struct{} // requests of its own, by id
}

// receive handles a message. What takes time goes on by itself.
func (s *server) receive(line []byte) {
	var msg message
	if json.Unmarshal(line, &msg) != nil {
		return
	}
	switch msg.Method {
	case "":
		s.answered(msg)
	case "initialize":
		s.answer(msg.ID, `{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"`+s.name+`","version":"1"}}`)
	case "ping":
		s.answer(msg.ID, "{}")
	case "tools/list":
		s.list(msg.ID)
	case "tools/call":
		var params struct {
			Name      string
			Arguments arguments
		}
		json.Unmarshal(msg.Params, &params)
		s.call(msg.ID, params.Name, params.Arguments)
	default:
		if msg.ID != nil {
			s.send(msg.ID, "error", fmt.Sprintf(`{"code":-32601,"message":"no method %s","data":{"params":%s}}`, msg.Method, orNull(msg.Params)))
		}
	}
}

// list answers a tools/list, with those that are held if it is the last of them.
func (s *server) list(id json.RawMessage) {
	if s.held = append(s.held, id); len(s.held) < s.hold {
		return
	}
	for _, id := range s.held {
		s.answer(id, s.tools)
	}
	s.held = nil
}

// call calls a tool. Without an id it answers to null.
func (s *server) call(id json.RawMessage, tool string, a arguments) {
	if s.post != nil {
		s.post(a)
	}
	switch tool {
	case "echo":
		s.text(id, a.Text)
	case "env":
		data, _ := json.Marshal(s.env())
		s.text(id, string(data))
	case "big":
		s.text(id, strings.Repeat("x", a.Bytes))
	case "last":
		s.text(id, strings.Repeat("x", a.Bytes))
		s.die(a.RC)
	case "die":
		s.die(a.RC)
	case "raw":
		s.raw(a)
		s.text(id, "sent")
	case "slow":
		s.later(s.seconds(a.Seconds), func() { s.text(id, "slept") })
	case "sleep":
		time.Sleep(s.seconds(a.Seconds))
		s.text(id, "late post answer")
	case "ask":
		answered := s.ask(a)
		go func() {
			select {
			case <-answered:
				s.text(id, "answered")
			case <-time.After(s.seconds(a.After)):
				s.text(id, "asked")
			case <-s.gone:
			}
		}()
	case "add":
	default:
		s.text(id, tool+" was called")
	}
}

// ask sends a request of its own.
func (s *server) ask(a arguments) <-chan struct{} {
	if a.Method == "" {
		a.Method = "sampling/createMessage"
	}
	if a.ID == nil {
		a.ID = "srv-1"
	}
	id, _ := json.Marshal(a.ID)
	answered := make(chan struct{})
	s.mu.Lock()
	if s.waiting == nil {
		s.waiting = map[string]chan struct{}{}
	}
	s.waiting[string(id)] = answered
	s.mu.Unlock()
	s.write(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,"method":%q,"params":{}}`, id, a.Method))
	return answered
}

func (s *server) answered(msg message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if waiting := s.waiting[string(msg.ID)]; waiting != nil && (msg.Result != nil || msg.Error != nil) {
		close(waiting)
		delete(s.waiting, string(msg.ID))
	}
}

func (s *server) later(d time.Duration, do func()) {
	go func() {
		select {
		case <-time.After(d):
			do()
		case <-s.gone:
		}
	}()
}

func (s *server) text(id json.RawMessage, text string) {
	quoted, _ := json.Marshal(text)
	s.answer(id, `{"content":[{"type":"text","text":`+string(quoted)+`}]}`)
}

func (s *server) answer(id json.RawMessage, result string) { s.send(id, "result", result) }

func (s *server) send(id json.RawMessage, member, value string) {
	s.write(fmt.Appendf(nil, `{"jsonrpc":"2.0","id":%s,%q:%s}`, orNull(id), member, value))
}

func orNull(raw json.RawMessage) string {
	if raw == nil {
		return "null"
	}
	return string(raw)
}

func (s *server) seconds(n float64) time.Duration { return time.Duration(n * float64(s.second)) }

// surroundings are what a stdio server knows.
func surroundings() any {
	dir, _ := os.Getwd()
	return map[string]any{"dir": dir, "pid": os.Getpid()}
}
