// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tshmcp/tshmcp/internal/testcluster"
)

// What other programs of Teleport keep in files, made from real certificates of
// the test cluster.

// sshLines stand for what is in an identity file for SSH: a certificate, and a
// CA.
var sshLines = [2]string{
	"ecdsa-sha2-nistp256-cert-v01@openssh.com AAAAKGVjZHNh\n",
	"@cert-authority 127.0.0.1,demo-cluster ssh-rsa AAAAB3Nz type=host\n",
}

// identityFile is the text of an identity file of a user.
func identityFile(cluster *testcluster.Cluster, user string, ttl time.Duration) ([]byte, error) {
	key, cert, ca, err := cluster.Issue(user, ttl)
	if err != nil {
		return nil, err
	}
	return bytes.Join([][]byte{key, []byte(sshLines[0]), cert, []byte(sshLines[1]), ca}, nil), nil
}

// tshHome makes a home directory as tsh of version 16 or 17 lays it out.
func tshHome(cluster *testcluster.Cluster, version, dir, user string, ttl time.Duration, lines []string) error {
	key, cert, ca, err := cluster.Issue(user, ttl)
	if err != nil {
		return err
	}
	host, _, err := net.SplitHostPort(cluster.Addr())
	if err != nil {
		return err
	}
	profile := fmt.Sprintf("web_proxy_addr: %s\nuser: %s\ncluster: %s\ntls_routing_enabled: true\nprivate_key_policy: none\n",
		cluster.Addr(), user, cluster.Name())
	for _, line := range lines {
		profile += line + "\n"
	}
	files := map[string][]byte{
		"current-profile":                        []byte(host),
		host + ".yaml":                           []byte(profile),
		"known_hosts":                            []byte(sshLines[1]),
		filepath.Join("keys", host, "certs.pem"): ca,
		filepath.Join("keys", host, "cas", cluster.Name()+".pem"): ca,
	}
	put := func(suffix string, data []byte) { files[filepath.Join("keys", host, user+suffix)] = data }
	switch version {
	case "17":
		put("", []byte("an SSH key"))
		put(".key", key)
		put(".crt", cert)
	case "16":
		put("", key)
		put("-x509.pem", cert)
	default:
		return fmt.Errorf("there is no layout of version %s", version)
	}
	return writeFiles(dir, files)
}

// tbotOutput writes the files of an application output. Its certificate may
// have expired.
func tbotOutput(cluster *testcluster.Cluster, dir, user, app string, ttl time.Duration) error {
	key, cert, ca, err := cluster.IssueApp(user, app, ttl)
	if err != nil {
		return err
	}
	return writeFiles(dir, map[string][]byte{"tlscert": cert, "key": key, "teleport-host-ca.crt": ca})
}

func writeFiles(dir string, files map[string][]byte) error {
	for name, data := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// runningCluster is the script's last cluster.
func runningCluster(ts *testscript.TestScript) *testcluster.Cluster {
	cluster, ok := running.m.Load(clusterKey{ts})
	if !ok {
		ts.Fatalf("no cluster runs")
	}
	return cluster.(*testcluster.Cluster)
}

func duration(ts *testscript.TestScript, s string) time.Duration {
	d, err := time.ParseDuration(s)
	ts.Check(err)
	return d
}

func cmdIdentity(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: identity FILE USER TTL")
	}
	text, err := identityFile(runningCluster(ts), args[1], duration(ts, args[2]))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), text, 0o600))
}

func cmdTSHHome(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 {
		ts.Fatalf("usage: tsh-home 16|17 DIR USER TTL [LINE...]")
	}
	ts.Check(tshHome(runningCluster(ts), args[0], ts.MkAbs(args[1]), args[2], duration(ts, args[3]), args[4:]))
}

func cmdTbotOutput(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 4 {
		ts.Fatalf("usage: tbot-output DIR USER APP TTL")
	}
	ts.Check(tbotOutput(runningCluster(ts), ts.MkAbs(args[0]), args[1], args[2], duration(ts, args[3])))
}

func cmdSessions(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: sessions NUMBER")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if sessions := runningCluster(ts).Sessions(); len(sessions) != want {
		ts.Fatalf("the cluster has %d app sessions, want %d: %+v", len(sessions), want, sessions)
	}
}
