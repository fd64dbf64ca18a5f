// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: what real connections to raw apps have brought, entry by entry.

package bridge

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// rawRecord is an entry of app-mcp-raw.json: lines in both directions, and how the
// connection ended.
type rawRecord struct {
	Name, End      string
	Sent, Received []string
}

// ended tells whether the connection was ended.
func (e *rawRecord) ended() bool { return strings.HasPrefix(e.End, "EOF") }

// answers are the recorded responses by the raw id, as far as the client knows it.
func (e *rawRecord) answers() map[string]frame.Message {
	all := map[string]frame.Message{}
	for _, line := range e.Received {
		if messages, _, err := frame.Parse([]byte(line)); err == nil && messages[0].Kind == frame.Response {
			all[string(messages[0].ID)] = messages[0]
		}
	}
	return all
}

// requests are the messages that a client may send, by the raw id of those that
// want an answer.
func (e *rawRecord) requests() (lines, ids []string) {
	for _, line := range e.Sent {
		messages, batch, err := frame.Parse([]byte(line))
		if err != nil || batch || messages[0].Kind == frame.Response {
			continue // the bridge sends none of these
		}
		if lines = append(lines, line); messages[0].Kind == frame.Request {
			ids = append(ids, string(messages[0].ID))
		}
	}
	return lines, ids
}

func rawRecords(t *testing.T) (usable []rawRecord) {
	t.Helper()
	text, err := os.ReadFile("../../testdata/recordings/app-mcp-raw.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []rawRecord
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, e := range all {
		_, ids := e.requests()
		unique := slices.Compact(slices.Sorted(slices.Values(ids)))
		if len(ids) > 0 && len(unique) == len(ids) && e.Name != "ids" { // else it cannot be told which answer is whose
			usable = append(usable, e)
		}
	}
	return usable
}

// opens tells whether the entry is about a new connection.
func (e *rawRecord) opens() bool {
	return strings.Contains(e.Sent[0], `"initialize"`) || strings.HasPrefix(e.Name, "denied")
}

// refused tells whether nobody was let through: no more than one error came.
func (e *rawRecord) refused() bool {
	return e.opens() && e.ended() && !strings.Contains(strings.Join(e.Received, ""), `"result"`)
}

// player answers as the connection of an entry did.
type player struct {
	*rawRecord
	lines []string
	came  int
	wire  map[string]string // ids on the wire by those of the entry
	said  map[int]bool      // lines of the entry
}

// take notes a message of the client. It returns false for one that is none of the
// entry's.
func (p *player) take(m frame.Message) bool {
	for i, line := range p.lines {
		sent, _ := frame.ParseMessage([]byte(line))
		if sent.Method != m.Method || sent.Kind != m.Kind || m.Method != methodInitialize && string(sent.Params) != string(m.Params) {
			continue
		}
		p.lines = slices.Delete(slices.Clone(p.lines), i, i+1)
		if p.came++; m.Kind == frame.Request {
			p.wire[string(sent.ID)] = string(m.ID)
		}
		return true
	}
	return false
}

// say says what was recorded, as far as it answers what came; the rest, and the end,
// when all has come.
func (p *player) say(to *process) {
	for i, line := range p.Received {
		messages, _, err := frame.Parse([]byte(line))
		about := err == nil && messages[0].Kind == frame.Response
		id := ""
		if about {
			id = p.wire[string(messages[0].ID)]
		}
		if p.said[i] || about && id == "" || !about && len(p.lines) > 0 {
			continue
		}
		p.said[i] = true
		if about {
			line = string(frame.Splice(messages[0].Doc, messages[0].IDAt, []byte(id)))
		}
		to.say(line)
	}
	if len(p.lines) == 0 && p.ended() {
		to.Close()
	}
}

// serve is the entry's server: the first connection as it was, those after one that
// was refused like it, all others like any server.
func (e *rawRecord) serve() func(*process, frame.Message) {
	players := map[int]*player{}
	return func(p *process, m frame.Message) {
		p.raw.mu.Lock()
		defer p.raw.mu.Unlock()
		if p.n > 1 && !e.refused() {
			p.answer(m)
			return
		}
		if players[p.n] == nil {
			lines, _ := e.requests()
			players[p.n] = &player{rawRecord: e, lines: lines, wire: map[string]string{}, said: map[int]bool{}}
		}
		switch play := players[p.n]; {
		case play.take(m), e.refused():
			play.say(p)
			if e.refused() {
				p.Close()
			}
		default:
			p.answer(m)
		}
	}
}

// Every request gets one answer: the recorded one, or where the connection ended an
// error of the bridge's, or the next server's. Nothing of what Teleport makes of noise
// reaches the client.
func TestRecordedRaw(t *testing.T) {
	records := rawRecords(t)
	if len(records) < 60 {
		t.Fatalf("%d entries can be played", len(records))
	}
	for _, e := range records {
		t.Run(e.Name, func(t *testing.T) {
			lines, _ := e.requests()
			f := &fakeRaw{serve: e.serve()}
			rawBubble(t, f, func(t *testing.T, r *rig) {
				if !e.opens() {
					r.hello()
				}
				r.send(lines...)
				e.check(t, r)
			})
		})
	}
}

func (e *rawRecord) check(t *testing.T, r *rig) {
	answers := e.answers()
	lines, _ := e.requests()
	for _, line := range lines {
		m, _ := frame.ParseMessage([]byte(line))
		if m.Kind != frame.Request {
			continue
		}
		want, answered := answers[string(m.ID)]
		switch {
		case strings.Contains(strings.Join(lines, ""), `"requestId": `+string(m.ID)): // it was cancelled
		case e.refused():
			r.failure(string(m.ID))
		case answered:
			got := r.response(string(m.ID))
			if (got.Result != nil) != (want.Result != nil) || (got.Failure != nil) != (want.Failure != nil) {
				t.Errorf("%s: got %s, want %s", m.ID, got.raw, want.Doc)
			}
		case e.ended() && repeatable[m.Method]:
			r.response(string(m.ID))
		case e.ended():
			r.refused(string(m.ID), KindConnectionLost, MayHaveRun)
		}
	}
	time.Sleep(time.Second)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.rest {
		if m.Method == "" {
			t.Errorf("the client got %s", m.raw)
		}
	}
}
