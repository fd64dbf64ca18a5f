// Copyright 2026 The tshmcp Authors
// SPDX-License-Identifier: Apache-2.0

package settings

import "testing"

func TestMissingHTTP2(t *testing.T) {
	const on = ",http2client=1,http2server=1"
	for said, want := range map[string]string{
		"":                         "",
		"netdns=go":                "",
		"http2client=0":            "http2client=0" + on,
		"netdns=go,http2server=0":  "netdns=go,http2server=0" + on,
		"http2client=0,gctrace=1,": "http2client=0,gctrace=1," + on,
	} {
		name, value := testEnv("linux", "/home", map[string]string{"GODEBUG": said}).MissingHTTP2()
		if value != want || (name == "GODEBUG") != (want != "") {
			t.Errorf("%q: %q is to be %q", said, name, value)
		}
	}
}
