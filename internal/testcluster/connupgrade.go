// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"crypto/sha1"
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Subprotocols of a connection upgrade (protocol.md 6.4).
const (
	upgradeALPN     = "alpn"
	upgradeALPNPing = "alpn-ping"
	websocketGUID   = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" // RFC 6455, 1.3
	pingPayload     = "teleport"
)

// upgrades are the connection upgrades: connections to the proxy inside of HTTP
// ones, and what clients have asked for of them.
type upgrades struct {
	proxy *alpnRouter

	mu     sync.Mutex
	protos []string
	pongs  int
}

// Upgrades returns the subprotocols of the connection upgrades so far, in order.
func (u *upgrades) Upgrades() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.Clone(u.protos)
}

// Pongs returns the number of pings inside upgraded connections that clients
// have answered, each with the payload of the ping.
func (u *upgrades) Pongs() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.pongs
}

// newHostTLS is the TLS of the proxy inside upgraded connections: that of the
// web port, with a certificate of the host CA.
func newHostTLS(ca *authority, cfg Config, web *tls.Config) (*tls.Config, error) {
	names := append([]string{"localhost"}, cfg.WebNames...)
	cert, err := ca.issueServer(
		pkix.Name{CommonName: newUUID() + "." + cfg.Name, Organization: []string{"Proxy"}},
		names, net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	if err != nil {
		return nil, err
	}
	host := web.Clone()
	host.Certificates = []tls.Certificate{cert}
	return host, nil
}

// serveUpgrade answers GET /webapi/connectionupgrade: what follows is a
// connection to the proxy inside the frames of a websocket.
func (u *upgrades) serveUpgrade(w http.ResponseWriter, r *http.Request) {
	key, proto := r.Header.Get("Sec-WebSocket-Key"), r.Header.Get("Sec-WebSocket-Protocol")
	switch {
	case u.proxy.cfg.NoUpgrade || u.proxy.cfg.TLSRouting == TLSRoutingOff:
		writeError(w, http.StatusNotFound, "path not found")
		return
	case isUpgrade(r, upgradeALPN):
		u.upgradeLegacy(w, upgradeALPN)
		return
	case !isUpgrade(r, "websocket"):
		writeError(w, http.StatusNotFound, fmt.Sprintf("unsupported upgrade types: %v", r.Header.Values("Upgrade")))
		return
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		w.Header().Set("Sec-WebSocket-Version", "13")
		writeError(w, http.StatusUpgradeRequired, "not a websocket of version 13")
		return
	case !isHandshake(r):
		writeError(w, http.StatusBadRequest, "not a websocket handshake")
		return
	}
	u.mu.Lock()
	u.protos = append(u.protos, proto)
	u.mu.Unlock()
	raw, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		writeError(w, http.StatusInternalServerError, "this connection cannot be taken over")
		return
	}
	sum := sha1.Sum([]byte(key + websocketGUID))
	known := proto == upgradeALPN || proto == upgradeALPNPing
	answer := "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Accept: " + base64.StdEncoding.EncodeToString(sum[:]) + "\r\n"
	if known {
		answer += "Sec-WebSocket-Protocol: " + proto + "\r\n"
	}
	if _, err := fmt.Fprint(raw, answer+"\r\n"); err != nil || !known {
		raw.Close()
		return
	}
	conn := &upgradedConn{Conn: raw, in: rw.Reader, done: make(chan struct{}), onPong: u.countPong}
	u.proxy.wg.Go(func() { u.proxy.serveConn(conn) })
	u.pingUpgraded(conn, proto)
}

// isHandshake reports whether a request is one for a websocket (RFC 6455, 4.2.1).
func isHandshake(r *http.Request) bool {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	if err != nil || len(key) != 16 {
		return false
	}
	for _, list := range r.Header.Values("Connection") {
		for word := range strings.SplitSeq(list, ",") {
			if strings.EqualFold(strings.TrimSpace(word), "upgrade") {
				return true
			}
		}
	}
	return false
}

// pingUpgraded keeps a connection busy until it ends.
func (u *upgrades) pingUpgraded(conn *upgradedConn, proto string) {
	var ticks <-chan time.Time
	if proto == upgradeALPNPing {
		ticker := time.NewTicker(u.proxy.cfg.UpgradePing)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ticks:
			conn.writeFrame(wsPing, []byte(pingPayload))
		case <-conn.done:
			return
		case <-u.proxy.ctx.Done():
			conn.Close()
			return
		}
	}
}

func (u *upgrades) countPong(payload []byte) {
	if string(payload) != pingPayload {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pongs++
}
