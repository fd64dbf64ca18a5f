// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"context"
	"sync"
	"time"
)

// rawServer is the MCP server behind a raw app, as the app service has it for
// one connection.
type rawServer interface {
	// send hands it a message.
	send(message []byte) error
	// next returns the text of its next message; an error is its end.
	next() ([]byte, error)
	// kill makes it fail.
	kill()
	// close ends it, and returns when it is gone.
	close()
	// pid is that of its process, 0 without one.
	pid() int
}

// rawSession carries messages between a client and a server, each decoded and
// written anew (protocol.md 13.3).
type rawSession struct {
	conn   *rawConn
	server rawServer
	ends   []*time.Timer
	idle   *time.Timer // nil without client_idle_timeout

	mu       sync.Mutex // held while something is written to the client
	requests idTracker
	roles    []Role // that decide on tools
	decided  time.Time
}

func newRawSession(conn *rawConn, server rawServer) *rawSession {
	return &rawSession{conn: conn, server: server, roles: conn.call.home.rolesOf(conn.call.identity), decided: time.Now()}
}

// run runs until the client or the server ends, or ctx. The other side is ended
// then, and what is in flight is lost.
func (s *rawSession) run(ctx context.Context) {
	ctx, end := context.WithCancel(ctx)
	defer end()
	s.limit(end)
	var both sync.WaitGroup
	both.Go(func() { s.fromClient(); end() })
	both.Go(func() { s.fromServer(); end() })
	select {
	case <-ctx.Done():
	case <-s.conn.gone:
		end()
	}
	for _, t := range s.ends {
		t.Stop()
	}
	s.conn.stream.Close()
	s.server.close()
	both.Wait()
}

// limit ends the session when role options say so: the client's messages count,
// and neither its pings nor what the server says.
func (s *rawSession) limit(end func()) {
	if idle := s.conn.faults.streamIdle; idle > 0 {
		s.idle = time.AfterFunc(idle, end)
		s.ends = append(s.ends, s.idle)
	}
	if s.conn.faults.endAtExpiry {
		s.ends = append(s.ends, time.AfterFunc(time.Until(s.conn.call.identity.Expires), end))
	}
}

// fromClient reads lines, of any length, until there are no more.
func (s *rawSession) fromClient() {
	lines := bufio.NewReader(s.conn.stream)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		if s.idle != nil {
			s.idle.Reset(s.conn.faults.streamIdle)
		}
		s.conn.apps.update(func() { s.conn.Lines++ })
		if s.clientLine(line) != nil {
			return
		}
	}
}

// clientLine handles a line of the client. A response is dropped.
func (s *rawSession) clientLine(line []byte) error {
	msg, err := decodeRaw(line)
	if err != nil {
		s.tell((&rawMessage{}).failure(-32700, err.Error(), nil))
	}
	switch {
	case msg.isRequest():
		return s.clientRequest(msg)
	case msg.isNotification():
		return s.server.send(msg.notification())
	case !msg.isResponse() && err == nil:
		s.tell(msg.failure(-32700, "unknown message type", nil))
	}
	return nil
}

func (s *rawSession) clientRequest(msg *rawMessage) error {
	if msg.Method == "tools/call" {
		switch tool := msg.toolName(); {
		case tool == "":
			s.tell(msg.failure(-32600, badRequestMessage, messageData{nameMissingReason}))
			return nil
		case !s.toolAllowed(tool):
			s.tell(msg.failure(-32602, toolDeniedMessage, errorData{messageData{toolDeniedReason}}))
			return nil
		}
	}
	s.mu.Lock()
	s.requests.push(msg.ID.value, msg.Method)
	s.mu.Unlock()
	return s.server.send(msg.request())
}

// toolAllowed decides as when the connection was made, for a while.
func (s *rawSession) toolAllowed(tool string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.allowed(tool)
}

func (s *rawSession) allowed(tool string) bool {
	call := s.conn.call
	if time.Since(s.decided) > s.conn.apps.cfg.AppTimes.RawTools {
		s.roles, s.decided = call.home.rolesOf(call.identity), time.Now()
	}
	return toolAllowed(s.roles, call.identity.Traits, call.app, tool)
}

// fromServer passes on what the server says. Its requests are dropped without a
// word, and what is no message arrives as one without a method.
func (s *rawSession) fromServer() {
	for {
		text, err := s.server.next()
		if err != nil {
			return
		}
		switch msg, _ := decodeRaw(text); {
		case msg.isNotification():
			s.tell(msg.notification())
		case msg.isResponse():
			s.tell(s.answer(msg))
		}
	}
}

// answer is a response as it passes: in the answer to a tools/list the tools are
// left out that the user may not call.
func (s *rawSession) answer(msg *rawMessage) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	response := msg.response()
	if s.requests.pop(msg.ID.value) == "tools/list" {
		response = filterTools(response, s.allowed)
	}
	return mustJSON(response)
}

// tell writes a line to the client. If that fails, reading does so too.
func (s *rawSession) tell(message []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.conn.stream.Write(append(message, '\n'))
}
