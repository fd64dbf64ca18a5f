// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tshmcp/tshmcp/internal/netnstest"
)

// Every way to a proxy is over connections that are watched.
func TestConnectionsAreWatched(t *testing.T) {
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { // as the network's proxy, to whoever asks it
				defer conn.Close()
				buf := make([]byte, 1024)
				if n, _ := conn.Read(buf); strings.HasPrefix(string(buf[:n]), http.MethodConnect) {
					io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
				}
				io.Copy(io.Discard, conn)
			}()
		}
	}()
	addr := l.Addr().String()
	egress := &Egress{Find: func(*url.URL) (*url.URL, error) { return &url.URL{Scheme: "http", Host: addr}, nil }}
	for name, dial := range map[string]func(context.Context) (net.Conn, error){
		"direct":             (&Proxy{Addr: addr}).dial,
		"the network's":      (&Proxy{Addr: "proxy.test:443", Dial: egress.Dial}).dial,
		"by name":            (&Proxy{Addr: strings.Replace(addr, "127.0.0.1", "localhost", 1)}).dial,
		"with no HTTP proxy": (&Proxy{Addr: addr, Dial: (&Egress{Find: func(*url.URL) (*url.URL, error) { return nil, nil }}).Dial}).dial,
	} {
		conn, err := dial(testContext(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		raw := must(conn.(*net.TCPConn).SyscallConn())(t)
		for _, o := range []struct {
			name               string
			level, option, has int
		}{
			{"keep-alive", unix.SOL_SOCKET, unix.SO_KEEPALIVE, 1},
			{"idle seconds", unix.IPPROTO_TCP, unix.TCP_KEEPIDLE, 10},
			{"seconds between probes", unix.IPPROTO_TCP, unix.TCP_KEEPINTVL, 5},
			{"probes", unix.IPPROTO_TCP, unix.TCP_KEEPCNT, 3},
			{"user timeout in milliseconds", unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, 25000},
		} {
			_ = raw.Control(func(fd uintptr) {
				if got, err := unix.GetsockoptInt(int(fd), o.level, o.option); err != nil || got != o.has {
					t.Errorf("%s: %s is %d (%v), want %d", name, o.name, got, err, o.has)
				}
			})
		}
		conn.Close()
	}
}

// TestSilentPath cuts a path without a word: the loopback device of a network
// namespace is taken down. A server that is quiet for longer than a dead path is
// waited for stays, before.
func TestSilentPath(t *testing.T) {
	if netnstest.Inside(os.Args) {
		silentPath(t)
		return
	}
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	switch skipped, err := netnstest.Again(ctx, os.Args[0], t.Name()); {
	case err != nil:
		t.Fatal(err)
	case skipped != "":
		t.Skip(skipped)
	}
}

func silentPath(t *testing.T) {
	if err := netnstest.SetLoopback(true); err != nil {
		t.Skip("this machine does not let a namespace have its loopback device: ", err)
	}
	short := liveness{idle: time.Second, interval: time.Second, probes: 1}
	d := Dialer{Connect: short.dialer().DialContext}
	l := listen(t)
	connect := func() (client, server net.Conn) {
		client = must(d.Dial(testContext(t), "tcp", l.Addr().String()))(t)
		server = must(l.Accept())(t)
		t.Cleanup(func() { client.Close(); server.Close() })
		for _, c := range []net.Conn{client, server} {
			_ = c.SetDeadline(time.Now().Add(40 * time.Second))
		}
		return client, server
	}
	waiting, server := connect()
	writing, other := connect()
	ask := func(from, to net.Conn) {
		must(from.Write([]byte("?")))(t)
		must(io.ReadFull(to, make([]byte, 1)))(t)
	}
	ask(waiting, server)
	ask(writing, other)
	quiet := time.AfterFunc(2*short.limit(), func() { _, _ = server.Write([]byte("!")) })
	defer quiet.Stop()
	if _, err := io.ReadFull(waiting, make([]byte, 1)); err != nil {
		t.Fatalf("a server that takes its time: %v", err)
	}
	ask(waiting, server)

	if err := netnstest.SetLoopback(false); err != nil {
		t.Fatal(err)
	}
	cut := time.Now()
	must(writing.Write([]byte("?")))(t)
	for name, conn := range map[string]net.Conn{"waiting": waiting, "writing": writing} {
		_, err := conn.Read(make([]byte, 1))
		t.Logf("%s: after %v: %v", name, time.Since(cut).Round(time.Millisecond), err)
		if !errors.Is(err, syscall.ETIMEDOUT) && !errors.Is(err, syscall.EHOSTUNREACH) && !errors.Is(err, syscall.ENETUNREACH) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if took := time.Since(cut); took > short.limit()+5*time.Second {
		t.Errorf("noticed after %v", took)
	}
}
