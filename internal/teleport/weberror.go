// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package teleport

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/tshmcp/tshmcp/internal/errcode"
)

// redirectError is a redirect of the web API. Teleport answers with none: the address
// is another one's, or something before it wants to see the user first.
type redirectError struct {
	*APIError
	addr string // that was asked
	to   string // without a query; may be empty
}

func (e *redirectError) Error() string {
	if e.to == "" {
		return e.APIError.Error()
	}
	return fmt.Sprintf("%s: a redirect to %s, which is not followed (HTTP %d)", e.Path, e.to, e.Status)
}
func (e *redirectError) Unwrap() error           { return e.APIError }
func (e *redirectError) ExitCode() int           { return exitError }
func (e *redirectError) ErrorCode() errcode.Code { return errcode.ProxyError }
func (e *redirectError) Hints() []string {
	return []string{"open https://" + e.addr + " in a browser: if a page of your network comes first, sign in there; if Teleport is at another address, give that as --proxy"}
}

// refusal is the error of an answer other than 2xx of the web API at addr.
func refusal(addr string, resp *http.Response, path string, answer []byte) error {
	err := &APIError{Status: resp.StatusCode, Path: path, Message: apiMessage(answer)}
	if err.Status/100 != 3 {
		return err
	}
	redirect := &redirectError{APIError: err, addr: addr}
	if to, err := resp.Location(); err == nil {
		to.User, to.RawQuery, to.Fragment = nil, "", ""
		redirect.to = oneLine(to.String())
	}
	return redirect
}

// stranger is an error of the first question to an address: a client's mistake that
// is not told in the shape of the web API's errors is told by something else. The
// proxy's limiter has no such shape (429), nor what stands before it when it is
// down (5xx).
func stranger(err error) error {
	var refused *APIError
	if !errors.As(err, &refused) || refused.Message != "" || refused.Status/100 != 4 || refused.Status == http.StatusTooManyRequests {
		return err
	}
	return fmt.Errorf("%w: %w", ErrNotTeleport, err)
}

// notTeleport is the error of an answer that is no JSON, or another one.
func notTeleport(err error) error {
	var (
		other  *json.UnmarshalTypeError
		syntax *json.SyntaxError
	)
	switch {
	case errors.As(err, &other) && other.Field != "":
		return fmt.Errorf("%w: its %s is a JSON %s", ErrNotTeleport, oneLine(other.Field), other.Value)
	case errors.As(err, &other):
		return fmt.Errorf("%w: it is a JSON %s", ErrNotTeleport, other.Value)
	case errors.As(err, &syntax) && syntax.Offset == 0:
		return fmt.Errorf("%w: it is empty", ErrNotTeleport)
	case errors.As(err, &syntax):
		return fmt.Errorf("%w: it is not JSON", ErrNotTeleport)
	}
	return fmt.Errorf("%w: %w", ErrNotTeleport, err)
}
