// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// realPing is the answer of a real cluster, 18.0.0 (protocol.md 1).
const realPing = `{"auth":{"type":"local","second_factor":"on","preferred_local_mfa":"webauthn","allow_passwordless":true,
  "allow_headless":true,"local":{"name":""},"webauthn":{"rp_id":"localhost"},"private_key_policy":"none",
  "piv_slot":"","piv_pin_cache_ttl":0,"device_trust":{"disabled":true},"has_motd":false,
  "default_session_ttl":"12h0m0s","signature_algorithm_suite":"balanced-v1"},
 "proxy":{"kube":{"enabled":true,"listen_addr":"127.0.0.1:13080"},
  "ssh":{"listen_addr":"127.0.0.1:13080","tunnel_listen_addr":"127.0.0.1:13080","web_listen_addr":"127.0.0.1:13080",
         "public_addr":"localhost:13080","dial_timeout":30000000000},
  "db":{"postgres_listen_addr":"127.0.0.1:13080","mysql_listen_addr":"127.0.0.1:13080"},"tls_routing_enabled":true},
 "server_version":"18.0.0","min_client_version":"17.0.0-aa",
 "auto_update":{"tools_version":"18.0.0","tools_auto_update":false,"agent_version":"18.0.0","agent_auto_update":false,
  "agent_update_jitter_seconds":60},
 "cluster_name":"rig-cluster","automatic_upgrades":false,"edition":"oss","fips":false}`

// webServer answers as a proxy's web address; it would take a client
// certificate, and tells of one.
func webServer(t *testing.T, handler http.HandlerFunc) *Proxy {
	t.Helper()
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.TLS.PeerCertificates) > 0 {
			t.Error("a client certificate was sent to the web API")
		}
		if r.TLS.NegotiatedProtocol != protoHTTP1 {
			t.Errorf("negotiated %q; want %q", r.TLS.NegotiatedProtocol, protoHTTP1)
		}
		handler(w, r)
	}))
	srv.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, NextProtos: []string{"h2", protoHTTP1}}
	srv.Config.ErrorLog = discardLog
	srv.StartTLS()
	t.Cleanup(srv.Close)
	roots := x509.NewCertPool()
	roots.AddCert(srv.Certificate())
	return &Proxy{Addr: srv.Listener.Addr().String(), RootCAs: roots}
}

func TestDiscovery(t *testing.T) {
	for path, ask := range map[string]func(*Proxy, context.Context) (*Ping, error){
		"/webapi/find":           (*Proxy).Find,
		"/webapi/ping":           func(p *Proxy, ctx context.Context) (*Ping, error) { return p.Ping(ctx, "") },
		"/webapi/ping/my%2Fc%3F": func(p *Proxy, ctx context.Context) (*Ping, error) { return p.Ping(ctx, "my/c?") },
	} {
		t.Run(path, func(t *testing.T) {
			p := webServer(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Method != http.MethodGet || r.RequestURI != path {
					t.Errorf("request %s %s", r.Method, r.RequestURI)
				}
				io.WriteString(w, realPing)
			})
			got := must(ask(p, testContext(t)))(t)
			want := Ping{
				ClusterName: "rig-cluster", ServerVersion: "18.0.0", MinClientVersion: "17.0.0-aa", Edition: "oss",
				Auth: AuthSettings{
					Type: "local", SecondFactor: "on", PreferredLocalMFA: "webauthn", PrivateKeyPolicy: "none", SignatureAlgorithmSuite: "balanced-v1",
					DefaultSessionTTL: Duration(12 * time.Hour), AllowHeadless: true, DeviceTrust: DeviceTrustSettings{Disabled: true},
				},
				Proxy: ProxySettings{TLSRouting: new(true), SSH: SSHSettings{PublicAddr: "localhost:13080"}},
			}
			if !reflect.DeepEqual(*got, want) {
				t.Errorf("got  %+v\nwant %+v", *got, want)
			}
		})
	}
}

func TestPost(t *testing.T) {
	type ticket struct {
		ConnectorID string        `json:"connector_id"`
		TTL         time.Duration `json:"cert_ttl"`
	}
	p := webServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost || r.URL.Path != "/webapi/github/login/console" {
			t.Errorf("request %s %s", r.Method, r.URL)
		}
		if ct := r.Header.Get("Content-Type"); ct != "application/json" {
			t.Errorf("content type %q", ct)
		}
		body, _ := io.ReadAll(r.Body)
		if want := `{"connector_id":"gh","cert_ttl":43200000000000}`; string(body) != want {
			t.Errorf("body %s; want %s", body, want)
		}
		io.WriteString(w, `{"redirect_url":"https://idp.example.com/","post_form":""}`)
	})
	var answer struct {
		RedirectURL string `json:"redirect_url"`
	}
	in := ticket{ConnectorID: "gh", TTL: 12 * time.Hour}
	if err := p.Post(testContext(t), "/webapi/github/login/console", in, &answer); err != nil {
		t.Fatal(err)
	}
	if answer.RedirectURL != "https://idp.example.com/" {
		t.Errorf("answer %+v", answer)
	}
	if err := p.Post(testContext(t), "/webapi/github/login/console", in, nil); err != nil {
		t.Errorf("without a place for the answer: %v", err)
	}
	if err := p.Post(testContext(t), "/x", func() {}, nil); err == nil {
		t.Error("a func was sent as JSON")
	}
}

func TestAPIError(t *testing.T) {
	shape := func(message string) string {
		return fmt.Sprintf("{\n    \"error\": {\n        \"message\": %s\n    }\n}", must(json.Marshal(message))(t))
	}
	for _, tc := range []struct {
		name, body, message, text string
		status                    int
	}{
		{"the server's message", shape("invalid connector name: nosuch; valid options: "),
			"invalid connector name: nosuch; valid options:", "/webapi/ping: invalid connector name: nosuch; valid options: (HTTP 400)", 400},
		{"control characters", shape("line\n\tone\x1b[31m\u202e\x00two"), "line one two", "", 403},
		{"a long message", shape(strings.Repeat("x", 5000)), strings.Repeat("x", maxMessage-1) + "…", "", 403},
		{"no message", "", "", "/webapi/ping: Not Implemented (HTTP 501)", 501},
		{"a page", "<html>secret</html>", "", "/webapi/ping: Bad Gateway (HTTP 502)", 502},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := webServer(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(tc.status)
				io.WriteString(w, tc.body)
			})
			_, err := p.Ping(testContext(t), "")
			var e *APIError
			if !errors.As(err, &e) {
				t.Fatalf("error %v; want an *APIError", err)
			}
			if e.Status != tc.status || e.Path != "/webapi/ping" || e.Message != tc.message {
				t.Errorf("got %+v", e)
			}
			if tc.text != "" && e.Error() != tc.text {
				t.Errorf("text %q; want %q", e, tc.text)
			}
		})
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	p := webServer(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/webapi/x" {
			t.Errorf("followed to %s", r.URL)
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	err := p.Post(testContext(t), "/webapi/x", map[string]string{"password": "hunter2"}, nil)
	var e *APIError
	if !errors.As(err, &e) || e.Status != http.StatusTemporaryRedirect {
		t.Errorf("error %v; want an *APIError with status 307", err)
	}
}

func TestAnswerOfSomethingElse(t *testing.T) {
	for name, body := range map[string]string{
		"a page":             "<html>welcome</html>",
		"another JSON":       `{"status":"ok"}`,
		"another type":       `[1]`,
		"nothing":            ``,
		"of the wrong types": `{"server_version":7}`,
	} {
		t.Run(name, func(t *testing.T) {
			p := webServer(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) })
			if _, err := p.Find(testContext(t)); !errors.Is(err, ErrNotTeleport) {
				t.Errorf("error %v; want ErrNotTeleport", err)
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		p := webServer(t, func(w http.ResponseWriter, _ *http.Request) {
			for {
				if _, err := w.Write(make([]byte, 1<<16)); err != nil {
					return
				}
			}
		})
		if _, err := p.Find(testContext(t)); err == nil || !strings.Contains(err.Error(), "longer than") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("broken off", func(t *testing.T) {
		p := webServer(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, "{")
		})
		if _, err := p.Find(testContext(t)); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error %v; want an unexpected EOF", err)
		}
	})
}

func TestWebAddressUnreachable(t *testing.T) {
	ok := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, realPing) }
	t.Run("unknown CA", func(t *testing.T) {
		p := webServer(t, ok)
		p = &Proxy{Addr: p.Addr, RootCAs: x509.NewCertPool()}
		_, err := p.Find(testContext(t))
		var unknown x509.UnknownAuthorityError
		if !errors.As(err, &unknown) {
			t.Errorf("error %v; want x509.UnknownAuthorityError", err)
		}
	})
	t.Run("unknown to the system", func(t *testing.T) {
		p := webServer(t, ok)
		p = &Proxy{Addr: p.Addr}
		_, err := p.Find(testContext(t))
		var unverified *tls.CertificateVerificationError
		if !errors.As(err, &unverified) {
			t.Errorf("error %v; want *tls.CertificateVerificationError", err)
		}
	})
	t.Run("insecure", func(t *testing.T) {
		p := webServer(t, ok)
		p = &Proxy{Addr: p.Addr, Insecure: true}
		if _, err := p.Find(testContext(t)); err != nil {
			t.Error(err)
		}
	})
	t.Run("refused", func(t *testing.T) {
		l := listen(t)
		l.Close()
		_, err := (&Proxy{Addr: l.Addr().String()}).Find(testContext(t))
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "dial" {
			t.Errorf("error %v; want a *net.OpError of a dial", err)
		}
		if strings.Contains(err.Error(), "https://") {
			t.Errorf("the error holds the URL: %v", err)
		}
	})
	t.Run("no port", func(t *testing.T) {
		var addr *net.AddrError
		if _, err := (&Proxy{Addr: "localhost"}).Find(testContext(t)); !errors.As(err, &addr) {
			t.Errorf("error %v; want a *net.AddrError", err)
		}
	})
	t.Run("silent", func(t *testing.T) {
		l := listen(t)
		ctx, cancel := context.WithCancel(testContext(t))
		go func() {
			if c, err := l.Accept(); err == nil {
				cancel() // amid the handshake
				io.Copy(io.Discard, c)
				c.Close()
			}
		}()
		if _, err := (&Proxy{Addr: l.Addr().String()}).Find(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v; want context.Canceled", err)
		}
	})
	t.Run("dialler", func(t *testing.T) {
		p := webServer(t, ok)
		addr := p.Addr
		p = &Proxy{Addr: "proxy.example.com:443", Insecure: true, Dial: func(ctx context.Context, network, asked string) (net.Conn, error) {
			if network != "tcp" || asked != "proxy.example.com:443" {
				t.Errorf("dialled %s %s", network, asked)
			}
			return new(net.Dialer).DialContext(ctx, network, addr)
		}}
		if _, err := p.Find(testContext(t)); err != nil {
			t.Error(err)
		}
	})
}

// closeTeller tells of its end.
type closeTeller struct {
	net.Conn
	closed chan<- struct{}
}

func (c *closeTeller) Close() error {
	c.closed <- struct{}{}
	return c.Conn.Close()
}

func TestNoConnectionIsLeft(t *testing.T) {
	p := webServer(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, realPing) })
	closed := make(chan struct{}, 10)
	p = &Proxy{Addr: p.Addr, RootCAs: p.RootCAs, Dial: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &closeTeller{Conn: c, closed: closed}, err
	}}
	ctx := testContext(t)
	if _, err := p.Find(ctx); err != nil {
		t.Fatal(err)
	}
	select {
	case <-closed:
	case <-ctx.Done():
		t.Error("the connection was left open")
	}
}

// TestSilenceOnTheWay: name servers that do not answer, and addresses of which none does,
// are said to be that, and not the proxy, which nobody has reached.
func TestSilenceOnTheWay(t *testing.T) {
	const addr = "t.example.test:443"
	late := &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: os.NewSyscallError("connect", syscall.ETIMEDOUT)}
	dns := func(host string) error {
		return &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "i/o timeout", Name: host, Server: "10.0.0.53:53", IsTimeout: true}}
	}
	by := func(scheme string) func(context.Context, string, string) (net.Conn, error) {
		return (&Egress{
			Find:   func(*url.URL) (*url.URL, error) { return &url.URL{Scheme: scheme, Host: "proxy.test:3128"}, nil },
			Direct: func(context.Context, string, string) (net.Conn, error) { return nil, dns("proxy.test") },
		}).Dial
	}
	fails := func(err error) func(context.Context, string, string) (net.Conn, error) {
		return func(context.Context, string, string) (net.Conn, error) { return nil, err }
	}
	for name, test := range map[string]struct {
		dial       func(context.Context, string, string) (net.Conn, error)
		says, hint string
		code       errcode.Code
	}{
		"name servers":      {fails(dns("t.example.test")), "cannot reach " + addr + ": the name servers did not answer", unresolvedHint, errcode.DNSFailed},
		"several addresses": {fails(&AddressesError{Addr: addr, Errs: []error{late, late}}), "cannot reach " + addr + ": none of its 2 addresses answers: 192.0.2.1:443: ", lateHint, errcode.ProxyTimeout},
		"of an HTTP proxy":  {by("http"), "the network's proxy proxy.test:3128: dial tcp: lookup proxy.test: the name servers did not answer", "HTTPS_PROXY names it", errcode.NetworkProxyUnreachable},
		"of a SOCKS5 proxy": {by("socks5h"), "the network's proxy proxy.test:3128: dial tcp: lookup proxy.test: the name servers did not answer", "HTTPS_PROXY names it", errcode.NetworkProxyUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&Proxy{Addr: addr, Dial: test.dial}).Find(t.Context())
			own := errcode.Explain(err)
			if err == nil || own == nil {
				t.Fatalf("%v, without a hint", err)
			}
			if text := errcode.Words(err); !strings.Contains(text, test.says) || strings.Contains(text, "within") {
				t.Errorf("%q, want %q", text, test.says)
			}
			if hints := strings.Join(own.Hints(), "\n"); !strings.Contains(hints, test.hint) || errcode.Of(err) != test.code {
				t.Errorf("%v: %q, %s", err, hints, errcode.Of(err))
			}
		})
	}
}
