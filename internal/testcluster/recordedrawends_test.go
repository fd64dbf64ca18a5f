// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Scenario: app-mcp-raw.json, how connections to raw apps end and whom they are
// refused to.

package testcluster

import (
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

const rawSlow = `{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "slow", "arguments": {"seconds": 60}}}`

// cutReplay plays an entry up to its last answer, does something and looks at the
// end.
func cutReplay(app string, cut func(r *rawRig)) rawReplay {
	return func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", app)
		client.send(t, e.Sent...)
		client.want(t, e.Received...)
		awaitRaw(t, r.Cluster, func(conns []RawConn) bool { return len(conns) == 1 && conns[0].Lines == len(e.Sent) })
		cut(r)
		client.wantEnd(t)
	}
}

// rawEnds are entries about ends.
var rawEnds = map[string]rawReplay{
	"the-command-exits-at-once": func(t *testing.T, r *rawRig, e recordedRaw) {
		playRaw(t, r.dial("bob", "exits"), e)
	},
	"the-server-process-is-killed-from-outside": cutReplay("rawdemo", func(r *rawRig) { r.Raw.KillServers("rawdemo") }),
	// What a client sees of a Teleport that ends is its app service's end.
	"teleport-is-killed-sse-app":                              cutReplay("ssedemo", func(r *rawRig) { r.SetAppOnline("ssedemo", false) }),
	"teleport-proxy-and-app-service-in-one-process-is-killed": cutReplay("rawdemo", func(r *rawRig) { r.SetAppOnline("rawdemo", false) }),
	"teleport-is-stopped-by-sigterm":                          cutReplay("rawdemo", func(r *rawRig) { r.SetAppOnline("rawdemo", false) }),
	"the-user-is-locked-while-a-call-runs":                    cutReplay("rawdemo", func(r *rawRig) { r.LockUser("bob") }),
	"certificate-expires": func(t *testing.T, r *rawRig, e recordedRaw) {
		client, cert, end := dialExpiring(t, r)
		client.open(t, "rawdemo")
		for time.Now().Before(end.Add(rawSecond)) {
			client.wantOpen(t)
		}
		client.wantOpen(t)
		again, err := tryRaw(t, r.Cluster, cert)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.Conn.Read(make([]byte, 1)); err == nil || err.Error() != "remote error: tls: expired certificate" {
			t.Errorf("a new connection: %v", err)
		}
	},
	"certificate-expires-with-disconnect-option": func(t *testing.T, r *rawRig, e recordedRaw) {
		r.SetEndStreamsAtExpiry(true)
		client, _, end := dialExpiring(t, r)
		client.open(t, "rawdemo")
		client.wantOpen(t)
		client.wantEnd(t)
		if time.Now().Before(end) {
			t.Errorf("the end came before %v", end)
		}
	},
	"half-close": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.open(t, "rawdemo")
		client.send(t, rawSlow)
		if err := client.Conn.CloseWrite(); err != nil {
			t.Fatal(err)
		}
		client.wantEnd(t)
	},
	"client-idle-timeout": func(t *testing.T, r *rawRig, e recordedRaw) {
		const idle = 50 * rawSecond // longer than a busy machine takes over a message
		r.SetStreamIdleTimeout(idle)
		client := r.dial("bob", "rawdemo")
		client.open(t, "rawdemo")
		var last time.Time
		for begun := time.Now(); time.Since(begun) < 2*idle; { // messages keep it open
			last = time.Now()
			client.wantOpen(t)
		}
		pinged := make(chan struct{})
		go func() { // pings do not, or it would not end
			defer close(pinged)
			for {
				if _, err := client.Conn.Write(make([]byte, 4)); err != nil {
					return
				}
				time.Sleep(idle / 100)
			}
		}()
		client.wantEnd(t)
		if after := time.Since(last); after < idle {
			t.Errorf("the end came %v after the last message, want %v", after, idle)
		}
		client.Close()
		<-pinged
	},
	"silent-client": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		awaitRaw(t, r.Cluster, func(conns []RawConn) bool { return len(conns) == 1 && conns[0].PID != 0 })
		for client.pings < 50 { // of one a second; the answer is read behind them
			if _, err := client.Conn.Write(make([]byte, 4)); err != nil {
				t.Fatal(err)
			}
			var head [4]byte
			if _, err := io.ReadFull(client.Conn, head[:]); err != nil || head != [4]byte{} {
				t.Fatalf("%v, %v, want a ping", head, err)
			}
			client.pings++
		}
		client.open(t, "rawdemo")
	},
	"server-process-ignores-sigint": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "deaf")
		client.open(t, "rawdemo")
		begun := time.Now()
		client.Close()
		awaitRaw(t, r.Cluster, func(conns []RawConn) bool { return conns[0].Ended })
		if after := time.Since(begun); after < 10*rawSecond {
			t.Errorf("the process ended after %v, want %v", after, 10*rawSecond)
		}
	},
	"proxy-down": func(t *testing.T, r *rawRig, e recordedRaw) {
		r.Close()
		if _, err := net.Dial("tcp", r.Addr()); err == nil {
			t.Error("somebody listens")
		}
	},
}

// dialExpiring connects with a certificate that is about to end.
func dialExpiring(t *testing.T, r *rawRig) (*rawClient, *tls.Certificate, time.Time) {
	t.Helper()
	id := r.identity("bob", "rawdemo")
	id.Expires = time.Now().Add(2 * time.Second).Truncate(time.Second)
	cert := clientCertOf(t, r.Cluster, id)
	client, err := tryRaw(t, r.Cluster, cert)
	if err != nil {
		t.Fatal(err)
	}
	return client, cert, id.Expires
}

// deniedReplay plays a connection of a user that is refused.
func deniedReplay(user, app string) rawReplay {
	return func(t *testing.T, r *rawRig, e recordedRaw) { playRaw(t, r.dial(user, app), e) }
}

// belowTLS plays it with a denial that does not get through.
func belowTLS(user, app string) rawReplay {
	return func(t *testing.T, r *rawRig, e recordedRaw) {
		r.SetDenial(DenyBelowTLS)
		playRaw(t, r.dial(user, app), e)
	}
}

// rawAccess are entries about who may connect.
var rawAccess = map[string]rawReplay{
	"denied-app-that-the-role-does-not-allow":                deniedReplay("bob", "rawhidden"),
	"denied-per-session-mfa-needed-stdio-app":                deniedReplay("carol", "rawdemo"),
	"denied-per-session-mfa-needed-sse-app":                  deniedReplay("carol", "ssedemo"),
	"denied-a-notification-first":                            deniedReplay("bob", "rawhidden"),
	"denied-nonsense-first":                                  deniedReplay("bob", "rawhidden"),
	"denied-a-response-first":                                deniedReplay("bob", "rawhidden"),
	"denied-two-requests-at-once":                            deniedReplay("bob", "rawhidden"),
	"denied-the-client-says-nothing":                         deniedReplay("bob", "rawhidden"),
	"denied-newest-handler-answer-below-tls-app-not-allowed": belowTLS("bob", "rawhidden"),
	"denied-newest-handler-answer-below-tls-mfa-needed":      belowTLS("carol", "rawdemo"),
	"the-role-loses-the-app-while-connected": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.send(t, e.Sent[:2]...)
		client.want(t, e.Received[0])
		r.takeRole()
		client.send(t, e.Sent[2:]...)
		client.want(t, e.Received[1:]...)
		client.wantOpen(t)
	},
	"new-connection-after-the-role-lost-the-app": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		r.takeRole()
		playRaw(t, dialRaw(t, r.Cluster, id), e)
	},
	"new-connection-after-the-role-has-the-app-again": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		give := r.takeRole()
		dialRaw(t, r.Cluster, id).send(t, e.Sent...)
		give()
		playRaw(t, dialRaw(t, r.Cluster, id), e)
	},
	"the-app-is-deleted-while-connected": func(t *testing.T, r *rawRig, e recordedRaw) {
		client := r.dial("bob", "rawdemo")
		client.send(t, e.Sent[:2]...)
		client.want(t, e.Received[0])
		r.DeleteApp("rawdemo")
		client.send(t, e.Sent[2:]...)
		client.want(t, e.Received[1:]...)
		client.wantOpen(t)
	},
	"new-connection-after-the-app-was-deleted-first":  afterDeletion,
	"new-connection-after-the-app-was-deleted-second": afterDeletion,
	"new-connection-of-a-locked-user": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		r.LockUser("bob")
		playRaw(t, dialRaw(t, r.Cluster, id), e)
	},
	"no-certificate": func(t *testing.T, r *rawRig, e recordedRaw) {
		client, err := tryRaw(t, r.Cluster, &tls.Certificate{})
		if err != nil {
			t.Fatal(err)
		}
		client.wantEnd(t)
	},
	"user-certificate": func(t *testing.T, r *rawRig, e recordedRaw) {
		account, _ := r.Cluster.user("bob")
		dialRaw(t, r.Cluster, r.loginIdentity(account, time.Now().Add(time.Hour))).wantEnd(t)
	},
	"app-session-deleted": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		open := dialRaw(t, r.Cluster, id)
		open.open(t, "rawdemo")
		r.KillSession(id.SessionID)
		dialRaw(t, r.Cluster, id).wantEnd(t)
		open.wantOpen(t)
	},
	"expired-certificate": func(t *testing.T, r *rawRig, e recordedRaw) {
		id := r.identity("bob", "rawdemo")
		id.Expires = time.Now().Add(-time.Minute)
		client := dialRaw(t, r.Cluster, id)
		if _, err := client.Conn.Read(make([]byte, 1)); err == nil || err.Error() != "remote error: tls: expired certificate" {
			t.Errorf("first read: %v", err)
		}
	},
	"proxy-up-app-service-not-yet": func(t *testing.T, r *rawRig, e recordedRaw) {
		r.SetAppOnline("rawdemo", false)
		client := r.dial("bob", "rawdemo")
		client.wantEnd(t)
		r.SetAppOnline("rawdemo", true)
		r.dial("bob", "rawdemo").open(t, "rawdemo")
	},
	"old-server": func(t *testing.T, _ *rawRig, e recordedRaw) {
		r := startRawRig(t, func(cfg *Config) { cfg.Version = "18.0.0" })
		if _, err := tryRaw(t, r.Cluster, clientCertOf(t, r.Cluster, r.identity("bob", "rawdemo"))); err == nil || err.Error() != "EOF" || !strings.Contains(e.End, "EOF") {
			t.Errorf("handshake: %v", err)
		}
	},
}

// takeRole takes the apps away from the role of bob, and gives them back.
func (r *rawRig) takeRole() (give func()) {
	role, _ := r.registry.role("rig-user")
	without := role
	without.AllowAppLabels = map[string][]string{"env": {"none"}}
	r.SetRole(without)
	return func() { r.SetRole(role) }
}

// afterDeletion connects to an app that was deleted.
func afterDeletion(t *testing.T, r *rawRig, e recordedRaw) {
	id := r.identity("bob", "rawdemo")
	r.DeleteApp("rawdemo")
	client := dialRaw(t, r.Cluster, id)
	client.wantEnd(t)
}
