// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: bridges that run while an access request is assumed, dropped, or over.

package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/demo"
	"github.com/tshmcp/tshmcp/internal/rawtest"
	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// requester is alice, who may request what the role dev allows, and what she may
// use without. Her app is the notes server over HTTP, or one over stdio.
type requester struct {
	*testing.T
	cluster *testcluster.Cluster
	environ []string
	bridge  *rawBridge
	tool    string // the arguments of a call that only dev may make
	answer  string
}

var requestedKinds = map[string]bool{"over HTTP": false, "over stdio": true}

func newRequester(t *testing.T, raw bool, own testcluster.Role) *requester {
	t.Helper()
	r := &requester{T: t, tool: `{"name":"get_note","arguments":{"name":"deploy"}}`, answer: theNote}
	app := testcluster.App{Name: "notes", Labels: map[string]string{"env": "dev"}}
	if raw {
		app.URI, app.Command = "mcp+stdio://notes", []string{rawtest.Arg}
		r.tool, r.answer = `{"name":"echo","arguments":{"text":"over stdio"}}`, "over stdio"
	} else {
		notes, err := demo.StartNotes()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { notes.Close() })
		app.URI = notes.URI()
	}
	own.Name, own.SearchAsRoles, own.RequestRoles = "own", []string{"dev"}, []string{"dev", "ops"}
	var err error
	r.cluster, err = testcluster.Start(testcluster.Config{
		Users: []testcluster.User{{Name: "alice", Roles: []string{"own"}}},
		Roles: []testcluster.Role{own, {Name: "dev", AllowAppLabels: map[string][]string{"env": {"dev"}}, AllowTools: []string{"*"}}, {Name: "ops"}},
		Apps:  []testcluster.App{app},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.cluster.Close() })
	var home string
	r.environ, home = bareEnviron(t)
	if err := storeLogin(t.Context(), r.cluster, filepath.Join(home, "state"), "alice"); err != nil {
		t.Fatal(err)
	}
	r.bridge = startBridge(t, r.environ, "--login=never")
	return r
}

// assume makes a request that is approved at once, for a time, and takes it up.
func (r *requester) assume(d time.Duration, request ...string) (id string) {
	r.Helper()
	id = strings.TrimSpace(output(r.T, tshmcp(r.T, r.environ, append([]string{"request", "create"}, request...)...)))
	review := testcluster.Review{State: testcluster.RequestApproved, Author: "rita", Expires: time.Now().Add(d)}
	if err := r.cluster.ReviewAccess(id, review); err != nil {
		r.Fatal(err)
	}
	output(r.T, tshmcp(r.T, r.environ, "request", "assume", id))
	return id
}

func (r *requester) drop() {
	r.Helper()
	output(r.T, tshmcp(r.T, r.environ, "request", "drop"))
}

// call calls the tool. A session that began as before may be lost over it, once.
func (r *requester) call() (answer string) {
	r.Helper()
	return r.bridge.untilSaid(func() string { return r.bridge.ask("tools/call", r.tool) })
}

// TestRequestedApp: a client's requests are refused, then the app is assumed, then
// dropped, and assumed again until it is over.
func TestRequestedApp(t *testing.T) {
	t.Parallel()
	for kind, raw := range requestedKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRequester(t, raw, testcluster.Role{})
			command := "you may request access: tshmcp request create notes --proxy " + r.cluster.Addr() + " --wait"
			wantAnswer(t, "before", r.bridge.initialize(), command)
			wantAnswer(t, "before, again", r.bridge.initialize(), command)
			r.assume(time.Hour, "notes")
			wantAnswer(t, "assumed", r.bridge.initialize(), `"result"`)
			wantAnswer(t, "assumed", r.call(), r.answer)
			r.drop()
			wantAnswer(t, "dropped", r.call(), command)
			r.assume(4*time.Second, "notes")
			wantAnswer(t, "assumed again", r.call(), r.answer)
			wantAnswer(t, "over", r.untilRefused(), command)
		})
	}
}

// TestRequestedAppWhileItWaits: who has a request that is not decided is told of it, and
// not to make another one, until it was refused.
func TestRequestedAppWhileItWaits(t *testing.T) {
	for kind, asked := range map[string]string{"by name": "notes", "by role": "--roles=dev"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRequester(t, false, testcluster.Role{})
			id := strings.TrimSpace(output(t, tshmcp(t, r.environ, "request", "create", asked)))
			wait := "your request for access is waiting for approval: tshmcp request assume " + id + " --proxy " + r.cluster.Addr() + " --wait"
			wantAnswer(t, "waiting", r.bridge.initialize(), wait)
			if err := r.cluster.ReviewAccess(id, testcluster.Review{State: testcluster.RequestDenied, Author: "rita"}); err != nil {
				t.Fatal(err)
			}
			wantAnswer(t, "denied", r.bridge.initialize(), "you may request access: tshmcp request create notes --proxy ")
			other := strings.TrimSpace(output(t, tshmcp(t, r.environ, "request", "create", "--roles=ops")))
			wantAnswer(t, "waits for something else", r.bridge.initialize(), "you may request access: tshmcp request create notes --proxy ")
			r.cluster.DeleteAccessRequest(other)
		})
	}
}

// TestRequestedAppOfWhatIsDeleted: an administrator deletes the request that was
// assumed. The client is told what it was told before it, and can have another.
func TestRequestedAppOfWhatIsDeleted(t *testing.T) {
	t.Parallel()
	for kind, raw := range requestedKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			r := newRequester(t, raw, testcluster.Role{})
			command := "you may request access: tshmcp request create notes --proxy " + r.cluster.Addr() + " --wait"
			r.cluster.DeleteAccessRequest(r.assume(time.Hour, "notes"))
			wantAnswer(t, "deleted", r.bridge.initialize(), command)
			if said := output(t, tshmcp(t, r.environ, "status")); strings.Contains(said, "ssumed") {
				t.Errorf("status still has it:\n%s", said)
			}
			others := []string{r.assume(time.Hour, "--roles=ops"), r.assume(time.Hour, "--roles=ops")}
			r.assume(time.Hour, "--roles=dev")
			for _, other := range others {
				r.cluster.DeleteAccessRequest(other)
			}
			wantAnswer(t, "assumed again", r.bridge.initialize(), `"result"`)
			wantAnswer(t, "assumed again", r.call(), r.answer)
		})
	}
}

// untilRefused calls, as fast as a person's client does, until that is refused.
func (r *requester) untilRefused() (answer string) {
	r.Helper()
	pace := time.NewTicker(50 * time.Millisecond)
	defer pace.Stop()
	for began := time.Now(); time.Since(began) < scriptTime/2; <-pace.C {
		if answer = r.call(); !strings.Contains(answer, r.answer) {
			return answer
		}
	}
	r.Fatal("never refused")
	return ""
}

// wantRelist waits, with calls, until the client is told to list the tools again.
func (b *rawBridge) wantRelist(call func() string) {
	b.t.Helper()
	for range 200 {
		if b.relists > 0 {
			return
		}
		call()
	}
	b.t.Error("the client is not told that there are other tools")
}

// TestRequestedTools: a role that was requested by name allows more tools of an app
// that is in use, and no more when it is over. The login goes on.
func TestRequestedTools(t *testing.T) {
	t.Parallel()
	const denied = "RBAC is enforced by your Teleport roles. Contact your Teleport Admin for more details."
	for kind, raw := range requestedKinds {
		t.Run(kind, func(t *testing.T) {
			own := testcluster.Role{AllowAppLabels: map[string][]string{"*": {"*"}}, AllowTools: []string{"search_*"}}
			t.Parallel()
			r := newRequester(t, raw, own)
			wantAnswer(t, "before", r.bridge.initialize(), `"result"`)
			wantAnswer(t, "before", r.call(), denied+" tshmcp: you may request access: tshmcp request create notes --proxy "+r.cluster.Addr()+" --wait")
			r.assume(time.Hour, "--roles=dev")
			wantAnswer(t, "assumed", r.call(), r.answer)
			if !raw { // that server does not promise to tell
				r.bridge.wantRelist(r.call)
			}
			r.drop()
			wantAnswer(t, "dropped", r.call(), denied)
			r.assume(4*time.Second, "--roles=dev")
			wantAnswer(t, "assumed again", r.call(), r.answer)
			wantAnswer(t, "over", r.untilRefused(), denied)
		})
	}
}
