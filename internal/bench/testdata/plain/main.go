// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

//go:build ignore

// Command plain is the least that a bridge can be: it POSTs each line of stdin to
// an app, with the app's certificate, and writes the answer to stdout. It checks
// nothing, recovers from nothing and stores nothing.
package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"os"
	"sync"
)

func main() {
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		log.Fatal(err)
	}
}

// run relays to url with the certificate and key in the file pair to a proxy
// whose CA is in the file ca.
func run(url, pair, ca string) error {
	cert, err := tls.LoadX509KeyPair(pair, pair)
	if err != nil {
		return err
	}
	pem, err := os.ReadFile(ca)
	if err != nil {
		return err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem)
	transport := &http.Transport{
		TLSClientConfig:     &tls.Config{Certificates: []tls.Certificate{cert}, RootCAs: roots},
		MaxIdleConnsPerHost: 64,
	}
	r := &relay{client: &http.Client{Transport: transport}, url: url}
	return r.run(os.Stdin)
}

type relay struct {
	client  *http.Client
	url     string
	session string // set before there is a second request
	out     sync.Mutex
}

// run sends the first two lines, the handshake, one after the other, and the rest at once.
func (r *relay) run(in io.Reader) error {
	lines := bufio.NewReader(in)
	for n := 0; ; n++ {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if n > 1 {
			go r.mustRelay(line)
		} else {
			r.mustRelay(line)
		}
	}
}

func (r *relay) mustRelay(line []byte) {
	if err := r.relay(line); err != nil {
		log.Fatal(err)
	}
}

func (r *relay) relay(line []byte) error {
	req, err := http.NewRequest(http.MethodPost, r.url, bytes.NewReader(line))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	if r.session != "" {
		req.Header.Set("Mcp-Session-Id", r.session)
	}
	res, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if r.session == "" {
		r.session = res.Header.Get("Mcp-Session-Id")
	}
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if _, data, ok := bytes.Cut(answer, []byte("data: ")); ok {
		answer, _, _ = bytes.Cut(data, []byte("\n"))
	}
	if len(answer) == 0 {
		return nil
	}
	r.out.Lock()
	defer r.out.Unlock()
	_, err = os.Stdout.Write(append(answer, '\n'))
	return err
}
