// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"net"
	"strconv"

	"github.com/tshmcp/tshmcp/internal/login"
	"github.com/tshmcp/tshmcp/internal/usage"
)

// parseCallback brings the URL at which the browser's answer arrives into its form,
// and finds what is wrong with it and with the address that is listened at.
func parseCallback(listen, callback string) (string, error) {
	if listen != "" {
		_, port, err := net.SplitHostPort(listen)
		if n, bad := strconv.ParseUint(port, 10, 16); err != nil || bad != nil || n == 0 && callback != "" {
			return "", usage.Errorf("--bind-addr takes an address with a port, such as 0.0.0.0:8080, not %q", listen)
		}
	}
	if callback == "" {
		return "", nil
	}
	if listen == "" {
		return "", usage.Errorf("--callback needs --bind-addr: the address at which the callback arrives")
	}
	parsed, err := login.ParseCallback(callback)
	if err != nil {
		return "", &usage.Error{Err: err}
	}
	return parsed, nil
}
