// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package access

import (
	"errors"
	"net"
	"strings"
	"testing"

	"github.com/tshmcp/tshmcp/internal/teleport"
)

// TestEgressVariables is which of the variables holds, for which addresses, and
// that one that cannot be read is named where it would be used, and only there.
func TestEgressVariables(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	const far, broken = "teleport.example.test:443", "http://me:hunter#2@proxy:3128"
	good := "http://" + closed // found, and refuses: which proves that it was asked
	type vars map[string]string
	for name, test := range map[string]struct {
		vars   vars
		addr   string
		wanted string // the setting in the error; empty: no proxy took part
		bad    bool
	}{
		"HTTPS_PROXY":             {vars{"HTTPS_PROXY": good}, far, "HTTPS_PROXY", false},
		"small letters":           {vars{"https_proxy": good}, far, "https_proxy", false},
		"small letters first":     {vars{"https_proxy": good, "HTTPS_PROXY": broken}, far, "https_proxy", false},
		"the same twice":          {vars{"https_proxy": good, "HTTPS_PROXY": good}, far, "HTTPS_PROXY", false},
		"ALL_PROXY":               {vars{"ALL_PROXY": good}, far, "ALL_PROXY", false},
		"all_proxy":               {vars{"all_proxy": good}, far, "all_proxy", false},
		"HTTPS_PROXY before ALL":  {vars{"ALL_PROXY": good, "HTTPS_PROXY": broken}, far, "HTTPS_PROXY", true},
		"broken":                  {vars{"HTTPS_PROXY": broken}, far, "HTTPS_PROXY", true},
		"broken, small":           {vars{"https_proxy": broken}, far, "https_proxy", true},
		"broken ALL_PROXY":        {vars{"all_proxy": broken}, far, "all_proxy", true},
		"broken, but excepted":    {vars{"HTTPS_PROXY": broken, "NO_PROXY": ".test"}, far, "", false},
		"broken, but this host":   {vars{"HTTPS_PROXY": broken}, closed, "", false},
		"excepted, small letters": {vars{"HTTPS_PROXY": good, "no_proxy": "example.test"}, far, "", false},
		"excepted among blanks":   {vars{"HTTPS_PROXY": good, "NO_PROXY": "a.test example.test\tb.test"}, far, "", false},
		"everything excepted":     {vars{"HTTPS_PROXY": broken, "NO_PROXY": "*"}, far, "", false},
		"HTTP_PROXY is not meant": {vars{"HTTP_PROXY": broken}, far, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			dial := Dialer(func(name string) string { return test.vars[name] })
			if dial == nil {
				if test.wanted != "" {
					t.Fatal("no proxy is used")
				}
				return
			}
			_, err := dial(t.Context(), "tcp", test.addr)
			var (
				egress *teleport.EgressError
				bad    *teleport.EgressSettingError
				named  string
			)
			if errors.As(err, &egress) {
				named = egress.Setting
			} else if errors.As(err, &bad) {
				named = bad.Setting
			}
			if err == nil || named != test.wanted || (bad != nil) != test.bad || strings.Contains(err.Error(), "hunter") {
				t.Errorf("%v: error %v names %q, want %q", test.vars, err, named, test.wanted)
			}
		})
	}
}
