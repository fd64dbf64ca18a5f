// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tshmcp/tshmcp/internal/bridge/frame"
)

// noticed is how long a path is dead until the system gives a connection up.
const noticed = 25 * time.Second

// mortal is a connection whose path can die: then nothing comes back over it, and
// after a while a read fails as the system lets it.
type mortal struct {
	net.Conn
	dead *atomic.Bool // of all that were dialled by then
}

func (c *mortal) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if !c.dead.Load() {
		return n, err
	}
	return 0, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", silentErrnos[0])}
}

// paths dials mortal connections, and lets those die that there are.
type paths struct {
	*memory
	now   *atomic.Bool
	conns []*mortal
}

func (p *paths) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := p.memory.dial(ctx, network, addr)
	if err != nil {
		return nil, err
	}
	m := &mortal{Conn: conn, dead: p.now}
	p.conns = append(p.conns, m)
	return m, nil
}

// die lets all connections die; later ones live.
func (p *paths) die() {
	dying := p.conns
	dead := p.now
	p.conns, p.now = nil, new(atomic.Bool)
	time.AfterFunc(noticed, func() {
		dead.Store(true)
		for _, c := range dying {
			_ = c.Conn.SetReadDeadline(time.Unix(1, 0))
		}
	})
}

func TestPathDiesSilently(t *testing.T) {
	const broke = "tshmcp: the connection broke off before the response; the request may have been executed; it died silently, as connections do when a VPN or Wi-Fi goes down"
	const cut = "tshmcp: the answer's stream broke off before the response; the request may have been executed; it died silently"
	silent := func(w http.ResponseWriter, r *http.Request, m frame.Message) { <-r.Context().Done() }
	stream := func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		startStream(w)
		emit(w, data(`{"jsonrpc":"2.0","method":"notifications/x"}`))
		<-r.Context().Done()
	}
	for _, tt := range []struct {
		name   string
		serve  func(http.ResponseWriter, *http.Request, frame.Message)
		method string
		kind   Kind // "": it is sent again
		want   string
	}{
		{"a call", silent, methodCall, KindConnectionLost, broke},
		{"a call with a stream", stream, methodCall, kindStreamLost, cut},
		{"a list", silent, "prompts/list", "", ""},
		{"a list with a stream", stream, "prompts/list", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var asked, closed atomic.Int64
			s := &mcpServer{Post: onPost(tt.method, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
				if asked.Add(1) == 1 {
					tt.serve(w, r, m)
					return
				}
				respond(w, m.ID, `{}`)
			})}
			synctest.Test(t, func(t *testing.T) {
				p := &paths{memory: newMemory(), now: new(atomic.Bool)}
				p.serve(t, s)
				tr := &http.Transport{DialContext: p.dial, DisableCompression: true}
				t.Cleanup(tr.CloseIdleConnections)
				r := startRig(t, tr, "http://server.test/mcp", func(c *Config) {
					c.CloseIdle = func() { closed.Add(1); tr.CloseIdleConnections() }
				})
				r.hello()
				synctest.Wait()
				r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":{"name":"x"}}`, tt.method))
				synctest.Wait()
				p.die()
				began := time.Now()
				if tt.kind == "" {
					if m := r.response("1"); m.Result == nil || asked.Load() != 2 {
						t.Errorf("asked %d times: %s", asked.Load(), m.raw)
					}
				} else if f := r.refused("1", tt.kind, MayHaveRun); !strings.HasPrefix(f.Message, tt.want) || f.Data.Retryable {
					t.Errorf("%+v", f)
				}
				if took := time.Since(began); took > 30*time.Second {
					t.Errorf("answered after %v", took)
				}
				if tt.kind != "" && asked.Load() != 1 {
					t.Errorf("sent %d times", asked.Load())
				}
				r.send(call("2", "x"))
				if m := r.response("2"); m.Result == nil || closed.Load() == 0 {
					t.Errorf("idle connections closed %d times, then %s", closed.Load(), m.raw)
				}
				r.end()
			})
		})
	}
}

// A server that is quiet for ten minutes is waited for, as long as its machine is
// there.
func TestQuietServerIsWaitedFor(t *testing.T) {
	s := &mcpServer{Post: onPost(methodCall, func(w http.ResponseWriter, r *http.Request, m frame.Message) {
		time.Sleep(10 * time.Minute)
		respond(w, m.ID, `{}`)
	})}
	bubble(t, s, func(t *testing.T, r *rig) {
		r.hello()
		r.send(call("1", "x"))
		if m := r.response("1"); m.Result == nil || s.count(methodCall) != 1 {
			t.Errorf("got %s", m.raw)
		}
	})
}
