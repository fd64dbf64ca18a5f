// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Package socks is a SOCKS5 proxy (RFC 1928, with the passwords of RFC 1929) of
// the kind that stands at the edge of a company's network, between clients and a
// test cluster: it knows CONNECT and nothing else.
package socks

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// greetingTime bounds how long a client may take over what it asks.
const greetingTime = 10 * time.Second

// Replies to what a client asks for.
const (
	Connected    = 0
	NotAllowed   = 2 // by the rules of the network
	Refused      = 5
	NotSupported = 7 // it is no CONNECT
)

// Config describes a Proxy. The zero value works.
type Config struct {
	// Resolve gives the address to dial for the host:port that a client asks
	// for: such a proxy resolves names itself. nil means the same address.
	Resolve        func(addr string) string
	User, Password string // asked of clients if User is set
	Reply          byte   // to every CONNECT, if it is not Connected
}

// A Proxy is a running proxy.
type Proxy struct {
	cfg      Config
	listener net.Listener

	ctx   context.Context // ends when Close begins
	stop  context.CancelFunc
	wg    sync.WaitGroup // every goroutine
	mu    sync.Mutex
	asked []string
}

// Start starts a proxy on a free port of 127.0.0.1. The caller must Close it.
func Start(cfg Config) (*Proxy, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{cfg: cfg, listener: listener}
	p.ctx, p.stop = context.WithCancel(context.Background())
	p.wg.Go(p.accept)
	return p, nil
}

// URL is what ALL_PROXY is set to, with user and password if there are any.
func (p *Proxy) URL() string {
	u := url.URL{Scheme: "socks5h", Host: p.Addr()}
	if p.cfg.User != "" {
		u.User = url.UserPassword(p.cfg.User, p.cfg.Password)
	}
	return u.String()
}

// Addr is its address, host:port.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Asked returns the addresses that clients asked for, in order.
func (p *Proxy) Asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

// Close cuts all connections and waits.
func (p *Proxy) Close() error {
	p.stop()
	err := p.listener.Close()
	p.wg.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.wg.Go(func() {
			defer conn.Close()
			defer context.AfterFunc(p.ctx, func() { conn.Close() })()
			conn.SetDeadline(time.Now().Add(greetingTime))
			if addr, err := p.greet(conn); err == nil {
				p.connect(conn, addr)
			}
		})
	}
}

var errLeft = errors.New("this client is not served")

// greet reads who the client is and what it asks for.
func (p *Proxy) greet(conn net.Conn) (addr string, err error) {
	if err := readVersion(conn, 5); err != nil {
		return "", err
	}
	methods, err := readList(conn)
	if err != nil {
		return "", err
	}
	method := byte(0)
	if p.cfg.User != "" {
		method = 2
	}
	if !bytes.Contains(methods, []byte{method}) {
		conn.Write([]byte{5, 0xff})
		return "", errLeft
	}
	conn.Write([]byte{5, method})
	if method == 2 {
		if err := p.checkPassword(conn); err != nil {
			return "", err
		}
	}
	return readRequest(conn)
}

func (p *Proxy) checkPassword(conn net.Conn) error {
	if err := readVersion(conn, 1); err != nil {
		return err
	}
	user, err := readList(conn)
	if err != nil {
		return err
	}
	password, err := readList(conn)
	switch {
	case err != nil:
		return err
	case string(user) != p.cfg.User || string(password) != p.cfg.Password:
		conn.Write([]byte{1, 1})
		return errLeft
	}
	_, err = conn.Write([]byte{1, 0})
	return err
}

// readVersion reads the version that a message begins with; no other is served.
func readVersion(conn net.Conn, want byte) error {
	var version [1]byte
	if _, err := io.ReadFull(conn, version[:]); err != nil {
		return err
	}
	if version[0] != want {
		return errLeft
	}
	return nil
}

// readList reads a byte, and as many as it says.
func readList(conn net.Conn) ([]byte, error) {
	var size [1]byte
	if _, err := io.ReadFull(conn, size[:]); err != nil {
		return nil, err
	}
	list := make([]byte, size[0])
	_, err := io.ReadFull(conn, list)
	return list, err
}

// readRequest reads the address that is to be connected to.
func readRequest(conn net.Conn) (addr string, err error) {
	if err := readVersion(conn, 5); err != nil {
		return "", err
	}
	var head [3]byte // command, nothing, form of the address
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return "", err
	}
	var host []byte
	switch head[2] {
	case 3:
		host, err = readList(conn)
	case 1, 4:
		host = make([]byte, map[byte]int{1: net.IPv4len, 4: net.IPv6len}[head[2]])
		_, err = io.ReadFull(conn, host)
		host = []byte(net.IP(host).String())
	default:
		return "", errLeft
	}
	port := make([]byte, 2)
	if err == nil {
		_, err = io.ReadFull(conn, port)
	}
	const connect = 1
	if err == nil && head[0] != connect {
		answer(conn, NotSupported)
		err = errLeft
	}
	return net.JoinHostPort(string(host), strconv.Itoa(int(port[0])<<8|int(port[1]))), err
}

// connect dials and carries bytes until either side ends.
func (p *Proxy) connect(conn net.Conn, addr string) {
	p.mu.Lock()
	p.asked = append(p.asked, addr)
	p.mu.Unlock()
	reply := p.cfg.Reply
	if p.cfg.Resolve != nil {
		addr = p.cfg.Resolve(addr)
	}
	var upstream net.Conn
	if reply == Connected {
		var err error
		if upstream, err = new(net.Dialer).DialContext(p.ctx, "tcp", addr); err != nil {
			reply = Refused
		} else {
			defer upstream.Close()
			defer context.AfterFunc(p.ctx, func() { upstream.Close() })()
		}
	}
	answer(conn, reply)
	if reply != Connected {
		return
	}
	conn.SetDeadline(time.Time{})
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(conn, upstream)
		conn.Close()
	})
	io.Copy(upstream, conn)
	upstream.Close()
	back.Wait()
}

// answer says what becomes of a request: bound to 0.0.0.0:0.
func answer(conn net.Conn, reply byte) { conn.Write([]byte{5, reply, 0, 1, 0, 0, 0, 0, 0, 0}) }
