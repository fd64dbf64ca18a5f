// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/tshmcp/tshmcp/internal/errcode"
	"github.com/tshmcp/tshmcp/internal/plain"
)

const (
	webTimeout   = 30 * time.Second
	maxWebAnswer = 1 << 20 // bytes
	maxMessage   = 1000    // characters of a server's message that are kept
)

// ErrNotTeleport tells that the web address answered, but not as a Teleport
// proxy does.
var ErrNotTeleport = errcode.Hinted(errcode.NotTeleport,
	"the answer is not that of a Teleport proxy",
	"this is not the web address of a Teleport proxy: check --proxy")

// Find asks GET /webapi/find, which is not rate limited: the cluster's name and
// versions. Of Auth only SignatureAlgorithmSuite is set (protocol.md 1).
func (p *Proxy) Find(ctx context.Context) (*Ping, error) {
	return p.discover(ctx, "/webapi/find")
}

// Ping asks GET /webapi/ping, or /webapi/ping/CONNECTOR if connector is not
// empty: all settings, with the default or the named connector in Auth
// (protocol.md 1). An unknown connector is an *APIError with status 400.
func (p *Proxy) Ping(ctx context.Context, connector string) (*Ping, error) {
	path := "/webapi/ping"
	if connector != "" {
		path += "/" + url.PathEscape(connector)
	}
	return p.discover(ctx, path)
}

// MOTD asks GET /webapi/motd for the message of the day (protocol.md 1),
// which clusters have where [AuthSettings.HasMOTD] says so. Its lines are kept;
// characters that do not print are not.
func (p *Proxy) MOTD(ctx context.Context) (string, error) {
	var motd struct{ Text string }
	if err := p.call(ctx, http.MethodGet, "/webapi/motd", nil, &motd); err != nil {
		return "", err
	}
	return printable(motd.Text), nil
}

func (p *Proxy) discover(ctx context.Context, path string) (*Ping, error) {
	var ping Ping
	if err := p.call(ctx, http.MethodGet, path, nil, &ping); err != nil {
		return nil, stranger(err)
	}
	if ping.ServerVersion == "" {
		return nil, fmt.Errorf("GET %s: %w", path, ErrNotTeleport)
	}
	return &ping, nil
}

// Post sends in as JSON to path (for example "/webapi/github/login/console")
// and decodes the answer into out, which may be nil. An answer other than 2xx,
// a redirect included, is an *APIError; one over 1 MiB is an error. No client
// certificate is sent (protocol.md 12.13).
func (p *Proxy) Post(ctx context.Context, path string, in, out any) error {
	return p.PostWait(ctx, webTimeout, path, in, out)
}

// PostWait is Post to a path that answers when a person has acted (a long poll):
// it takes up to limit.
func (p *Proxy) PostWait(ctx context.Context, limit time.Duration, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("POST %s: %w", path, err)
	}
	return p.callWithin(ctx, limit, http.MethodPost, path, body, out)
}

func (p *Proxy) call(ctx context.Context, method, path string, body []byte, out any) error {
	return p.callWithin(ctx, webTimeout, method, path, body, out)
}

// callWithin makes one request on a connection of its own, which is closed with
// it: a command makes two or three, and none is left behind.
func (p *Proxy) callWithin(ctx context.Context, limit time.Duration, method, path string, body []byte, out any) (err error) {
	began, status := time.Now(), 0
	defer func() { p.tell("web api", began, err, "method", method, "path", path, "status", status) }()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "https://"+p.Addr+path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, withoutURL(err))
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", p.UserAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	sent := p.Clock.time()
	resp, err := p.webClient(ctx).Do(req)
	if err != nil {
		return p.unreached(method, path, silence(withoutURL(err), began, p.Addr, "did not answer", busyHint))
	}
	defer resp.Body.Close()
	status = resp.StatusCode
	p.Clock.see(resp.Header, sent)
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxWebAnswer+1))
	switch {
	case err != nil:
		if !errcode.IsLate(err) {
			err = fmt.Errorf("read answer: %w", err)
		}
		err = errcode.Silence(err, began, "the answer of "+p.Addr, "did not come to its end", busyHint)
		return fmt.Errorf("%s %s: %w", method, path, reaching(err))
	case len(answer) > maxWebAnswer:
		return errcode.Errorf(errcode.ProxyAnswer, "%s %s: the answer is longer than %d bytes", method, path, maxWebAnswer)
	case resp.StatusCode/100 != 2:
		return refusal(p.Addr, resp, path, answer)
	case out == nil:
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, notTeleport(err))
	}
	return nil
}

// unreached is the error of a request that got no answer. What was asked does not matter
// where there was no connection.
func (p *Proxy) unreached(method, path string, err error) error {
	var (
		egress *EgressError
		reach  *ReachError
	)
	switch {
	case errors.As(err, &egress):
	case undialled(err) != "":
		return &ReachError{Addr: p.Addr, Err: err}
	case errors.As(err, &reach) && isSilent(err):
		return err
	}
	return fmt.Errorf("%s %s: %w", method, path, reaching(err))
}

// webClient dials under the context of its one request: http.Transport itself
// would leave a dial running when the caller gives up.
func (p *Proxy) webClient(ctx context.Context) *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			DialTLSContext: func(context.Context, string, string) (net.Conn, error) {
				return p.dialTLS(ctx, p.webTLS())
			},
			DisableKeepAlives: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// withoutURL drops the URL that net/http puts before an error's text.
func withoutURL(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

// APIError is an answer of the web API other than 2xx.
type APIError struct {
	Status  int    // HTTP status
	Path    string // of the request, without a query
	Message string // the server's own, on one line; may be empty
}

func (e *APIError) Error() string {
	text := e.Message
	if text == "" {
		text = http.StatusText(e.Status)
	}
	return fmt.Sprintf("%s: %s (HTTP %d)", e.Path, text, e.Status)
}
func (e *APIError) ErrorCode() errcode.Code { return errcode.ProxyError }

// apiMessage takes the message out of {"error":{"message":"..."}}, the shape
// of every error of the web API.
func apiMessage(body []byte) string {
	var shape struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	if json.Unmarshal(body, &shape) != nil {
		return ""
	}
	return oneLine(shape.Error.Message)
}

// oneLine makes a server's text fit to be shown.
func oneLine(s string) string { return plain.Cut(plain.Words(s), maxMessage) }
