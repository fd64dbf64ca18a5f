// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

// Helpers: commands of scripts about logins.

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/pattern"
	"github.com/tshmcp/tshmcp/internal/testcluster"
	"github.com/tshmcp/tshmcp/internal/testcluster/httpproxy"
	"github.com/tshmcp/tshmcp/internal/testcluster/socks"
)

// Commands of scripts about logins that are not single sign-on:
//
//	answers FILE LINE... write what a person types; in a line, totp:SECRET
//	                     stands for the code of now, totp+1:SECRET for the next
//	login-with FILE USER [ARG...]
//	                     tshmcp login with FILE as stdin; USER confirms in a
//	                     scripted browser where a link is shown, deny declines,
//	                     nobody looks away. Its output is in login.out.
//	cluster-deny TEXT    let the cluster refuse all logins so
//	cluster-lock USER TEXT
//	                     lock the user, as an administrator does
//	cluster-blur         let the cluster refuse to begin a browser login, and tell nothing
//	cluster-unlimited    let everybody log in as often as he likes
//	cluster-limit        let the cluster answer 429 from now on
//	tunnel [socks] [USER:PASS]
//	                     start an HTTP proxy, or a SOCKS5 one, for HTTPS_PROXY, behind which every
//	                     name is the cluster; sets $TUNNEL, its URL,
//	                     $TUNNEL_ADDR, its address, and $PORT, the cluster's;
//	                     port:N leads there at that port alone
//	tunnel-asked N ADDR  it was asked for ADDR N times or more since the last
//	                     time, and for nothing else; 0 is never
var totpMark = pattern.New(`totp([+-]\d)?:([A-Z2-7=]+)`)

func cmdAnswers(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: answers FILE LINE...")
	}
	var text strings.Builder
	for _, line := range args[1:] {
		fmt.Fprintln(&text, totpMark.Regexp().ReplaceAllStringFunc(line, func(mark string) string {
			parts := totpMark.FindStringSubmatch(mark)
			steps, _ := strconv.Atoi(parts[1])
			return totp(parts[2], steps)
		}))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text.String()), 0o600))
}

// totp is the code of now, and of steps of 30 s from now (RFC 6238).
func totp(secret string, steps int) string {
	key, err := base32.StdEncoding.DecodeString(secret)
	if err != nil {
		panic(err)
	}
	mac := hmac.New(sha1.New, key)
	binary.Write(mac, binary.BigEndian, uint64(time.Now().Unix()/30+int64(steps)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&15:])&0x7fffffff%1e6)
}

// shownLink is a link that stands in a line of its own.
var shownLink = pattern.New(`^  (https?://\S+)$`)

func cmdLoginWith(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: login-with FILE USER [ARG...]")
	}
	ctx, cancel := context.WithTimeout(context.Background(), scriptTime)
	defer cancel()
	login := append([]string{"login", "--proxy=" + ts.Getenv("PROXY"), "--ca-file=" + ts.Getenv("CA"), "--store=file", "--browser=none", "--force"}, args[2:]...)
	cmd := scriptCommand(ts, login...)
	cmd.Stdin = strings.NewReader(ts.ReadFile(args[0]))
	stderr, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	defer context.AfterFunc(ctx, func() { cmd.Process.Kill() })()
	roots := rootPool([]byte(ts.ReadFile(ts.Getenv("CA"))))
	journey := make(chan error, 1)
	visits := 0
	var out bytes.Buffer
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		fmt.Fprintln(&out, lines.Text())
		if link := shownLink.FindStringSubmatch(lines.Text()); link != nil && args[1] != "nobody" {
			visits++
			user := map[bool]string{true: "", false: args[1]}[args[1] == "deny"]
			go func() { journey <- testcluster.SignIn(ctx, link[1], user, roots) }()
		}
	}
	err = cmd.Wait()
	for range visits {
		err = errors.Join(err, <-journey)
	}
	ts.Check(os.WriteFile(ts.MkAbs("login.out"), out.Bytes(), 0o600))
	ts.Logf("%s", out.String())
	if neg != (err != nil) {
		ts.Fatalf("login-with: %v", err)
	}
}

func (s *syncMap[K, V]) Load(k K) (V, bool) {
	v, ok := s.m.Load(k)
	if !ok {
		var zero V
		return zero, false
	}
	return v.(V), true
}

func theCluster(ts *testscript.TestScript) *testcluster.Cluster {
	cluster, ok := running.Load(clusterKey{ts})
	if !ok {
		ts.Fatalf("no cluster runs")
	}
	return cluster
}

func cmdClusterDeny(ts *testscript.TestScript, _ bool, args []string) {
	theCluster(ts).DenyLogin(strings.Join(args, " "))
}

func cmdClusterLock(ts *testscript.TestScript, _ bool, args []string) {
	theCluster(ts).LockUser(args[0], args[1:]...)
}

func cmdClusterBlur(ts *testscript.TestScript, _ bool, _ []string) { theCluster(ts).BlurLogins(true) }

func cmdClusterLimit(ts *testscript.TestScript, _ bool, _ []string) { theCluster(ts).LimitRate(true) }

func cmdClusterUnlimited(ts *testscript.TestScript, _ bool, _ []string) {
	theCluster(ts).UnlimitLogins()
}

// tunnels are those of the scripts that run now.
var tunnels syncMap[clusterKey, *scriptTunnel]

type scriptTunnel struct {
	tunnelProxy
	seen int // requests that tunnel-asked has looked at
}

// tunnelProxy is an HTTP proxy or a SOCKS5 one.
type tunnelProxy interface {
	URL() string
	Asked() []string
	Close() error
}

func cmdTunnel(ts *testscript.TestScript, _ bool, args []string) {
	cluster := theCluster(ts).Addr()
	cfg := httpproxy.Config{Resolve: func(string) string { return cluster }}
	overSOCKS := len(args) > 0 && args[0] == "socks"
	if overSOCKS {
		args = args[1:]
	}
	if len(args) == 1 {
		cfg.User, cfg.Password, _ = strings.Cut(args[0], ":")
	}
	if cfg.User == "port" {
		port := ":" + cfg.Password
		cfg.User, cfg.Resolve = "", func(addr string) string {
			if strings.HasSuffix(addr, port) {
				return cluster
			}
			return "127.0.0.1:1"
		}
	}
	tunnel := &scriptTunnel{}
	var err error
	if overSOCKS {
		tunnel.tunnelProxy, err = socks.Start(socks.Config{Resolve: cfg.Resolve, User: cfg.User, Password: cfg.Password})
	} else {
		tunnel.tunnelProxy, err = httpproxy.Start(cfg)
	}
	ts.Check(err)
	tunnels.Store(clusterKey{ts}, tunnel)
	ts.Defer(func() { tunnels.LoadAndDelete(clusterKey{ts}); tunnel.Close() })
	ts.Setenv("TUNNEL", tunnel.URL())
	ts.Setenv("TUNNEL_ADDR", tunnel.URL()[strings.LastIndexAny(tunnel.URL(), "/@")+1:])
	_, port, err := net.SplitHostPort(cluster)
	ts.Check(err)
	ts.Setenv("PORT", port)
}

func cmdTunnelAsked(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: tunnel-asked N ADDR")
	}
	least, err := strconv.Atoi(args[0])
	ts.Check(err)
	tunnel, ok := tunnels.Load(clusterKey{ts})
	if !ok {
		ts.Fatalf("no tunnel runs")
	}
	asked := tunnel.Asked()[tunnel.seen:]
	tunnel.seen += len(asked)
	if len(asked) < least || least == 0 && len(asked) > 0 {
		ts.Fatalf("the tunnel was asked for %v, want %s %s times", asked, args[1], args[0])
	}
	for _, addr := range asked {
		if addr != args[1] {
			ts.Fatalf("the tunnel was asked for %v, want %s", asked, args[1])
		}
	}
}
