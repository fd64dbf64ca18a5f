// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: many bridges behind something that knows requests by their ids
// alone.

package bridge

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// tracker is a gateway that all processes of a user share. It knows a request
// by its id alone, filters what it takes for the answer to tools/list, and lets
// everything else pass.
type tracker struct {
	mu      sync.Mutex
	methods map[string]string
	order   []string
}

// trackerSize is how many requests it remembers.
const trackerSize = 50

func (k *tracker) request(m frame.Message) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.order = append(slices.DeleteFunc(k.order, func(key string) bool { return key == m.Key }), m.Key)
	k.methods[m.Key] = m.Method
	if len(k.order) > trackerSize {
		delete(k.methods, k.order[0])
		k.order = k.order[1:]
	}
}

// response is what a result becomes on its way back.
func (k *tracker) response(m frame.Message, result string) string {
	k.mu.Lock()
	method := k.methods[m.Key]
	delete(k.methods, m.Key)
	k.order = slices.DeleteFunc(k.order, func(key string) bool { return key == m.Key })
	k.mu.Unlock()
	switch {
	case method != methodTools:
		return result
	case !strings.Contains(result, `"tools"`):
		return `{"tools":null}`
	}
	return strings.Replace(result, `,{"name":"forbidden"}`, "", 1)
}

// tracked is a server behind the tracker. Its answers take different times.
func tracked() *mcpServer {
	k := &tracker{methods: map[string]string{}}
	n := 0
	return &mcpServer{Post: onPost("tools/list tools/call", func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		k.request(m)
		k.mu.Lock()
		n++
		pause := time.Duration(n*37%11) * time.Millisecond
		k.mu.Unlock()
		time.Sleep(pause)
		result := `{"tools":[{"name":"allowed"},{"name":"forbidden"}]}`
		if m.Method == methodCall {
			name, _ := frame.LookupString(m.Params, "name")
			result = fmt.Sprintf(`{"content":[],"name":%q}`, name)
		}
		respond(w, m.ID, k.response(m, result))
	})}
}

const (
	sharers = 8
	shared  = 200 // requests of each
)

// Many bridges of one user count their ids from 0, as clients do: nobody gets
// another's answer, and no list shows a forbidden tool.
func TestUniqueIDsBehindSharedTracker(t *testing.T) {
	if n := crossed(t, uniqueIDs); n != 0 {
		t.Errorf("%d of %d answers are wrong", n, sharers*shared)
	}
}

// The gateway is as strict as it should be: with the clients' own ids answers
// get crossed.
func TestClientIDsBehindSharedTracker(t *testing.T) {
	if n := crossed(t); n == 0 {
		t.Error("no answer is wrong")
	}
}

// crossed runs the bridges and counts wrong answers.
func crossed(t *testing.T, opts ...func(*Config)) (wrong int) {
	synctest.Test(t, func(t *testing.T) {
		net := newMemory()
		net.serve(t, tracked())
		rigs := make([]*rig, sharers)
		for i := range rigs {
			rigs[i] = startRig(t, net.transport(t), "http://server.test/mcp", opts...)
			rigs[i].hello()
		}
		counts := make([]int, sharers)
		var wg sync.WaitGroup
		for i, r := range rigs {
			wg.Go(func() { counts[i] = r.share(i) })
		}
		wg.Wait()
		for i, r := range rigs {
			r.end()
			wrong += counts[i]
		}
	})
	return wrong
}

// share lists tools and calls one by turns, a few at a time, and counts wrong
// answers.
func (r *rig) share(who int) (wrong int) {
	const window = 5 // below the tracker's memory for all together
	for first := 1; first <= shared; first += window {
		for id := first; id < first+window; id++ {
			if (id+who)%2 == 0 {
				r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/list"}`, id))
			} else {
				r.send(call(strconv.Itoa(id), fmt.Sprintf("tool-%d-%d", who, id)))
			}
		}
		for id := first; id < first+window; id++ {
			want := fmt.Sprintf(`{"content":[],"name":"tool-%d-%d"}`, who, id)
			if (id+who)%2 == 0 {
				want = `{"tools":[{"name":"allowed"}]}`
			}
			if got := r.response(strconv.Itoa(id)); string(got.Result) != want {
				wrong++
			}
		}
	}
	return wrong
}
