// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package loginflow

import (
	"errors"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/usage"
)

func TestParseCallback(t *testing.T) {
	for _, tt := range []struct{ listen, callback, want string }{
		{"", "", ""},
		{"0.0.0.0:8080", "", ""},
		{"127.0.0.1:0", "", ""},
		{"0.0.0.0:8080", "http://127.0.0.1:9090", ""},
		{"0.0.0.0", "", "--bind-addr takes an address with a port"},
		{"0.0.0.0:http", "", "--bind-addr takes an address with a port"},
		{"0.0.0.0:99999", "", "--bind-addr takes an address with a port"},
		{"0.0.0.0:0", "http://127.0.0.1:9090", "--bind-addr takes an address with a port"},
		{"", "http://127.0.0.1:9090", "--callback needs --bind-addr"},
		{"0.0.0.0:8080", "ftp://127.0.0.1", "callback address: want host:port"},
	} {
		_, err := parseCallback(tt.listen, tt.callback)
		var wrong *usage.Error
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%q %q: %v", tt.listen, tt.callback, err)
		case tt.want != "" && (!errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), tt.want)):
			t.Errorf("%q %q: %v, want %s", tt.listen, tt.callback, err, tt.want)
		}
	}
}
