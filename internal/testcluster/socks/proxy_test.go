// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package socks

import (
	"bytes"
	"io"
	"net"
	"testing"
)

// TestWire is what goes over the wire, byte by byte: greeting, password, request
// and reply, and then the connection.
func TestWire(t *testing.T) {
	upstream, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer upstream.Close()
	go func() {
		for {
			conn, err := upstream.Accept()
			if err != nil {
				return
			}
			conn.Write([]byte("hello"))
			conn.Close()
		}
	}()
	here := func(string) string { return upstream.Addr().String() }
	request := append([]byte{5, 1, 0, 3, 6}, "a.test\x01\xbb"...)
	connected, end := []byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0}, []byte{}
	for name, tt := range map[string]struct {
		cfg   Config
		turns [][]byte // what the client says, and what it hears
		asked string
	}{
		"open":     {Config{Resolve: here}, [][]byte{{5, 1, 0}, {5, 0}, request, connected, nil, []byte("hello")}, "a.test:443"},
		"IPv4":     {Config{Resolve: here}, [][]byte{{5, 1, 0}, {5, 0}, {5, 1, 0, 1, 192, 0, 2, 1, 0, 80}, connected}, "192.0.2.1:80"},
		"refused":  {Config{Reply: NotAllowed}, [][]byte{{5, 1, 0}, {5, 0}, request, {5, 2, 0, 1, 0, 0, 0, 0, 0, 0}, nil, end}, "a.test:443"},
		"nobody":   {Config{Resolve: func(string) string { return "127.0.0.1:1" }}, [][]byte{{5, 1, 0}, {5, 0}, request, {5, 5, 0, 1, 0, 0, 0, 0, 0, 0}}, "a.test:443"},
		"password": {Config{Resolve: here, User: "me", Password: "pw"}, [][]byte{{5, 2, 0, 2}, {5, 2}, []byte("\x01\x02me\x02pw"), {1, 0}, request, connected}, "a.test:443"},
		"wrong":    {Config{User: "me", Password: "pw"}, [][]byte{{5, 1, 2}, {5, 2}, []byte("\x01\x02me\x02px"), {1, 1}, nil, end}, ""},
		"nameless": {Config{User: "me"}, [][]byte{{5, 1, 0}, {5, 0xff}, nil, end}, ""},
		"SOCKS4":   {Config{Resolve: here}, [][]byte{{4, 1, 0, 80, 192, 0, 2, 1, 0}, end}, ""},
		"BIND":     {Config{Resolve: here}, [][]byte{{5, 1, 0}, {5, 0}, {5, 2, 0, 1, 192, 0, 2, 1, 0, 80}, {5, 7, 0, 1, 0, 0, 0, 0, 0, 0}, nil, end}, ""},
	} {
		p, err := Start(tt.cfg)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := net.Dial("tcp", p.Addr())
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(tt.turns); i += 2 {
			conn.Write(tt.turns[i])
			want := tt.turns[i+1]
			got := make([]byte, len(want))
			if _, err := io.ReadFull(conn, got); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s, turn %d: %v, %v, want %v", name, i/2, got, err, want)
			}
			if len(want) == 0 {
				if n, err := conn.Read(make([]byte, 1)); n > 0 || err == nil {
					t.Errorf("%s: the connection goes on", name)
				}
			}
		}
		conn.Close()
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if asked := p.Asked(); len(asked) > 1 || len(asked) == 1 && asked[0] != tt.asked || len(asked) == 0 && tt.asked != "" {
			t.Errorf("%s: asked for %v, want %s", name, asked, tt.asked)
		}
	}
}
