// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: a network and a server that fail at random.

package bridge

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// chaos is a server that answers every call in a way that the call's own name
// decides by chance, and counts what it executed.
type chaos struct {
	*mcpServer
	mu       sync.Mutex
	rnd      *rand.Rand
	executed map[string]int
	resumes  map[string]string // event id -> id of the request
}

func newChaos(seed uint64) *chaos {
	c := &chaos{rnd: rand.New(rand.NewPCG(seed, 1)), executed: map[string]int{}, resumes: map[string]string{}}
	c.mcpServer = &mcpServer{Post: c.post, Get: c.get}
	return c
}

func (c *chaos) roll(n int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rnd.IntN(n)
}

func (c *chaos) execute(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.executed[name]++
}

func (c *chaos) post(w http.ResponseWriter, r *http.Request, m frame.Message) bool {
	if m.Method != "tools/call" && m.Method != "tools/list" {
		return false
	}
	time.Sleep(time.Duration(c.roll(300)) * time.Millisecond)
	if c.isDead(r.Header.Get(headerSession)) {
		return false
	}
	name, _ := frame.LookupString(m.Params, "name")
	switch dice := c.roll(24); dice {
	case 0:
		c.kill()
		return false
	case 1, 2, 3:
		status([]int{401, 403, 413}[dice-1])(w, r, m)
	case 4:
		status(429, "Retry-After", "1")(w, r, m)
	case 5:
		status(302, "Location", "/else")(w, r, m)
	default:
		c.execute(name)
		c.respond(w, r, m, dice)
	}
	return true
}

// answer is what becomes of a call that was executed.
func (c *chaos) respond(w http.ResponseWriter, r *http.Request, m frame.Message, dice int) {
	switch dice {
	case 6:
		status(500)(w, r, m)
	case 7:
		abort()
	case 8:
		body(200, "text/html", "<html>")(w, r, m)
	case 9:
		body(200, typeJSON, `{"jsonrpc":"2.0","id":ID,"result":`)(w, r, m)
	case 10:
		w.WriteHeader(202)
	case 11:
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","method":"notifications/progress","params":{}}`))
	case 12:
		startStream(w)
		emit(w, "data: {}\n\n", data(result([]byte(`"foreign"`), "{}")), data(result(m.ID, "{}")), data(result(m.ID, "{}")))
	case 13, 14:
		startStream(w)
		c.mu.Lock()
		id := fmt.Sprint("e", len(c.resumes))
		c.resumes[id] = string(m.ID)
		c.mu.Unlock()
		emit(w, "id: "+id+"\nretry: 50\ndata:\n\n")
	case 15:
		body(503, typeJSON, `{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"m"}}`)(w, r, m)
	case 16:
		startStream(w)
		emit(w, "data: {\"jsonrpc\":\"2.0\",\rdata: \"id\":"+string(m.ID)+",\"result\":{}}\r\r")
	default:
		respond(w, m.ID, "{}")
	}
}

func (c *chaos) get(w http.ResponseWriter, r *http.Request) bool {
	c.mu.Lock()
	id := c.resumes[r.Header.Get("Last-Event-ID")]
	c.mu.Unlock()
	if c.isDead(r.Header.Get(headerSession)) {
		return false
	}
	if id == "" {
		startStream(w)
		emit(w, data(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"roots/list"}`, c.roll(1000))))
		time.Sleep(time.Duration(c.roll(3000)) * time.Millisecond)
		return true
	}
	if c.roll(3) == 0 {
		w.WriteHeader(503)
		return true
	}
	startStream(w)
	emit(w, data(result([]byte(id), "{}")))
	return true
}

// Whatever happens to a hundred calls at once, each is answered once or was
// cancelled, none is executed twice, and "not executed" is true.
func TestChaos(t *testing.T) {
	for seed := range uint64(12) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := newChaos(seed)
				net := newMemory()
				net.serve(t, c)
				r := startRig(t, net.transport(t), "http://server.test")
				r.hello()
				cancelled := c.play(r, 100, seed)
				r.until("all answers", func() bool { return len(r.seen) >= 101-len(cancelled) })
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				for i := range 100 {
					c.check(t, r, i, cancelled[i])
				}
				r.end()
			})
		})
	}
}

// play sends calls, cancels some, and answers the server's questions.
func (c *chaos) play(r *rig, n int, seed uint64) map[int]bool {
	rnd := rand.New(rand.NewPCG(seed, 2))
	cancelled := map[int]bool{}
	for i := range n {
		r.send(call(fmt.Sprint(i+1), fmt.Sprint("call-", i)))
		if rnd.IntN(10) == 0 {
			r.send(cancelLine(fmt.Sprint(i + 1)))
			cancelled[i] = true
		}
		if rnd.IntN(20) == 0 {
			r.send(`{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}`, `{"jsonrpc":"2.0","id":5,"result":{}}`, `garbage`)
		}
		time.Sleep(time.Duration(rnd.IntN(50)) * time.Millisecond)
	}
	return cancelled
}

func (c *chaos) check(t *testing.T, r *rig, i int, cancelled bool) {
	name, id := fmt.Sprint("call-", i), fmt.Sprint(i+1)
	ran := c.executed[name]
	answers := r.answers(id)
	if ran > 1 {
		t.Errorf("%s was executed %d times", name, ran)
	}
	if answers > 1 || answers == 0 && !cancelled {
		t.Errorf("%s got %d answers", name, answers)
	}
	if answers == 0 {
		return
	}
	m := r.response(id)
	if m.Result != nil && ran != 1 {
		t.Errorf("%s succeeded and was executed %d times", name, ran)
	}
	if strings.Contains(string(m.Failure), `"executed":"no"`) && ran != 0 {
		t.Errorf("%s was executed: %s", name, m.raw)
	}
}
