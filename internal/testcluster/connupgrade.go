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

// upgrades is what clients have asked for.
type upgrades struct {
	mu     sync.Mutex
	protos []string
	pongs  int
}

// Upgrades returns the subprotocols of the connection upgrades so far, in order.
func (c *Cluster) Upgrades() []string {
	c.upgrades.mu.Lock()
	defer c.upgrades.mu.Unlock()
	return slices.Clone(c.upgrades.protos)
}

// Pongs returns the number of pings inside upgraded connections that clients
// have answered, each with the payload of the ping.
func (c *Cluster) Pongs() int {
	c.upgrades.mu.Lock()
	defer c.upgrades.mu.Unlock()
	return c.upgrades.pongs
}

// newHostTLS is the TLS of the proxy inside upgraded connections: that of the
// web port, with a certificate of the host CA.
func (c *Cluster) newHostTLS(ca *authority) (*tls.Config, error) {
	names := append([]string{"localhost"}, c.cfg.WebNames...)
	cert, err := ca.issueServer(
		pkix.Name{CommonName: newUUID() + "." + c.cfg.Name, Organization: []string{"Proxy"}},
		names, net.IPv4(127, 0, 0, 1), net.IPv6loopback)
	if err != nil {
		return nil, err
	}
	cfg := c.webTLS.Clone()
	cfg.Certificates = []tls.Certificate{cert}
	return cfg, nil
}

// serveUpgrade answers GET /webapi/connectionupgrade: what follows is a
// connection to the proxy inside the frames of a websocket.
func (c *Cluster) serveUpgrade(w http.ResponseWriter, r *http.Request) {
	key, proto := r.Header.Get("Sec-WebSocket-Key"), r.Header.Get("Sec-WebSocket-Protocol")
	switch {
	case c.cfg.NoUpgrade || c.cfg.TLSRouting == TLSRoutingOff:
		writeError(w, http.StatusNotFound, "path not found")
		return
	case isUpgrade(r, upgradeALPN):
		c.upgradeLegacy(w, upgradeALPN)
		return
	case !isUpgrade(r, "websocket"):
		writeError(w, http.StatusNotFound, fmt.Sprintf("unsupported upgrade types: %v", r.Header.Values("Upgrade")))
		return
	case key == "":
		writeError(w, http.StatusBadRequest, "not a websocket handshake")
		return
	}
	c.upgrades.mu.Lock()
	c.upgrades.protos = append(c.upgrades.protos, proto)
	c.upgrades.mu.Unlock()
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
	conn := &upgradedConn{Conn: raw, in: rw.Reader, done: make(chan struct{}), onPong: c.countPong}
	c.wg.Go(func() { c.serveConn(conn) })
	c.pingUpgraded(conn, proto)
}

// pingUpgraded keeps a connection busy until it ends.
func (c *Cluster) pingUpgraded(conn *upgradedConn, proto string) {
	var ticks <-chan time.Time
	if proto == upgradeALPNPing {
		ticker := time.NewTicker(c.cfg.UpgradePing)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ticks:
			conn.writeFrame(wsPing, []byte(pingPayload))
		case <-conn.done:
			return
		case <-c.ctx.Done():
			conn.Close()
			return
		}
	}
}

func (c *Cluster) countPong(payload []byte) {
	if string(payload) != pingPayload {
		return
	}
	c.upgrades.mu.Lock()
	defer c.upgrades.mu.Unlock()
	c.upgrades.pongs++
}
