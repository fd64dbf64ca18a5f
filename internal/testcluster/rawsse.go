// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package testcluster

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var (
	errNoEndpoint = errors.New("the event stream does not begin with an endpoint")
	errNoData     = errors.New("event without data")
	errNoColon    = errors.New("line of an event stream without a colon")
)

// sseServer is the server of an SSE app: an event stream from it, whose first
// event says where messages for it are posted (protocol.md 13.5). No header of
// the client passes.
type sseServer struct {
	ctx      context.Context
	cancel   context.CancelFunc
	client   *http.Client
	identify func(*http.Request) error // sets the headers of each request; nil: there are none
	events   *rawEvents
	body     io.Closer
	post     string
}

// connectSSE opens the event stream of an app and waits for its first event. limit
// is how long response headers may take, old the reader of 18.3.
func connectSSE(ctx context.Context, app App, roots *x509.CertPool, limit time.Duration, old bool, identify func(*http.Request) error) (_ *sseServer, err error) {
	s := &sseServer{identify: identify, client: &http.Client{Transport: &http.Transport{
		ResponseHeaderTimeout: limit, TLSClientConfig: &tls.Config{RootCAs: roots},
	}}}
	s.ctx, s.cancel = context.WithCancel(ctx)
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	base, err := url.Parse(strings.TrimPrefix(app.URI, sseScheme))
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, base.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/event-stream")
	resp, err := s.do(req)
	if err != nil {
		return nil, err
	}
	s.body, s.events = resp.Body, &rawEvents{lines: bufio.NewReader(resp.Body), old: old}
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s for an event stream", resp.Status)
	}
	endpoint, err := s.events.endpoint()
	if err != nil {
		return nil, err
	}
	target, err := base.Parse(endpoint)
	if err != nil {
		return nil, err
	}
	s.post = target.String()
	return s, nil
}

// send posts a message, and waits until the server has taken it.
func (s *sseServer) send(message []byte) error {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, s.post, bytes.NewReader(message))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := s.do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusAccepted {
		return fmt.Errorf("%s for a message", resp.Status)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

func (s *sseServer) do(req *http.Request) (*http.Response, error) {
	if s.identify != nil {
		if err := s.identify(req); err != nil {
			return nil, err
		}
	}
	return s.client.Do(req)
}

func (s *sseServer) next() ([]byte, error) { return s.events.next() }

func (s *sseServer) kill() { s.cancel() }

func (s *sseServer) pid() int { return 0 }

func (s *sseServer) close() {
	s.cancel()
	if s.body != nil {
		s.body.Close()
	}
	s.client.CloseIdleConnections()
}

// rawEvents reads the messages out of an event stream. What it does not take ends
// the connection, and what is no message is read as an empty one.
type rawEvents struct {
	lines *bufio.Reader
	old   bool
}

// endpoint returns the data of the first event.
func (r *rawEvents) endpoint() (string, error) {
	name, data, err := r.event()
	if err == nil && (name != "endpoint" || len(data) == 0) {
		err = errNoEndpoint
	}
	return string(data), err
}

// next returns the data of the next event; nil is that of one that is no message.
// The old reader takes only those that say that they are.
func (r *rawEvents) next() ([]byte, error) {
	name, data, err := r.event()
	if err != nil || name == "message" || name == "" && !r.old {
		return data, err
	}
	return nil, nil
}

// event reads an event. One of comments alone is passed over, but not by the old
// reader; one without data is an end, but not for the old reader.
func (r *rawEvents) event() (name string, data []byte, err error) {
	limit := maxMCPBody
	if r.old {
		limit = maxOldLine
	}
	var values [][]byte
	for fields := 0; ; {
		line, err := streamLine(r.lines, limit)
		switch {
		case err != nil:
			return "", nil, err
		case len(line) > 0 && !bytes.Contains(line, []byte(":")):
			return "", nil, errNoColon
		case len(line) == 0 && r.old && name == "" && values == nil:
			return "", nil, errUnnamedEvent
		case len(line) == 0 && fields == 0:
			continue
		case len(line) == 0 && values == nil && !r.old:
			return "", nil, errNoData
		case len(line) == 0:
			return name, bytes.Join(values, []byte("\n")), nil
		}
		field, value := fieldOf(line)
		if field != "" {
			fields++
		}
		switch field {
		case "event":
			name = string(value)
		case "data":
			values = append(values, value)
		}
	}
}
